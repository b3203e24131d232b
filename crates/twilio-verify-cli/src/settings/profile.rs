//! Reads a profile from its table in the file.

use std::str::FromStr;

use toml::{Table, Value};
use twilio_verify::{AccountSid, ServiceSid};

use super::command::SecretCommand;

/// The keys of a profile.
const KEYS: [&str; 8] = [
    "account_sid",
    "api_key",
    "auth_token_command",
    "api_secret_command",
    "service_sid",
    "region",
    "edge",
    "base_url",
];

/// Keys that other programs use for secrets, and the key and the variable to use instead.
const SECRETS: [(&str, &str, &str); 7] = [
    ("auth_token", "auth_token_command", "TWILIO_AUTH_TOKEN"),
    ("token", "auth_token_command", "TWILIO_AUTH_TOKEN"),
    ("password", "auth_token_command", "TWILIO_AUTH_TOKEN"),
    ("api_secret", "api_secret_command", "TWILIO_API_SECRET"),
    ("api_key_secret", "api_secret_command", "TWILIO_API_SECRET"),
    ("key_secret", "api_secret_command", "TWILIO_API_SECRET"),
    ("secret", "api_secret_command", "TWILIO_API_SECRET"),
];

/// The settings of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    /// The name of the profile.
    pub(super) name: String,
    /// The account.
    pub(super) account_sid: Option<String>,
    /// The SID of an API key.
    pub(super) api_key: Option<String>,
    /// The command that prints the auth token of the account.
    pub(super) auth_token_command: Option<SecretCommand>,
    /// The command that prints the secret of the API key.
    pub(super) api_secret_command: Option<SecretCommand>,
    /// The service of commands that need one.
    pub(super) service_sid: Option<ServiceSid>,
    /// The region.
    pub(super) region: Option<String>,
    /// The edge.
    pub(super) edge: Option<String>,
    /// The URL to use instead of Twilio's hosts.
    pub(super) base_url: Option<String>,
}

/// What is wrong with a key, and the remedy. It doesn't repeat the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeyError {
    pub(super) key: String,
    pub(super) fault: String,
    pub(super) help: String,
}

