//! Reads the file of profiles.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::environment::Environment;
use super::profile::{KeyError, Profile};
use crate::failure::report::Failure;

/// The environment variable with the path of the file.
pub(super) const PATH: &str = "TWILIO_VERIFY_CONFIG";

/// The environment variable with the name of the profile.
pub(super) const PROFILE: &str = "TWILIO_PROFILE";

/// The profile if neither a flag nor a variable names one.
const DEFAULT: &str = "default";

/// Returns the profile that a flag or a variable names, or `default` if there is one.
///
/// # Errors
///
/// Fails if the file or profile that was named is missing, or if the file is
/// invalid.
pub(super) fn profile(
    name: Option<&str>,
    path: Option<&Path>,
    environment: Environment<'_>,
) -> Result<Option<Profile>, Failure> {
    let (asked, name) = match (name, environment(PROFILE)) {
        (Some(name), _) => ("--profile <NAME>", name.to_owned()),
        (None, Some(name)) => (PROFILE, name),
        (None, None) => ("", DEFAULT.to_owned()),
    };
    let (named_by, path) = match (path, environment(PATH)) {
        (Some(path), _) => ("--config-file <FILE>", Some(path.to_owned())),
        (None, Some(path)) => (PATH, Some(path.into())),
        (None, None) => ("", usual(environment)),
    };
    let Some(path) = path else {
        return match asked {
            "" => Ok(None),
            asked => Err(Failure::usage(
                format!("{asked}: there is no file of profiles, as HOME is not set"),
                format!("name the file with --config-file or {PATH}"),
            )),
        };
    };
    let shown = path.display();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        // If neither the file nor a profile was named, the file is optional.
        Err(error)
            if named_by.is_empty()
                && asked.is_empty()
                && matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied
                ) =>
        {
            return Ok(None);
        }
        Err(error) => {
            let subject = match (named_by, asked) {
                ("", "") => String::new(),
                ("", asked) => format!("{asked}: "),
                (named_by, _) => format!("{named_by}: "),
            };
            let fault = match error.kind() {
                ErrorKind::NotFound => "it doesn't exist".to_owned(),
                _ => error.to_string(),
            };
            return Err(Failure::usage(
                format!("{subject}the file of profiles, {shown}, can't be read: {fault}"),
                "create it with a table [profiles.NAME], or name another one with --config-file",
            ));
        }
    };
    let mut profiles = parse(&text).map_err(|(fault, help)| {
        Failure::usage(format!("the file of profiles, {shown}, is invalid: {fault}"), help)
    })?;
    match profiles.remove(&name) {
        Some(profile) => Ok(Some(profile)),
        None if asked.is_empty() => Ok(None),
        None => {
            let names: Vec<String> = profiles.into_keys().collect();
            let help = match names.is_empty() {
                true => "the file has none: add a table [profiles.NAME]".to_owned(),
                false => format!("the profiles are: {}", names.join(", ")),
            };
            Err(Failure::usage(format!("{asked}: {shown} has no profile with this name"), help))
        }
    }
}

/// Returns the default path of the file: in the configuration folder of the XDG
/// Base Directory Specification, or of Windows.
fn usual(environment: Environment<'_>) -> Option<PathBuf> {
    Some(folder(environment)?.join("config.toml"))
}

/// Returns the folder of this program's configuration.
pub(super) fn folder(environment: Environment<'_>) -> Option<PathBuf> {
    // The specification requires that relative paths are ignored.
    let folder =
        |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = folder("XDG_CONFIG_HOME")
        .or_else(|| folder("APPDATA").filter(|_| cfg!(windows)))
        .or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("twilio-verify"))
}

/// Returns the profiles of a file, or what is wrong with it and the remedy.
fn parse(text: &str) -> Result<BTreeMap<String, Profile>, (String, String)> {
    // The parser's own message shows the line, which may hold a secret.
    let table: Table = toml::from_str(text).map_err(|error: toml::de::Error| {
        let place = match error.span() {
            Some(span) => format!("line {} is not valid TOML", line(text, span.start)),
            None => "it is not valid TOML".to_owned(),
        };
        (place, "correct it: https://toml.io describes the format".to_owned())
    })?;
    let mut profiles = BTreeMap::new();
    for (key, value) in &table {
        match (key.as_str(), value) {
            ("profiles", Value::Table(tables)) => {
                for (name, value) in tables {
                    profiles.insert(name.clone(), named(name, value)?);
                }
            }
            ("profiles", _) => {
                let fault = "`profiles` is not a table".to_owned();
                return Err((fault, "write [profiles.NAME]".to_owned()));
            }
            _ => {
                let help = "a profile is a table [profiles.NAME], and all other keys are in one";
                return Err((format!("there is no key `{key}`"), help.to_owned()));
            }
        }
    }
    Ok(profiles)
}

fn named(name: &str, value: &Value) -> Result<Profile, (String, String)> {
    let Value::Table(table) = value else {
        let fault = format!("`profiles.{name}` is not a table");
        return Err((fault, "write [profiles.NAME]".to_owned()));
    };
    Profile::read(name, table).map_err(|KeyError { key, fault, help }| {
        (format!("`profiles.{name}.{key}`: {fault}"), help)
    })
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{parse, usual};

    #[test]
    fn the_file_is_where_the_specification_says() {
        let at = |name: &str, value: &str| {
            let (name, value) = (name.to_owned(), value.to_owned());
            usual(&move |asked: &str| (asked == name).then(|| value.clone()))
        };
        let root = if cfg!(windows) { "C:\\x" } else { "/x" };
        let file = Path::new("twilio-verify").join("config.toml");
        assert_eq!(at("XDG_CONFIG_HOME", root), Some(Path::new(root).join(&file)));
        assert_eq!(at("HOME", root), Some(Path::new(root).join(".config").join(&file)));
        for relative in ["", "x", "./x"] {
            assert_eq!(at("XDG_CONFIG_HOME", relative), None::<PathBuf>);
        }
        assert_eq!(usual(&|_: &str| None), None);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path_or_its_line() {
        for (text, fault) in [
            ("[default]\nregion = 'ie1'", "`default`"),
            ("profiles = 1", "`profiles`"),
            ("[profiles]\nx = 1", "`profiles.x`"),
            ("[profiles.x]\nregoin = 'ie1'", "`profiles.x.regoin`"),
            ("[profiles.x]\nauth_token = '5ec2e7'", "`profiles.x.auth_token`"),
            ("[profiles.x]\n\nauth_token = 5ec2e7z", "line 3"),
            ("[profiles.x]\nedge = 'a'\nedge = '5ec2e7'", "line 3"),
            ("[profiles.x", "line 1"),
        ] {
            let (message, help) = parse(text).expect_err(text);
            assert!(message.contains(fault), "{text}: {message}");
            assert!(!help.is_empty() && !message.contains("5ec2e7"), "{message}");
        }
        let profiles = parse("[profiles.default]\n[profiles.staging]\nregion = 'ie1'").unwrap();
        assert_eq!(profiles.keys().collect::<Vec<_>>(), ["default", "staging"]);
        assert!(parse("").unwrap().is_empty());
    }
}
