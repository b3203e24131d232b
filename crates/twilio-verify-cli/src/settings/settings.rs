//! The settings of a command: flags win over the environment, and both over the
//! profile.

use std::path::PathBuf;

use twilio_verify::{ClientBuilder, Error, ServiceSid};

use super::credentials::{self, credentials};
use super::environment::variable;
use super::file;
use super::host::{Host, Place};
use super::profile::Profile;
use crate::failure::report::Failure;
use crate::output::note::note;

/// The environment variable with the path of a file of certificates.
pub(crate) const CA_BUNDLE: &str = "TWILIO_CA_BUNDLE";

/// The environment variable with the service of commands that need one.
const SERVICE: &str = "TWILIO_VERIFY_SERVICE_SID";

/// The help on how settings are read.
pub(crate) const HELP: &str = "\
Environment variables, which keep secrets out of the shell's history:
  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN   the account
  TWILIO_API_KEY, TWILIO_API_SECRET       an API key, which takes precedence
  TWILIO_REGION, TWILIO_EDGE              as --region and --edge
  TWILIO_BASE_URL                         as --base-url
  TWILIO_CA_BUNDLE                        a PEM file with more certificates to trust
  TWILIO_VERIFY_SERVICE_SID               the service of commands that need one
  TWILIO_PROFILE, TWILIO_VERIFY_CONFIG    as --profile and --config-file

Profiles are in ~/.config/twilio-verify/config.toml, or in XDG_CONFIG_HOME. All keys are optional. A
secret can't be in the file; name a command that prints it:
  [profiles.default]
  account_sid = \"AC…\"
  auth_token_command = \"pass show twilio\"
  service_sid = \"VA…\"
  [profiles.ireland]
  api_key = \"SK…\"
  api_secret_command = [\"op\", \"read\", \"op://Private/Twilio/secret\"]
  region = \"ie1\"
  edge = \"dublin\"
  [profiles.local]
  base_url = \"http://127.0.0.1:8080\"

Flags take precedence over the environment, and both over the profile.";

/// The flags of a command that affect its settings.
pub(crate) struct Flags {
    /// `--profile`
    pub(crate) profile: Option<String>,
    /// `--config-file`
    pub(crate) config_file: Option<PathBuf>,
    /// `--base-url`, `--region` and `--edge`
    pub(crate) place: Place,
}

/// The settings of a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    profile: Option<Profile>,
    host: Host,
    service: Option<ServiceSid>,
}

impl Settings {
    /// Reads the settings, without running any command.
    ///
    /// # Errors
    ///
    /// Fails if a profile, its file, or a variable is missing or invalid.
    pub(crate) fn read(flags: Flags) -> Result<Self, Failure> {
        let Flags { profile: name, config_file, place } = flags;
        let profile = file::profile(name.as_deref(), config_file.as_deref(), &variable)?;
        if let Some(profile) = profile.as_ref().filter(|_| name.is_some()) {
            report_winners(profile);
        }
        let host = Host::of(place, &variable, profile.as_ref());
        let service = match variable(SERVICE) {
            None => profile.as_ref().and_then(|profile| profile.service_sid.clone()),
            Some(sid) => Some(sid.parse().map_err(|_| {
                Failure::usage(
                    format!("{SERVICE}: expected `VA` and 32 hexadecimal digits"),
                    "correct the variable, or remove it",
                )
            })?),
        };
        Ok(Self { profile, host, service })
    }

    /// Returns the account, if the credentials are those of an account and not of an API key.
    pub(crate) fn account(&self) -> Option<String> {
        let of_profile = |key: fn(&Profile) -> &Option<String>| {
            self.profile.as_ref().and_then(|profile| key(profile).clone())
        };
        match (variable(credentials::API_KEY), variable(credentials::ACCOUNT_SID)) {
            (Some(_), _) => None,
            (None, Some(account)) => Some(account),
            (None, None) if of_profile(|profile| &profile.api_key).is_some() => None,
            (None, None) => of_profile(|profile| &profile.account_sid),
        }
    }

    /// Returns the default service, for a command that needs one and names none.
    pub(crate) fn service(&self) -> Option<&ServiceSid> {
        self.service.as_ref()
    }

    /// Returns a builder of a client with these settings. Runs the command that
    /// prints the secret, if it is needed.
    ///
    /// # Errors
    ///
    /// Fails if the command fails, or if credentials are missing or malformed.
    pub(crate) fn client(&self) -> Result<ClientBuilder, Failure> {
        let credentials = credentials(&variable, self.profile.as_ref())?;
        let mut builder = ClientBuilder::from_lookup(|name| {
            let own = credentials.iter().find(|(own, _)| *own == name);
            match own {
                Some((_, value)) => Some(value.expose().clone()),
                // The client also reads this, besides credentials, region and edge.
                None if name == CA_BUNDLE => variable(name),
                None => None,
            }
        })?;
        if let Some((_, url)) = &self.host.base_url {
            builder = builder.base_url(url);
        }
        if let Some((_, region)) = &self.host.region {
            builder = builder.region(region);
        }
        if let Some((_, edge)) = &self.host.edge {
            builder = builder.edge(edge);
        }
        Ok(builder)
    }

    /// Returns the failure for an error of building that client. It names what set the value.
    pub(crate) fn failure(&self, error: Error) -> Failure {
        Failure::from(error).named_as(&self.host.names())
    }
}

/// Returns the folder of this program's configuration, whether it exists or not. Returns `None` if
/// the environment doesn't name one.
#[cfg(feature = "archive")]
pub(crate) fn folder() -> Option<PathBuf> {
    file::folder(&variable)
}

/// Returns the failure of a command whose flag for the service is missing.
pub(crate) fn no_service(flag: &str) -> Failure {
    Failure::usage(
        format!("{flag} <SID>: no service was given"),
        "name it by this flag, TWILIO_VERIFY_SERVICE_SID, or service_sid of a profile",
    )
}

/// Notes which variables win over a profile that a flag has chosen.
fn report_winners(profile: &Profile) {
    let has_credentials = profile.account_sid.is_some() || profile.api_key.is_some();
    let service = profile.service_sid.as_ref().map(ToString::to_string);
    let winners: Vec<&str> = [
        (credentials::ACCOUNT_SID, &profile.account_sid, has_credentials),
        (credentials::API_KEY, &profile.api_key, has_credentials),
        ("TWILIO_BASE_URL", &profile.base_url, profile.base_url.is_some()),
        ("TWILIO_REGION", &profile.region, profile.region.is_some()),
        ("TWILIO_EDGE", &profile.edge, profile.edge.is_some()),
        (SERVICE, &service, service.is_some()),
    ]
    .into_iter()
    .filter(|(name, own, is_set)| {
        *is_set && variable(name).is_some_and(|value| own.as_ref() != Some(&value))
    })
    .map(|(name, ..)| name)
    .collect();
    if !winners.is_empty() {
        note(&format!("the environment wins over the profile: {}", winners.join(", ")));
    }
}