impl Profile {
    /// Reads the table of a profile.
    pub(super) fn read(name: &str, table: &Table) -> Result<Self, KeyError> {
        let mut profile = Self { name: name.to_owned(), ..Self::default() };
        for (key, value) in table {
            let fail = |fault: &str, help: &str| KeyError {
                key: key.clone(),
                fault: fault.to_owned(),
                help: help.to_owned(),
            };
            let text = || match value {
                Value::String(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
                _ => Err(fail("expected a text in quotation marks", "correct the value")),
            };
            match key.as_str() {
                "account_sid" => {
                    let text = text()?;
                    if AccountSid::from_str(&text).is_err() {
                        return Err(fail("expected `AC` and 32 hexadecimal digits", "correct it"));
                    }
                    profile.account_sid = Some(text);
                }
                "api_key" => {
                    let text = text()?;
                    if !is_api_key(&text) {
                        return Err(fail(
                            "expected the SID of an API key: `SK` and 32 hexadecimal digits",
                            "correct it; the secret of the key is what api_secret_command prints",
                        ));
                    }
                    profile.api_key = Some(text);
                }
                "service_sid" => {
                    profile.service_sid = Some(text()?.parse().map_err(|_| {
                        fail("expected `VA` and 32 hexadecimal digits", "correct it")
                    })?);
                }
                "region" => profile.region = Some(text()?),
                "edge" => profile.edge = Some(text()?),
                "base_url" => profile.base_url = Some(text()?),
                "auth_token_command" | "api_secret_command" => {
                    let command = command(value).ok_or_else(|| {
                        fail(
                            "expected a line for the shell, or an array of a program and its \
                             arguments",
                            "such as \"pass show twilio\" or [\"pass\", \"show\", \"twilio\"]",
                        )
                    })?;
                    match key.as_str() {
                        "auth_token_command" => profile.auth_token_command = Some(command),
                        _ => profile.api_secret_command = Some(command),
                    }
                }
                _ => {
                    let lower = key.to_ascii_lowercase().replace('-', "_");
                    let lower = lower.strip_prefix("twilio_").unwrap_or(&lower);
                    let secret = SECRETS.iter().find(|(name, ..)| *name == lower);
                    return Err(match secret {
                        Some((_, command, variable)) => fail(
                            "a secret can't be in this file",
                            &format!(
                                "remove it; {command} is a command that prints it, and the \
                                 variable {variable} is read too"
                            ),
                        ),
                        None => fail(
                            "there is no such key",
                            &format!("the keys are: {}", KEYS.join(", ")),
                        ),
                    });
                }
            }
        }
        if profile.base_url.is_some() && (profile.region.is_some() || profile.edge.is_some()) {
            return Err(KeyError {
                key: "base_url".to_owned(),
                fault: "it excludes region and edge".to_owned(),
                help: "remove one of them".to_owned(),
            });
        }
        Ok(profile)
    }
}

fn is_api_key(text: &str) -> bool {
    text.strip_prefix("SK")
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn command(value: &Value) -> Option<SecretCommand> {
    match value {
        Value::String(line) if !line.trim().is_empty() => Some(SecretCommand::Line(line.clone())),
        Value::Array(words) => {
            let words: Option<Vec<String>> =
                words.iter().map(|word| word.as_str().map(ToOwned::to_owned)).collect();
            words
                .filter(|words| words.first().is_some_and(|program| !program.is_empty()))
                .map(SecretCommand::Program)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{KEYS, KeyError, Profile, SecretCommand};

    fn read(text: &str) -> Result<Profile, KeyError> {
        Profile::read("default", &text.parse().unwrap())
    }

    #[test]
    fn every_key_is_read() {
        let a = "a".repeat(32);
        let text = format!(
            "account_sid = 'AC{a}'\napi_key = 'SK{a}'\nservice_sid = 'VA{a}'\nregion = 'ie1'\n\
             edge = 'dublin'\nauth_token_command = 'pass show x'\n\
             api_secret_command = ['pass', 'show', 'y']"
        );
        let profile = read(&text).unwrap();
        assert_eq!(profile.account_sid, Some(format!("AC{a}")));
        assert_eq!(profile.api_key, Some(format!("SK{a}")));
        assert_eq!(profile.service_sid.map(|sid| sid.to_string()), Some(format!("VA{a}")));
        assert_eq!(profile.region.as_deref(), Some("ie1"));
        assert_eq!(profile.edge.as_deref(), Some("dublin"));
        let line = SecretCommand::Line("pass show x".into());
        assert_eq!(profile.auth_token_command, Some(line));
        let words = ["pass", "show", "y"].map(ToOwned::to_owned).into();
        assert_eq!(profile.api_secret_command, Some(SecretCommand::Program(words)));
        assert_eq!(
            read("base_url = 'http://[::1]:1'").unwrap().base_url.unwrap(),
            "http://[::1]:1"
        );
    }

    #[test]
    fn a_secret_is_rejected_by_its_name_whatever_it_is_called() {
        let secret = "5ec2e75ec2e75ec2e75ec2e75ec2e75e";
        for key in ["auth_token", "api_secret", "auth-token", "TWILIO_AUTH_TOKEN", "password"] {
            let error = read(&format!("{key} = '{secret}'")).expect_err(key);
            assert_eq!(error.key, key);
            assert!(error.help.contains("_command"), "{error:?}");
            assert!(!format!("{error:?}").contains(secret));
        }
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_named_without_the_value() {
        let secret = "5ec2e75ec2e75ec2e75ec2e75ec2e75e";
        for (key, value) in [
            ("regoin", "'ie1'"),
            ("account_sid", &*format!("'{secret}'")),
            ("account_sid", "7"),
            ("api_key", &*format!("'{secret}'")),
            ("service_sid", "'VE1'"),
            ("region", "true"),
            ("region", "' '"),
            ("auth_token_command", "[]"),
            ("auth_token_command", "[1]"),
            ("auth_token_command", "''"),
            ("api_secret_command", "{ a = 1 }"),
        ] {
            let error = read(&format!("{key} = {value}")).expect_err(key);
            assert_eq!(error.key, key);
            assert!(!format!("{error:?}").contains(secret), "{error:?}");
        }
        let error = read("x = 1").expect_err("unknown");
        assert!(KEYS.iter().all(|key| error.help.contains(key)), "{error:?}");
        assert!(read("base_url = 'http://[::1]:1'\nregion = 'ie1'").is_err());
    }
}
