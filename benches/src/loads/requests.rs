//! Repeats a request on several connections at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;

use crate::clients::connection::Connection;
use crate::error::Error;
use crate::figures::times::Times;

/// POSTs forms to a path for `time`, on `connections` connections. Each sends the next form after
/// the response. `form` creates a form from its number.
///
/// # Errors
///
/// Returns an error if the server can't be reached, or a status is not 201.
pub async fn post(
    url: &str,
    path: &str,
    form: fn(usize) -> String,
    connections: usize,
    time: Duration,
) -> Result<Times, Error> {
    let (path, number) = (path.to_owned(), Arc::new(AtomicUsize::new(0)));
    exchange(url, connections, time, move |mut connection| {
        let (path, number) = (path.clone(), number.clone());
        async move {
            let form = form(number.fetch_add(1, Ordering::Relaxed));
            connection.post(&path, form).await?;
            Ok(connection)
        }
    })
    .await
}

/// GETs a path for `time`, on `connections` connections. Each sends the next request after the
/// response.
///
/// # Errors
///
/// Returns an error if the server can't be reached, or a status is not 200.
pub async fn get(
    url: &str,
    path: &str,
    connections: usize,
    time: Duration,
) -> Result<Times, Error> {
    let path = path.to_owned();
    exchange(url, connections, time, move |mut connection| {
        let path = path.clone();
        async move {
            connection.get(&path).await?;
            Ok(connection)
        }
    })
    .await
}

async fn exchange<F>(
    url: &str,
    connections: usize,
    time: Duration,
    request: impl Fn(Connection) -> F + Clone + Send + 'static,
) -> Result<Times, Error>
where
    F: Future<Output = Result<Connection, Error>> + Send,
{
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(url).await?);
    }
    let begin = Instant::now();
    let tasks = open.into_iter().map(|mut connection| {
        let request = request.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            while begin.elapsed() < time {
                let sent = Instant::now();
                connection = request(connection).await?;
                times.push(sent.elapsed());
            }
            Ok::<_, Error>(times)
        })
    });
    let mut times = Vec::new();
    for own in try_join_all(tasks).await? {
        times.extend(own?);
    }
    let elapsed = begin.elapsed();
    Ok(Times::new(times, elapsed))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::get;
    use crate::servers::summary;

    #[tokio::test]
    async fn each_connection_sends_requests() {
        let url = summary::serve().unwrap();
        let times = get(&url, "/", 3, Duration::ZERO).await.unwrap();
        assert_eq!(times.count(), 0);
        let times = get(&url, "/", 3, Duration::from_millis(20)).await.unwrap();
        assert!(times.count() >= 3);
    }
}
