//! How long a server takes to answer, asked over and over on connections that
//! stay open: hyper's own, which cost next to nothing.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::http::request::Builder;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::summary::Error;

/// The `Authorization` of an emulator that was not given other credentials.
const AUTHORIZATION: &str = "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ==";

/// A connection to a server on loopback.
pub struct Connection {
    host: String,
    send: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects to the server of a URL: `http://`, a host and a port.
    ///
    /// # Errors
    ///
    /// When nobody listens there.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let host = url.strip_prefix("http://").ok_or("no http URL")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            host: host.to_owned(),
            send,
        })
    }

    /// GETs a path, and reads all of the answer.
    ///
    /// # Errors
    ///
    /// When the answer is not of status 200.
    pub async fn get(&mut self, path: &str) -> Result<Bytes, Error> {
        self.send(Request::get(path), Bytes::new(), 200).await
    }

    /// POSTs a form to a path, and reads all of the answer.
    ///
    /// # Errors
    ///
    /// When the answer is not of status 201.
    pub async fn post(&mut self, path: &str, form: String) -> Result<Bytes, Error> {
        let request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, form.into(), 201).await
    }

    async fn send(&mut self, request: Builder, body: Bytes, expected: u16) -> Result<Bytes, Error> {
        self.send.ready().await?;
        let request = request
            .header("host", &self.host)
            .header("authorization", AUTHORIZATION)
            .header("accept", "application/json")
            .body(Full::new(body))?;
        let answer = self.send.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status.as_u16() == expected {
            Ok(body)
        } else {
            Err(format!("status {status}: {}", String::from_utf8_lossy(&body)).into())
        }
    }
}

/// What came of asking.
#[derive(Clone, Debug)]
pub struct Times {
    /// One for each answer, shortest first.
    times: Vec<Duration>,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl Times {
    /// The time within which so many of a thousand answers came.
    #[must_use]
    pub fn per_mille(&self, share: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let index = (self.times.len() * share).div_ceil(1000).saturating_sub(1);
        self.times.get(index.min(last)).copied().unwrap_or_default()
    }

    /// Answers a second.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of answers")]
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.elapsed.as_secs_f64()
    }
}

impl fmt::Display for Times {
    /// The cells of a row of a table: answers a second, median, 99th centile, longest.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |share| self.per_mille(share).as_secs_f64() * 1e3;
        let (median, most, all) = (milliseconds(500), milliseconds(990), milliseconds(1000));
        write!(f, "{:.0} | {median:.2} | {most:.2} | {all:.2}", self.rate())
    }
}

/// POSTs forms to a path on so many connections, each time the next one when the
/// answer is there, for so long. Each form is made of its number.
///
/// # Errors
///
/// When the server can't be reached, or an answer is not of status 201.
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

/// Asks for a path on so many connections, each time again when the answer is
/// there, for so long.
///
/// # Errors
///
/// When the server can't be reached, or an answer is not of status 200.
pub async fn ask(
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
                let asked = Instant::now();
                connection = request(connection).await?;
                times.push(asked.elapsed());
            }
            Ok::<_, Error>(times)
        })
    });
    let mut times = Vec::new();
    for own in try_join_all(tasks).await? {
        times.extend(own?);
    }
    let elapsed = begin.elapsed();
    times.sort_unstable();
    Ok(Times { times, elapsed })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Times, ask};
    use crate::summary;

    #[test]
    fn a_share_of_the_answers_is_cut_off_where_it_ends() {
        let times = Times {
            times: (1..=200).map(Duration::from_millis).collect(),
            elapsed: Duration::from_secs(2),
        };
        for (share, milliseconds) in [(0, 1), (500, 100), (990, 198), (1000, 200)] {
            assert_eq!(times.per_mille(share), Duration::from_millis(milliseconds));
        }
        assert_eq!(times.to_string(), "100 | 100.00 | 198.00 | 200.00");
    }

    #[tokio::test]
    async fn each_connection_asks() {
        let url = summary::serve().unwrap();
        let times = ask(&url, "/", 3, Duration::ZERO).await.unwrap();
        assert!(times.times.is_empty());
        let times = ask(&url, "/", 3, Duration::from_millis(20)).await.unwrap();
        assert!(times.times.len() >= 3);
    }
}
