//! POSTs through connections that break: how many are lost, and whether one is sent twice.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tests::http2::{Action, BrokenHttp2};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use twilio_verify::{Channel, Client, ClientBuilder, Credentials, RetryPolicy, ServiceContext};

use crate::account::{ACCOUNT, TOKEN};
use crate::error::Error;

const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// The settings of the POSTs.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many POSTs are made.
    pub calls: usize,
    /// How many callers make them.
    pub callers: usize,
    /// The seed of the random numbers.
    pub seed: u64,
}

/// The result of the POSTs.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Calls that succeeded.
    pub right: usize,
    /// Calls that failed, by error.
    pub lost: HashMap<String, usize>,
    /// POSTs that the server processed more than once. This must be 0.
    pub twice: usize,
    /// The number of connections.
    pub connections: usize,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "right        {:>7}", self.right)?;
        for (error, count) in &self.lost {
            writeln!(f, "  lost       {count:>7}  {error}")?;
        }
        writeln!(f, "sent twice   {:>7}", self.twice)?;
        write!(f, "connections  {:>7}", self.connections)
    }
}

/// POSTs to an HTTP/2 server that refuses one of 50 requests, sends GOAWAY for one of 70, and goes
/// silent once in 1000.
///
/// # Errors
///
/// Returns an error if the server or the client can't be created.
pub async fn http2(settings: Settings) -> Result<Outcome, Error> {
    let server = BrokenHttp2::start(|number| match number {
        number if number % 1000 == 999 => Action::Silence,
        number if number % 50 == 0 => Action::Refuse,
        number if number % 70 == 0 => Action::GoAway,
        _ => Action::Answer,
    })
    .await?;
    let client = builder(server.url())?
        .root_certificate(server.certificate())
        .attempt_timeout(Duration::from_millis(500))
        .build()?;
    let mut outcome = run(settings, &client.service(SERVICE), |_| Duration::ZERO).await;
    let seen = server.seen();
    outcome.connections = seen.connections;
    outcome.twice = seen.processed.values().filter(|count| **count > 1).count();
    Ok(outcome)
}

/// How long the server keeps an idle connection, in microseconds.
const IDLE: u64 = 100_000;

/// POSTs to an HTTP/1 server that closes connections that are idle for 100 ms. The callers pause for
/// 95 to 105 ms. `idle_timeout` is the client's.
///
/// # Errors
///
/// Returns an error if the server or the client can't be created.
pub async fn idle(settings: Settings, idle_timeout: Option<Duration>) -> Result<Outcome, Error> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let seen = Arc::<Mutex<Seen>>::default();
    let kept = Arc::clone(&seen);
    // On a separate thread, like another machine.
    std::thread::spawn(move || -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            loop {
                let (stream, _) = listener.accept().await?;
                lock(&kept).connections += 1;
                tokio::spawn(serve(stream, Arc::clone(&kept)));
            }
        })
    });
    let mut builder = builder(&url)?;
    if let Some(timeout) = idle_timeout {
        builder = builder.idle_timeout(timeout);
    }
    let client = builder.build()?;
    let pause = |random: &mut fastrand::Rng| {
        Duration::from_micros(random.u64(IDLE * 95 / 100..IDLE * 105 / 100))
    };
    let mut outcome = run(settings, &client.service(SERVICE), pause).await;
    let seen = lock(&seen);
    outcome.connections = seen.connections;
    outcome.twice = seen.processed.values().filter(|count| **count > 1).count();
    Ok(outcome)
}

#[derive(Default)]
struct Seen {
    connections: usize,
    processed: HashMap<String, usize>,
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(stream: TcpStream, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut line = String::new();
        let idle = Duration::from_micros(IDLE);
        let Ok(read) = timeout(idle, stream.read_line(&mut line)).await else {
            return Ok(());
        };
        if read? == 0 {
            return Ok(());
        }
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).await?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        let body = String::from_utf8_lossy(&body).into_owned();
        *lock(&seen).processed.entry(body).or_default() += 1;
        let response = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        stream.write_all(response.as_bytes()).await?;
    }
}

fn builder(url: &str) -> Result<ClientBuilder, Error> {
    let policy = RetryPolicy::default()
        .min_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(5));
    Ok(Client::builder()
        .credentials(Credentials::auth_token(ACCOUNT, TOKEN))
        .base_url(url)
        .retry(policy)
        .no_documented_limits())
}

async fn run(
    settings: Settings,
    service: &ServiceContext,
    pause: impl Fn(&mut fastrand::Rng) -> Duration,
) -> Outcome {
    let callers = (0..settings.callers).map(|caller| {
        let mut random = fastrand::Rng::with_seed(settings.seed + caller as u64);
        let pause = &pause;
        async move {
            let mut outcome = Outcome::default();
            for call in 0..settings.calls / settings.callers {
                sleep(pause(&mut random)).await;
                let to = format!("+57300{caller:03}{call:05}");
                let start = service.verifications().start(to, Channel::Sms);
                match start.send().await {
                    Ok(_) => outcome.right += 1,
                    Err(error) => *outcome.lost.entry(error.to_string()).or_default() += 1,
                }
            }
            outcome
        }
    });
    let mut all = Outcome::default();
    for outcome in futures_util::future::join_all(callers).await {
        all.right += outcome.right;
        for (error, count) in outcome.lost {
            *all.lost.entry(error).or_default() += count;
        }
    }
    all
}
