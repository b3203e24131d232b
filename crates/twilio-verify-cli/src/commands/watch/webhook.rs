//! Sends findings to a URL.

use std::time::Duration;

use reqwest::{Certificate, ClientBuilder, StatusCode, header, redirect};
use twilio_verify::Redacted;
use url::Url;

use crate::failure::report::Failure;
use crate::settings::environment::variable;
use crate::settings::settings::CA_BUNDLE;

/// The environment variable with the URL.
pub(super) const URL: &str = "TWILIO_VERIFY_WEBHOOK";

/// The timeout of one try.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The pauses before each further try.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(9),
    Duration::from_secs(27),
];

/// The longest pause that a server may ask for.
const LONGEST: Duration = Duration::from_secs(60);

/// A URL that findings are sent to. It is a secret: anyone who knows it can post to it.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    url: Redacted<Url>,
    host: String,
    client: reqwest::Client,
}

/// Returns the builder of a client that trusts the same authorities as the Twilio client.
fn client(url: &Url) -> Result<ClientBuilder, Failure> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("twilio-verify/", env!("CARGO_PKG_VERSION")))
        .timeout(TIMEOUT)
        // A redirect could lead to anyone's server.
        .redirect(redirect::Policy::none());
    if url.scheme() == "http" {
        // Plain HTTP needs no certificates, and those of the system may be missing.
        return Ok(builder.tls_certs_only([]));
    }
    let Some(path) = variable(CA_BUNDLE) else { return Ok(builder) };
    let invalid = |fault: String| {
        Failure::usage(format!("{CA_BUNDLE}: {fault}"), "name a PEM file with certificates")
    };
    let pem =
        std::fs::read(path).map_err(|error| invalid(format!("the file can't be read: {error}")))?;
    let roots = Certificate::from_pem_bundle(&pem)
        .map_err(|_| invalid("it has no certificates in PEM".to_owned()))?;
    Ok(builder.tls_certs_merge(roots))
}

/// Why a try failed.
struct Failed {
    reason: String,
    /// `Some` if another try may succeed, with the pause that the server asked for, if any.
    again: Option<Option<Duration>>,
}

impl Webhook {
    /// Creates a webhook for a URL. Errors name the flag or variable `name`, which set it.
    pub(super) fn new(text: &str, name: &str) -> Result<Self, Failure> {
        let invalid = |fault: &str| {
            Failure::usage(
                format!("{name}: {fault}"),
                "write a URL such as https://hooks.example.net/findings",
            )
        };
        let url = Url::parse(text.trim()).map_err(|_| invalid("it is not a URL"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(invalid("its scheme is neither https nor http"));
        }
        let Some(host) = url.host_str().map(str::to_owned) else {
            return Err(invalid("it has no host"));
        };
        let client = client(&url)?.build().map_err(|error| {
            Failure::other(format!("{name}: can't send requests: {}", error.without_url()))
        })?;
        Ok(Self { url: Redacted::new(url), host, client })
    }

    /// Returns the host, which is not secret.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Sends a finding, and retries after temporary failures.
    ///
    /// # Errors
    ///
    /// Returns the reason, without the URL.
    pub(super) async fn send(&self, body: &[u8]) -> Result<(), String> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let Err(failed) = self.try_once(body).await else { return Ok(()) };
            let pause = failed.again.and_then(|asked| Some((asked, pauses.next()?)));
            let Some((asked, own)) = pause else { return Err(failed.reason) };
            tokio::time::sleep(asked.unwrap_or(own)).await;
        }
    }

    async fn try_once(&self, body: &[u8]) -> Result<(), Failed> {
        let request = self
            .client
            .post(self.url.expose().clone())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_vec());
        let response = request.send().await.map_err(|error| Failed {
            reason: match error.is_timeout() {
                true => format!("no response within {} seconds", TIMEOUT.as_secs()),
                false if error.is_connect() => "it can't be connected to".to_owned(),
                false => "the request failed".to_owned(),
            },
            again: Some(None),
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let is_temporary = status.is_server_error()
            || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
        let asked = response.headers().get(header::RETRY_AFTER);
        let asked = asked.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
        let asked = asked.map(|seconds| Duration::from_secs(seconds).min(LONGEST));
        Err(Failed {
            reason: format!("status {}", status.as_u16()),
            again: is_temporary.then_some(asked),
        })
    }
}
