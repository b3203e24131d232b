//! What an emulator prints when it has started.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::column::Column;
use crate::output::shape::Resource;

/// The address of an emulator and its credentials.
#[derive(JsonSchema, Serialize)]
pub(super) struct Started<'a> {
    /// Its URL.
    pub(super) url: &'a str,
    /// Its account.
    pub(super) account_sid: &'a str,
    /// The auth token of the account: it protects nothing real, and is shown.
    pub(super) auth_token: &'a str,
    /// The URL of its page, for a browser.
    pub(super) page: String,
    /// The number of attempts at the start.
    pub(super) attempts: usize,
    /// With TLS: the file with the certificate of the CA to trust.
    pub(super) ca_certificate: Option<&'a Path>,
}

impl Resource for Started<'_> {
    const PLURAL: &'static str = "emulators";
    const COLUMNS: &'static [Column] = &[Column::new("URL", "url")];
}

/// Returns the commands to use the emulator in another shell.
pub(super) fn text(started: &Started<'_>) -> String {
    let Started { url, account_sid, auth_token, page, attempts, ca_certificate } = started;
    let (trust, curl) = match ca_certificate {
        None => (String::new(), "curl".to_owned()),
        Some(path) => {
            let path = path.display();
            (format!("export SSL_CERT_FILE='{path}'\n"), format!("curl --cacert '{path}'"))
        }
    };
    format!(
        "\
# Twilio Verify emulator at {url} with {attempts} attempts; Ctrl-C stops it.
# In a browser: {page}
# The codes that it sends: twilio-verify emulator codes --url {url}
# In another shell:
export TWILIO_ACCOUNT_SID={account_sid}
export TWILIO_AUTH_TOKEN={auth_token}
{trust}twilio-verify --base-url {url} attempts summary
{curl} -u {account_sid}:{auth_token} '{url}/v2/Attempts/Summary?Country=CO&Channel=sms'
"
    )
}
