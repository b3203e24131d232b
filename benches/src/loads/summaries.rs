//! Requests summaries, by the client and by hand.

use std::time::{Duration, Instant};

use chrono::{TimeZone, Utc};
use futures_util::future::try_join_all;
use twilio_verify::{AttemptsSummary, Channel, Client, Country, Credentials};

use crate::account::{ACCOUNT, TOKEN};
use crate::clients::by_hand;
use crate::error::Error;
use crate::filters::Filters;

/// Both ways to call one server, over the same connections.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The client, without a limit of requests.
    pub client: Client,
    /// The same call by hand.
    pub by_hand: by_hand::Client,
    filters: Filters,
}

/// A way to call the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the client.
    Client,
    /// By hand, with reqwest and serde.
    ByHand,
    /// By hand, with the timeout that the client sets for an attempt.
    ByHandInTime,
}

impl Calls {
    /// Creates both ways to call the server at a URL.
    ///
    /// # Errors
    ///
    /// Returns an error if a client can't be built.
    pub fn new(url: &str) -> Result<Self, Error> {
        let http = by_hand::http()?;
        let client = Client::builder()
            .credentials(Credentials::auth_token(ACCOUNT, TOKEN))
            .base_url(url)
            .http_client(http.clone())
            .request_limit("FetchVerificationAttemptsSummary", None)
            .build()?;
        let date = |day| Utc.with_ymd_and_hms(2026, 3, day, 21, 2, 33).single();
        Ok(Self {
            client,
            by_hand: by_hand::Client::new(http, url),
            filters: Filters {
                service: "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?,
                after: date(2).ok_or("no such date")?,
                before: date(9).ok_or("no such date")?,
                country: Country::CO,
                channel: Channel::Sms,
                prefix: "+57305".parse()?,
            },
        })
    }

    /// Makes one call by the client.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    pub async fn client(&self) -> Result<AttemptsSummary, Error> {
        let filters = self.filters.clone();
        let summary = self
            .client
            .attempts()
            .summary()
            .service(filters.service)
            .created_after(filters.after)
            .created_before(filters.before)
            .country(filters.country)
            .channel(filters.channel)
            .destination_prefix(filters.prefix)
            .send()
            .await?;
        Ok(summary)
    }

    /// Makes the same call by hand, with a timeout if one is given.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    pub async fn by_hand(
        &self,
        timeout: Option<Duration>,
    ) -> Result<by_hand::AttemptsSummary, Error> {
        Ok(self.by_hand.summary(&self.filters, timeout).await?)
    }

    /// Makes `calls` calls, one after the other.
    async fn repeat(&self, way: Way, calls: u64) -> Result<(), Error> {
        for _ in 0..calls {
            match way {
                Way::Client => drop(std::hint::black_box(self.client().await?)),
                Way::ByHand => drop(std::hint::black_box(self.by_hand(None).await?)),
                Way::ByHandInTime => {
                    let timeout = Some(Duration::from_secs(15));
                    drop(std::hint::black_box(self.by_hand(timeout).await?));
                }
            }
        }
        Ok(())
    }

    /// Makes `calls` calls, `in_flight` of them at once, and returns the time that they take.
    ///
    /// # Errors
    ///
    /// Returns an error if one of them fails.
    pub async fn run(&self, way: Way, calls: u64, in_flight: u64) -> Result<Duration, Error> {
        let began = Instant::now();
        if in_flight == 1 {
            self.repeat(way, calls).await?;
        } else {
            let callers = (0..in_flight).map(|caller| {
                let share = calls / in_flight + u64::from(caller < calls % in_flight);
                let calls = self.clone();
                tokio::spawn(async move { calls.repeat(way, share).await })
            });
            for ended in try_join_all(callers).await? {
                ended?;
            }
        }
        Ok(began.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Calls, Way};
    use crate::servers::canned;
    use crate::servers::summary::SUMMARY;

    /// The benchmark compares equal requests.
    #[tokio::test]
    async fn both_ways_send_the_same_and_read_the_same() {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        let response = canned::response(SUMMARY.as_bytes());
        let url = canned::start(|_| {
            move |head: &str| {
                let mut parts = head.splitn(2, "\r\n");
                let target = canned::target(parts.next().unwrap());
                let (path, query) = target.split_once('?').unwrap();
                let mut parameters: Vec<_> = query.split('&').map(str::to_owned).collect();
                parameters.sort_unstable();
                // The user agents differ.
                let headers = parts.next().unwrap().lines();
                let headers = headers.filter(|line| !line.starts_with("user-agent:"));
                let mut headers: Vec<_> = headers.map(str::to_owned).collect();
                headers.sort_unstable();
                let request = (path.to_owned(), parameters, headers);
                seen.lock().unwrap().push(request);
                Arc::clone(&response)
            }
        })
        .unwrap();

        let calls = Calls::new(&url).unwrap();
        let summary = calls.client().await.unwrap();
        let by_hand = calls.by_hand(None).await.unwrap();
        assert_eq!(summary.total_attempts, by_hand.total_attempts);
        assert_eq!(summary.total_converted, by_hand.total_converted);
        assert_eq!(summary.total_unconverted, by_hand.total_unconverted);
        assert_eq!(summary.conversion_rate, by_hand.conversion_rate_percentage);
        assert_eq!(summary.url, by_hand.url);
        let heads = heads.lock().unwrap().clone();
        assert_eq!(heads.len(), 2);
        assert_eq!(heads[0], heads[1]);
        assert_eq!(heads[0].1.len(), 6);
    }

    #[tokio::test]
    async fn the_requested_number_of_calls_is_made() {
        let count = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&count);
        let response = canned::response(SUMMARY.as_bytes());
        let url = canned::start(|_| {
            move |_: &str| {
                *counted.lock().unwrap() += 1;
                Arc::clone(&response)
            }
        })
        .unwrap();
        let calls = Calls::new(&url).unwrap();
        for way in [Way::Client, Way::ByHand, Way::ByHandInTime] {
            calls.run(way, 10, 1).await.unwrap();
            calls.run(way, 10, 4).await.unwrap();
        }
        assert_eq!(*count.lock().unwrap(), 60);
    }
}
