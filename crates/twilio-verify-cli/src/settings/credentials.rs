//! Chooses the credentials.

use twilio_verify::Redacted;

use super::environment::Environment;
use super::profile::Profile;
use crate::failure::report::Failure;

pub(super) const ACCOUNT_SID: &str = "TWILIO_ACCOUNT_SID";
pub(super) const AUTH_TOKEN: &str = "TWILIO_AUTH_TOKEN";
pub(super) const API_KEY: &str = "TWILIO_API_KEY";
pub(super) const API_SECRET: &str = "TWILIO_API_SECRET";

/// The variables with credentials.
pub(crate) const VARIABLES: [&str; 4] = [ACCOUNT_SID, AUTH_TOKEN, API_KEY, API_SECRET];

/// Credentials, with the names of their variables.
pub(super) type Credentials = Vec<(&'static str, Redacted<String>)>;

/// The variables and the keys of a profile for a SID and its secret.
struct Identity<'a> {
    variable: &'static str,
    key: &'static str,
    of_profile: Option<&'a String>,
    secret_variable: &'static str,
    secret_key: &'static str,
}

/// Returns the credentials: an API key or an account of the environment, or else
/// of the profile. A secret of the environment wins over a command. A command is
/// run only if it is needed, and never for a SID other than the one beside it.
///
/// # Errors
///
/// Fails if the command fails, or if the profile has only a SID and there is no
/// secret. The client reports all other missing values.
pub(super) fn credentials(
    environment: Environment<'_>,
    profile: Option<&Profile>,
) -> Result<Credentials, Failure> {
    let set = |name: &'static str| Some((name, Redacted::new(environment(name)?)));
    let of_environment: Credentials = VARIABLES.into_iter().filter_map(set).collect();
    let Some(profile) = profile else {
        return Ok(of_environment);
    };
    let key = Identity {
        variable: API_KEY,
        key: "api_key",
        of_profile: profile.api_key.as_ref(),
        secret_variable: API_SECRET,
        secret_key: "api_secret_command",
    };
    let account = Identity {
        variable: ACCOUNT_SID,
        key: "account_sid",
        of_profile: profile.account_sid.as_ref(),
        secret_variable: AUTH_TOKEN,
        secret_key: "auth_token_command",
    };
    for identity in [&key, &account] {
        let Some(sid) = environment(identity.variable) else {
            continue;
        };
        if environment(identity.secret_variable).is_some() {
            return Ok(of_environment);
        }
        if identity.of_profile.is_none_or(|own| *own == sid)
            && let Some(secret) = secret(identity, profile)?
        {
            let sid = (identity.variable, Redacted::new(sid));
            return Ok(vec![sid, (identity.secret_variable, secret)]);
        }
        let is_of_another = identity.of_profile.is_some_and(|own| *own != sid);
        if is_of_another || environment(API_KEY).is_some() {
            return Ok(of_environment);
        }
    }
    for identity in [key, account] {
        let Some(sid) = identity.of_profile else {
            continue;
        };
        let secret = match environment(identity.secret_variable) {
            Some(secret) => Some(Redacted::new(secret)),
            None => secret(&identity, profile)?,
        };
        let Some(secret) = secret else {
            return Err(Failure::credentials(
                format!(
                    "the profile `{}` has {}, but no {}, and {} is not set",
                    profile.name, identity.key, identity.secret_key, identity.secret_variable
                ),
                "add the command to the profile, or set the variable",
            ));
        };
        let sid = (identity.variable, Redacted::new(sid.clone()));
        return Ok(vec![sid, (identity.secret_variable, secret)]);
    }
    Ok(of_environment)
}

/// Returns the secret that the profile's command prints, if it has one.
fn secret(identity: &Identity<'_>, profile: &Profile) -> Result<Option<Redacted<String>>, Failure> {
    let command = match identity.secret_variable {
        AUTH_TOKEN => &profile.auth_token_command,
        _ => &profile.api_secret_command,
    };
    let name = format!("`profiles.{}.{}`", profile.name, identity.secret_key);
    command.as_ref().map(|command| command.run(&name)).transpose()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::credentials;
    use crate::settings::command::SecretCommand;
    use crate::settings::profile::Profile;

    const NAMES: [(&str, &str); 4] = [
        ("account", "TWILIO_ACCOUNT_SID"),
        ("token", "TWILIO_AUTH_TOKEN"),
        ("key", "TWILIO_API_KEY"),
        ("secret", "TWILIO_API_SECRET"),
    ];

    /// Returns the credentials for these variables and keys of a profile, as
    /// `name=value`.
    fn used(environment: &str, profile: &str) -> Option<String> {
        let value = |text: &str, name: &str| {
            let mut words = text.split(' ').filter_map(|word| word.split_once('='));
            words.find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
        };
        let echo = |name: &str| {
            value(profile, name).map(|text| SecretCommand::Line(format!("echo {text}")))
        };
        let of_profile = Profile {
            account_sid: value(profile, "account"),
            api_key: value(profile, "key"),
            auth_token_command: echo("token"),
            api_secret_command: echo("secret"),
            ..Profile::default()
        };
        let lookup = |asked: &str| {
            let (name, _) = NAMES.iter().find(|(_, variable)| *variable == asked)?;
            value(environment, name)
        };
        let found = credentials(&lookup, Some(&of_profile)).ok()?;
        let words = found.iter().map(|(variable, value)| {
            let (name, _) = NAMES.iter().find(|(_, own)| own == variable).unwrap();
            format!("{name}={}", value.expose())
        });
        Some(words.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_environment_wins_and_no_secret_goes_with_another_sid() {
        for (environment, profile, expected) in [
            ("", "", ""),
            ("account=A token=T", "account=B token=U", "account=A token=T"),
            ("account=A token=T", "key=B secret=U", "account=A token=T"),
            ("key=K secret=S", "account=B token=U", "key=K secret=S"),
            ("", "account=B token=U", "account=B token=U"),
            ("", "account=B token=U key=K secret=S", "key=K secret=S"),
            ("token=T", "account=B", "account=B token=T"),
            ("token=T", "account=B token=U", "account=B token=T"),
            ("secret=S", "key=K", "key=K secret=S"),
            ("account=A", "token=U", "account=A token=U"),
            ("account=A", "account=A token=U", "account=A token=U"),
            ("key=K", "secret=S", "key=K secret=S"),
            ("account=A", "key=K secret=S", "key=K secret=S"),
            // The client reports what is missing.
            ("key=K", "account=B token=U", "key=K"),
            ("key=K", "key=L secret=S", "key=K"),
            ("account=A", "account=B token=U", "account=A"),
            ("account=A", "account=B key=K secret=S", "account=A"),
        ] {
            let used = used(environment, profile);
            assert_eq!(used.as_deref(), Some(expected), "{environment} {profile}");
        }
        for (environment, profile) in [("", "account=B"), ("", "key=K"), ("token=T", "key=K")] {
            assert_eq!(used(environment, profile), None, "{environment} {profile}");
        }
    }
}
