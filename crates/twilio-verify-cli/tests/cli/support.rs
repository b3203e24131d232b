//! What the tests share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use assert_cmd::Command;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde_json::Value;
use tests::contract::Contract;
use tests::scripted::{Reply, Scripted};
use tests::tls::authority;
use tokio::runtime::{Builder, Runtime};
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, Emulator, EmulatorBuilder, ManualClock, ServiceSid,
    VerificationSid, sample,
};

/// The time of the emulators with a fixed clock.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap()
}

/// An emulator, in a runtime of its own.
pub(crate) struct Server {
    pub(crate) emulator: Emulator,
    _runtime: Runtime,
}

impl Server {
    /// With made-up attempts and a fixed clock.
    pub(crate) fn of_sample(n: usize) -> Self {
        Self::start(Emulator::builder().clock(ManualClock::at(now())).attempts(sample(7, now(), n)))
    }

    pub(crate) fn start(builder: EmulatorBuilder) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let emulator = runtime.block_on(builder.start()).unwrap();
        Self { emulator, _runtime: runtime }
    }

    /// The program, with this emulator's address and credentials.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::from_std(with_credentials());
        command
            .env("TWILIO_ACCOUNT_SID", self.emulator.account_sid())
            .env("TWILIO_AUTH_TOKEN", self.emulator.auth_token())
            .args(["--base-url", self.emulator.url()]);
        command
    }
}

/// A server of the tests, in a runtime of its own.
pub(crate) struct Hosted<T> {
    pub(crate) server: T,
    url: String,
    _runtime: Runtime,
}

/// A server that responds to every operation with the document's example.
pub(crate) fn contract() -> Hosted<Contract> {
    hosted(Contract::start(), Contract::url)
}

/// A server with scripted responses.
pub(crate) fn scripted(replies: impl IntoIterator<Item = Reply>) -> Hosted<Scripted> {
    let replies: Vec<Reply> = replies.into_iter().collect();
    hosted(Scripted::start(replies), Scripted::url)
}

pub(crate) fn hosted<T>(
    start: impl Future<Output = std::io::Result<T>>,
    url: impl FnOnce(&T) -> &str,
) -> Hosted<T> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(start).unwrap();
    Hosted { url: url(&server).to_owned(), server, _runtime: runtime }
}

impl<T> Hosted<T> {
    /// The server's URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The program, with this server's address.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        Command::from_std(self.process(arguments))
    }

    /// The same, to be spawned.
    pub(crate) fn process(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = with_credentials();
        command.args(["--base-url", &self.url]).args(arguments);
        command
    }
}

/// The service of the document's examples.
pub(crate) const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Arguments, with those of the service behind them.
pub(crate) fn of_service<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--service-sid", SERVICE]].concat()
}

/// A store of certificates: the machine may have none. Its authority has no server.
static STORE: LazyLock<PathBuf> = LazyLock::new(|| {
    let name = format!("certificates-{}.pem", std::process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, authority()).unwrap();
    file
});

/// The program, in an environment that holds nothing but a store of certificates.
pub(crate) fn bare() -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("twilio-verify"));
    command.env_clear().env("SSL_CERT_FILE", &*STORE);
    // Without this there is no network on Windows.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// The same, with credentials that are well formed.
pub(crate) fn with_credentials() -> std::process::Command {
    let mut command = bare();
    command
        .env("TWILIO_ACCOUNT_SID", EmulatorBuilder::DEFAULT_ACCOUNT_SID)
        .env("TWILIO_AUTH_TOKEN", SECRET);
    command
}

/// A token that must show nowhere.
pub(crate) const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e75e";

/// A number that must show nowhere but on stdout.
pub(crate) const NUMBER: &str = "+573003003030";

/// A code that must show nowhere: too long to be a part of a port or a time.
pub(crate) const CODE: &str = "0042994177";

/// An SMS to [`NUMBER`] that did not convert.
pub(crate) fn attempt(number: u128, created: DateTime<Utc>) -> Attempt {
    let mut attempt = Attempt::new(
        AttemptSid::from_u128(number),
        ServiceSid::from_u128(1),
        VerificationSid::from_u128(number),
        Channel::Sms,
        created,
    );
    attempt.channel_data.to = Some(NUMBER.into());
    attempt.channel_data.country = Some("CO".parse().unwrap());
    attempt
}

/// Attempts a minute apart, the first one minute ago.
pub(crate) fn attempts(n: u128) -> Vec<Attempt> {
    (1..=n).map(|number| attempt(number, now() - TimeDelta::minutes(number as i64))).collect()
}

/// Runs a command that must succeed, and gives its stdout.
pub(crate) fn stdout(command: &mut Command) -> String {
    let output = command.assert().success().get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must succeed with exactly one JSON value on stdout.
pub(crate) fn json(command: &mut Command) -> Value {
    serde_json::from_str(&stdout(command)).unwrap()
}

/// Runs a command that must fail with a code: nothing is on stdout, and
/// nothing private on stderr, which is given.
pub(crate) fn fails(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(!stderr.contains('\u{1b}'), "{stderr}");
    for private in [SECRET, EmulatorBuilder::DEFAULT_AUTH_TOKEN, "3003003030", "example.com", CODE]
    {
        assert!(!stderr.contains(private), "{stderr}");
    }
    stderr
}

/// The leaves of a JSON value by their paths, without nulls: what a value
/// says, be its missing fields null or left out.
pub(crate) fn leaves(value: &Value) -> BTreeMap<String, String> {
    fn visit(value: &Value, path: String, leaves: &mut BTreeMap<String, String>) {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = match path.as_str() {
                        "" => name.clone(),
                        _ => format!("{path}.{name}"),
                    };
                    visit(value, path, leaves);
                }
            }
            Value::String(text) => drop(leaves.insert(path, text.clone())),
            value => drop(leaves.insert(path, value.to_string())),
        }
    }
    let mut all = BTreeMap::new();
    visit(value, String::new(), &mut all);
    all
}

/// What the emulator's response says of an attempt.
pub(crate) fn expected(server: &Server, attempt: &Attempt) -> BTreeMap<String, String> {
    let mut expected = leaves(&serde_json::to_value(attempt).unwrap());
    let emulator = &server.emulator;
    expected.insert("account_sid".into(), emulator.account_sid().into());
    expected.insert("url".into(), format!("{}/v2/Attempts/{}", emulator.url(), attempt.sid));
    expected
}
