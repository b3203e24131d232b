//! A server of summaries that sometimes fails. The fault of a request depends only on the seed and
//! on the request's number.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::servers::canned::{self, Heads};

/// A way in which the server fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// 503 in HTML, as a proxy writes it.
    Unavailable,
    /// 429 with `Retry-After: 0` and Twilio's code.
    TooMany,
    /// 500 without a body.
    Empty,
    /// The connection is reset before anything is sent.
    Reset,
    /// The connection ends within the head.
    HalfHead,
    /// The connection ends within the body.
    HalfBody,
    /// Not HTTP.
    NotHttp,
    /// 200, and not JSON.
    NotJson,
    /// 200, JSON, and not a summary.
    NotSummary,
    /// No response until the client gives up.
    Stall,
}

/// All faults, with how many of a thousand each has.
const SHARES: [(Fault, u32); 10] = [
    (Fault::Unavailable, 250),
    (Fault::TooMany, 200),
    (Fault::Empty, 60),
    (Fault::Reset, 180),
    (Fault::HalfHead, 70),
    (Fault::HalfBody, 80),
    (Fault::NotHttp, 50),
    (Fault::NotJson, 50),
    (Fault::NotSummary, 50),
    (Fault::Stall, 10),
];

/// A server that sometimes fails, and its counts.
#[derive(Clone, Debug)]
pub struct Faulty {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    seed: u64,
    /// How many of a thousand requests meet a fault.
    per_mille: u32,
    requests: AtomicU64,
    faults: Mutex<BTreeMap<Fault, u64>>,
}

/// How long a stall lasts, unless the client closes the connection earlier.
const STALL: Duration = Duration::from_secs(30);

impl Faulty {
    /// Starts a server that fails `per_mille` of a thousand requests, and returns it with its URL.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound.
    pub fn start(seed: u64, per_mille: u32) -> io::Result<(Self, String)> {
        let (listener, url) = canned::listen()?;
        let faulty = Self {
            state: Arc::new(State {
                seed,
                per_mille,
                requests: AtomicU64::new(0),
                faults: Mutex::default(),
            }),
        };
        let served = faulty.clone();
        canned::run(listener, move |stream| served.clone().serve(stream))?;
        Ok((faulty, url))
    }

    /// Returns how many requests there were.
    pub fn requests(&self) -> u64 {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// Returns how many requests met each fault.
    pub fn faults(&self) -> BTreeMap<Fault, u64> {
        let faults = self.state.faults.lock();
        faults.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the fault of the next request, if it meets one.
    fn next_fault(&self) -> Option<Fault> {
        let number = self.state.requests.fetch_add(1, Ordering::Relaxed);
        let fault = fault(self.state.seed, self.state.per_mille, number)?;
        let faults = self.state.faults.lock();
        *faults.unwrap_or_else(PoisonError::into_inner).entry(fault).or_default() += 1;
        Some(fault)
    }

    async fn serve(self, mut stream: TcpStream) -> io::Result<()> {
        let mut heads = Heads::new();
        while let Some(head) = heads.next(&mut stream).await? {
            let body = summary(number(head).unwrap_or(0));
            let Some(fault) = self.next_fault() else {
                stream.write_all(&canned::response(body.as_bytes())).await?;
                continue;
            };
            let html = "<html><body>Service Unavailable</body></html>";
            let response = match fault {
                Fault::Unavailable => response("503 Service Unavailable", "", html),
                Fault::TooMany => {
                    let body = r#"{"code":20429,"message":"Too many requests","status":429}"#;
                    response("429 Too Many Requests", "Retry-After: 0\r\n", body)
                }
                Fault::Empty => response("500 Internal Server Error", "", ""),
                Fault::NotJson => response("200 OK", "", html),
                Fault::NotSummary => response("200 OK", "", r#"{"total_attempts":{}}"#),
                Fault::NotHttp => {
                    stream.write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n").await?;
                    return Ok(());
                }
                Fault::HalfHead | Fault::HalfBody => {
                    let whole = canned::response(body.as_bytes());
                    let end = match fault {
                        Fault::HalfHead => 40,
                        _ => whole.len() - body.len() / 2,
                    };
                    stream.write_all(&whole[..end]).await?;
                    return Ok(());
                }
                Fault::Reset => return stream.set_zero_linger(),
                Fault::Stall => {
                    let _ = tokio::time::timeout(STALL, stream.read_u8()).await;
                    return Ok(());
                }
            };
            stream.write_all(response.as_bytes()).await?;
        }
        Ok(())
    }
}

/// Returns the fault that the request with this number meets.
fn fault(seed: u64, per_mille: u32, number: u64) -> Option<Fault> {
    // The first values of this generator are similar for neighbouring seeds.
    let mut random = fastrand::Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    random.u64(..);
    if random.u32(..1000) >= per_mille {
        return None;
    }
    let mut drawn = random.u32(..1000);
    let found = SHARES.into_iter().find(|(_, share)| {
        let within = drawn < *share;
        drawn = drawn.saturating_sub(*share);
        within
    });
    found.map(|(fault, _)| fault)
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}Twilio-Request-Id: RQ0123456789abcdef0123456789abcdef\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Returns the number of a request, which is in the prefix of the destination.
fn number(head: &str) -> Option<u64> {
    let (_, prefix) = canned::target(head).split_once("DestinationPrefix=%2B")?;
    prefix.split('&').next()?.parse().ok()
}

/// Returns how many of the attempts converted.
pub(crate) fn converted(attempts: u64) -> u64 {
    attempts / 3
}

/// Returns a summary whose number of attempts is the number of the request.
fn summary(attempts: u64) -> String {
    let converted = converted(attempts);
    format!(
        r#"{{"total_attempts":{attempts},"total_converted":{converted},"total_unconverted":{},"conversion_rate_percentage":"33.300000000","url":"https://verify.twilio.com/v2/Attempts/Summary"}}"#,
        attempts - converted
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{SHARES, fault};

    #[test]
    fn faults_come_in_their_shares() {
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<u32>(), 1000);
        let mut counts: BTreeMap<_, u32> = BTreeMap::new();
        for number in 0..200_000 {
            if let Some(fault) = fault(7, 50, number) {
                *counts.entry(fault).or_default() += 1;
            }
        }
        let all: u32 = counts.values().sum();
        assert!((9_500..10_500).contains(&all), "{all}");
        for (fault, share) in SHARES {
            let found = counts[&fault];
            let expected = share * 10;
            assert!(found.abs_diff(expected) < expected / 5 + 20, "{fault:?}: {found}");
        }
    }

    #[test]
    fn a_seed_decides() {
        let of = |seed| (0..1000).map(|number| fault(seed, 50, number)).collect::<Vec<_>>();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
