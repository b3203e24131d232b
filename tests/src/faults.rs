//! Tables of faults. Checks the results of a GET, a DELETE and a POST, what the server receives,
//! and that each call ends in time.

use std::time::{Duration, Instant};

use twilio_verify::{Channel, Client, ClientBuilder, Error, ErrorKind, RetryPolicy};

use crate::client::builder;
use crate::privacy::{NUMBER, TOKEN, assert_private, describe};
use crate::reply::Reply;
use crate::scripted::Scripted;
use crate::tls::trusting_none;

/// The time limit of a call, even on the slowest machine.
pub const BOUND: Duration = Duration::from_secs(10);

/// A body that is valid for each operation.
pub const BODY: &str = r#"{"total_attempts":11}"#;

/// How often a request is sent at most.
pub const ATTEMPTS: usize = 3;

/// How often a request is sent at most, if a timeout may happen by chance.
const MANY: usize = 20;

/// The methods of the API, each with one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads the summary of the attempts for a number.
    Get,
    /// Deletes a service.
    Delete,
    /// Starts a verification of a number.
    Post,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 3] = [Self::Get, Self::Delete, Self::Post];

    /// Calls the operation.
    ///
    /// # Errors
    ///
    /// Returns the error of the operation.
    ///
    pub async fn call(self, client: &Client) -> Result<(), Error> {
        let sid = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        match self {
            Self::Get => {
                let summary = client.attempts().summary().destination_prefix(NUMBER);
                summary.send().await.map(drop)
            }
            Self::Delete => client.services().delete(sid).await,
            Self::Post => {
                let verifications = client.service(sid).verifications();
                let start = verifications.start(NUMBER, Channel::Sms);
                start.send().await.map(drop)
            }
        }
    }

    /// Returns the status of a good response.
    pub fn success(self) -> u16 {
        match self {
            Self::Get => 200,
            Self::Delete => 204,
            Self::Post => 201,
        }
    }

    /// Returns a good response.
    pub fn response(self) -> Reply {
        Reply::with(self.success(), &[], self.body())
    }

    /// Returns the body of a good response.
    pub fn body(self) -> &'static str {
        if self == Self::Delete { "" } else { BODY }
    }
}

/// The methods whose requests are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// No method.
    Never,
    /// GET and DELETE, which can be done twice without harm.
    Repeatable,
    /// All methods, as the request was not processed.
    Always,
}

impl Again {
    fn of(self, method: Method) -> bool {
        match self {
            Self::Never => false,
            Self::Repeatable => method != Method::Post,
            Self::Always => true,
        }
    }
}

/// A fault, and its expected result.
#[derive(Clone, Debug)]
pub struct Fault {
    name: &'static str,
    reply: Reply,
    kind: ErrorKind,
    status: Option<u16>,
    again: Again,
    timeout: Option<Duration>,
    https: bool,
    ignored_by_delete: bool,
    saying: &'static str,
}

impl Fault {
    fn new(name: &'static str, reply: Reply, kind: ErrorKind, again: Again) -> Self {
        Self {
            name,
            reply,
            kind,
            status: None,
            again,
            timeout: None,
            https: false,
            ignored_by_delete: false,
            saying: "",
        }
    }

    /// Creates a fault that keeps the request from being sent.
    pub fn not_sent(name: &'static str, reply: Reply) -> Self {
        Self::new(name, reply, ErrorKind::NotSent, Again::Always)
    }

    /// Creates a fault after which no response comes. The request may have been sent.
    pub fn no_answer(name: &'static str, reply: Reply) -> Self {
        Self::new(name, reply, ErrorKind::NoAnswer, Again::Repeatable)
    }

    /// Creates a fault whose response is an error.
    pub fn refused(name: &'static str, reply: Reply, status: u16, again: Again) -> Self {
        let fault = Self::new(name, reply, ErrorKind::Refused, again);
        let status = Some(status);
        Self { status, ..fault }
    }

    /// Creates a fault whose response has status 200 and can't be read.
    pub fn unreadable(name: &'static str, reply: Reply) -> Self {
        let fault = Self::new(name, reply, ErrorKind::Unreadable, Again::Never);
        let status = Some(200);
        Self { status, ..fault }
    }

    /// Creates a fault whose response has status 200 and a body that is not what the document says.
    /// The response to a DELETE is not read.
    pub fn not_json(name: &'static str, reply: Reply) -> Self {
        Self::unreadable(name, reply).ignored_by_delete()
    }

    /// Expects a DELETE to succeed.
    pub fn ignored_by_delete(self) -> Self {
        Self { ignored_by_delete: true, ..self }
    }

    /// Creates a fault whose response has status 200, and is cut short or comes too late.
    pub fn cut(name: &'static str, reply: Reply) -> Self {
        let again = Again::Repeatable;
        Self { again, ..Self::unreadable(name, reply) }
    }

    /// Sets the timeout that ends each attempt.
    pub fn timed_out(self, timeout: Duration) -> Self {
        let timeout = Some(timeout);
        Self { timeout, ..self }
    }

    /// Expects the error's text to contain this.
    pub fn saying(self, saying: &'static str) -> Self {
        Self { saying, ..self }
    }

