//! Checks values beyond what the document can express.

use serde_json::Value;

use super::operation::{Parameter, Place};
use super::read;
use crate::values::countries;
use crate::values::texts::complete;
use crate::values::zone::Zone;

/// A check of a text, which returns the text to send.
type Check = fn(&str) -> Result<String, String>;

/// The fields and path parameters that have a check, by name.
const CHECKS: [(&str, Check); 4] =
    [("Country", country), ("Identity", identity), ("PhoneNumber", number), ("identity", identity)];

/// The fields with a closed enum: their values are defined by a standard,
/// WebAuthn, and not by Twilio.
const CLOSED: [&str; 3] = [
    "Passkeys.AuthenticatorAttachment",
    "Passkeys.DiscoverableCredentials",
    "Passkeys.UserVerification",
];

/// Whether a parameter may have other values than the document lists.
pub(crate) fn is_open(parameter: &Parameter) -> bool {
    !CLOSED.contains(&parameter.name.as_str())
}

/// Reads the value of a parameter as the document describes it, and applies its
/// check.
pub(crate) fn read(parameter: &Parameter, text: &str, zone: Zone) -> Result<Value, String> {
    if parameter.secret {
        complete(text)?;
    }
    let value = read::read(&parameter.schema, parameter.place, text, zone)?;
    let check = CHECKS.iter().find(|(name, _)| *name == parameter.name);
    let Some(text) = value.as_str().filter(|_| parameter.place != Place::Query) else {
        return Ok(value);
    };
    if parameter.required && text.is_empty() {
        return Err("expected at least one character".to_owned());
    }
    let known = &parameter.schema.known;
    if !is_open(parameter) && !known.is_empty() && !known.iter().any(|known| known == text) {
        return Err(format!("expected one of {}", known.join(", ")));
    }
    match check {
        Some((_, check)) => Ok(check(text)?.into()),
        None => Ok(value),
    }
}

/// Checks the identity of an entity.
fn identity(text: &str) -> Result<String, String> {
    match text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        true => Ok(text.to_owned()),
        false => Err("expected letters, digits and dashes only".to_owned()),
    }
}

/// Checks a phone number in E.164 format.
fn number(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_number = (1..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0');
    match is_number {
        true => Ok(text.to_owned()),
        false => Err("expected a phone number in E.164 format, such as +14155550100".to_owned()),
    }
}

/// Checks the country of a messaging configuration.
fn country(text: &str) -> Result<String, String> {
    countries::messaging_country(text).map(|country| country.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Zone, country, identity, number};
    use crate::operations::operation::{Operation, Parameter};
    use crate::operations::table::operations;

    fn parameter(operation: &str, name: &str) -> &'static Parameter {
        let is_it = |known: &&Operation| known.id == operation;
        let operation = operations().iter().find(is_it).unwrap();
        let parameters = &operation.parameters;
        parameters.iter().find(|known| known.name == name).unwrap()
    }

    fn read(parameter: &Parameter, text: &str) -> Result<serde_json::Value, String> {
        super::read(parameter, text, Zone::Utc)
    }

    #[test]
    fn values_that_twilio_would_reject_are_rejected() {
        assert!(identity("customer-4f1d27a0").is_ok());
        for text in ["user@example.com", "..", "a b", "ñandú-ñandú"] {
            assert!(identity(text).is_err(), "{text}");
        }
        assert!(number("+14155550100").is_ok());
        for text in ["", "+", "+0", "573003003030", "+573003003030573003003030"] {
            assert!(number(text).is_err(), "{text}");
        }
        assert_eq!(country("co"), Ok("CO".into()));
        assert_eq!(country("all"), Ok("all".into()));
        assert!(country("+573003003030").is_err());
    }

    #[test]
    fn an_enum_of_a_standard_is_closed_and_others_are_open() {
        let requirement = parameter("UpdateService", "Passkeys.UserVerification");
        assert_eq!(read(requirement, "Preferred").unwrap(), "preferred");
        let error = read(requirement, "sometimes").expect_err("closed");
        assert!(error.contains("required, preferred, discouraged"), "{error}");
        let channel = parameter("CreateVerification", "Channel");
        assert_eq!(read(channel, "sometimes").unwrap(), "sometimes");
    }

    #[test]
    fn a_required_text_is_not_empty() {
        let required = parameter("CreateService", "FriendlyName");
        assert!(read(required, "").is_err());
        let optional = parameter("UpdateService", "TtsName");
        assert_eq!(read(optional, "").unwrap(), "");
    }
}