    /// Makes the client expect TLS from the server.
    pub fn over_https(self) -> Self {
        Self { https: true, ..self }
    }
}

/// Returns a policy that hardly waits.
fn policy() -> RetryPolicy {
    let short = Duration::from_millis(1);
    RetryPolicy::default().max_attempts(ATTEMPTS as u32).min_delay(short).max_delay(short).seed(1)
}

/// Returns a builder of a client that hardly waits.
pub fn hasty(url: &str) -> ClientBuilder {
    builder(url, TOKEN).retry(policy()).attempt_timeout(BOUND * 2).max_response_size(10_000)
}

/// Runs a call. It must end in time, and its error must show nothing private.
///
/// # Panics
///
/// Panics if the call doesn't end in time, or its error shows something private.
pub async fn bounded<T>(
    name: &str,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let began = Instant::now();
    let result = tokio::time::timeout(BOUND, call).await;
    let result = result.unwrap_or_else(|_| panic!("{name}: no end"));
    assert!(began.elapsed() < BOUND, "{name}: {:?}", began.elapsed());
    if let Err(error) = &result {
        assert_private(&describe(error));
    }
    result
}

/// Applies each fault to each method: to every request of the crate's own HTTP client, and to the
/// first request of a user's client, which then gets a good response.
///
/// # Panics
///
/// Panics if a result differs from the table.
pub async fn check(faults: impl IntoIterator<Item = Fault>) {
    let http = trusting_none().build();
    let http = http.unwrap_or_else(|error| panic!("no HTTP client: {error}"));
    let mut trials = Vec::new();
    for fault in faults {
        for method in Method::ALL {
            // Over https a server without TLS never succeeds.
            let kinds: &[bool] = if fault.https { &[true] } else { &[true, false] };
            for &lasting in kinds {
                trials.push(Trial::new(&fault, method, lasting, &http).await);
            }
        }
    }
    // The trials run concurrently, on one thread.
    let running: Vec<_> = trials.into_iter().map(|trial| tokio::spawn(trial.run())).collect();
    let mut failures = Vec::new();
    for trial in running {
        failures.extend(trial.await.err().map(|panic| panic.to_string()));
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// A fault applied to a method.
struct Trial {
    fault: Fault,
    method: Method,
    /// Whether the fault happens each time, and not just once.
    lasting: bool,
    server: Scripted,
    client: Client,
}

impl Trial {
    async fn new(fault: &Fault, method: Method, lasting: bool, http: &reqwest::Client) -> Self {
        let mut replies = vec![fault.reply.clone()];
        if !lasting {
            replies.push(method.response());
        }
        let server =
            Scripted::start(replies).await.unwrap_or_else(|error| panic!("no server: {error}"));
        let url = match fault.https {
            true => server.url().replace("http:", "https:"),
            false => server.url().to_owned(),
        };
        let mut builder = hasty(&url).attempt_timeout(fault.timeout.unwrap_or(BOUND * 2));
        if !lasting {
            builder = builder.http_client(http.clone());
            if fault.timeout.is_some() {
                // The good response may come too late, too.
                builder = builder.retry(policy().max_attempts(MANY as u32));
            }
        }
        let client = builder.build().unwrap_or_else(|error| panic!("{url}: {error}"));
        Self { fault: fault.clone(), method, lasting, server, client }
    }

    async fn run(self) {
        let fault = &self.fault;
        let again = fault.again.of(self.method);
        let name = format!("{} ({:?}, lasting: {})", fault.name, self.method, self.lasting);
        let result = bounded(&name, self.method.call(&self.client)).await;
        self.server.settled().await;
        let connections = self.server.connections();
        let received = self.server.received().len();
        if fault.ignored_by_delete && self.method == Method::Delete {
            assert!(result.is_ok(), "{name}: {result:?}");
            return;
        }
        if !self.lasting && again {
            assert!(result.is_ok(), "{name}: {result:?}");
            match fault.timeout {
                None => assert_eq!(connections, 2, "{name}"),
                Some(_) => assert!((2..=MANY).contains(&connections), "{name}"),
            }
            return;
        }
        let Err(error) = result else {
            panic!("{name}: no error");
        };
        assert_eq!(error.kind(), fault.kind, "{name}: {error:?}");
        assert_eq!(error.status(), fault.status, "{name}: {error:?}");
        assert_eq!(error.is_timeout(), fault.timeout.is_some(), "{name}: {error:?}");
        assert_eq!(error.is_retryable(), again, "{name}: {error:?}");
        assert!(error.to_string().contains(fault.saying), "{name}: {error}");
        let expected = if again { ATTEMPTS } else { 1 };
        assert_eq!(error.attempts() as usize, expected, "{name}: {error:?}");
        assert_eq!(connections, expected, "{name}");
        match (fault.reply.reads() && !fault.https, fault.timeout) {
            (false, _) => assert_eq!(received, 0, "{name}"),
            (true, None) => assert_eq!(received, expected, "{name}"),
            // The timeout may end the request before all of it is sent.
            (true, Some(_)) => assert!(received <= expected, "{name}"),
        }
    }
}
