//! Arguments that several commands have.

use std::str::FromStr;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::Value;
use twilio_verify::{
    Client, EntityContext, Redacted, ServiceContext, ServiceSid, Sid, SidError, UnknownValueError,
};

use crate::failure::Failure;
use crate::values;

/// How many resources are listed if nobody says how many: as many as
/// twilio-cli lists.
const DEFAULT_LIMIT: usize = 50;

/// The largest page that Twilio gives.
const LARGEST_PAGE: u16 = 1000;

/// How much of a list to show.
#[derive(Args, Debug)]
pub(crate) struct Range {
    /// How many to ask for at a time, from 1 to 1000 [default: as many as are wanted]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = |text: &str| values::whole(text, 1..=LARGEST_PAGE)
    )]
    page_size: Option<u16>,

    /// Show so many at most [default: 50]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = |text: &str| values::whole(text, 1..=usize::MAX)
    )]
    limit: Option<usize>,

    /// Show all
    #[arg(long, conflicts_with = "limit")]
    no_limit: bool,
}

impl Range {
    /// Whether nobody said how many to show.
    pub(crate) fn is_default(&self) -> bool {
        self.limit.is_none() && !self.no_limit
    }

    /// How many to show at most.
    pub(crate) fn limit(&self) -> Option<usize> {
        (!self.no_limit).then_some(self.limit.unwrap_or(DEFAULT_LIMIT))
    }

    /// How many to ask for at a time.
    pub(crate) fn page_size(&self) -> Option<u16> {
        match self.no_limit {
            // Twilio's own default would take twenty times as many requests.
            true => self.page_size.or(Some(LARGEST_PAGE)),
            // The client asks for no more than the limit.
            false => self.page_size,
        }
    }
}

/// The service that a resource is of.
#[derive(Args, Debug)]
pub(crate) struct ServiceArg {
    /// The service that it belongs to: `VA` and 32 hexadecimal digits
    #[arg(long, value_name = "SID")]
    pub(crate) service_sid: ServiceSid,
}

impl ServiceArg {
    /// The service, as the client knows it.
    pub(crate) fn of(self, client: &Client) -> ServiceContext {
        client.service(self.service_sid)
    }
}

/// The entity that a resource is of.
#[derive(Args, Debug)]
pub(crate) struct EntityArgs {
    #[command(flatten)]
    pub(crate) service: ServiceArg,

    /// The identity of the person that it belongs to
    #[arg(long, value_parser = private)]
    pub(crate) identity: Redacted<String>,
}

impl EntityArgs {
    /// The entity, as the client knows it.
    pub(crate) fn of(self, client: &Client) -> EntityContext {
        self.service.of(client).entity(self.identity.into_inner())
    }
}

/// The resources of a service, as a list.
#[derive(Args, Debug)]
pub(crate) struct ListOfService {
    #[command(flatten)]
    pub(crate) service: ServiceArg,

    #[command(flatten)]
    pub(crate) range: Range,
}

/// A resource of a service.
#[derive(Args, Debug)]
pub(crate) struct OneOfService<S: ResourceSid> {
    #[command(flatten)]
    pub(crate) service: ServiceArg,

    #[command(flatten)]
    pub(crate) sid: SidArg<S>,
}

/// A resource, by its SID.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct SidArg<S: ResourceSid> {
    #[arg(
        value_name = "SID",
        help = format!("The {}: `{}` and 32 hexadecimal digits", S::NOUN, S::PREFIX)
    )]
    positional: Option<S>,

    /// The same, as a flag
    #[arg(long, value_name = "SID")]
    sid: Option<S>,
}

impl<S: ResourceSid> SidArg<S> {
    /// The SID that was given.
    pub(crate) fn into_sid(self) -> Result<S, Failure> {
        self.positional.or(self.sid).ok_or_else(|| {
            Failure::usage("no SID was given", format!("name it, with the {}", S::NOUN))
        })
    }
}

/// A SID as a value of the command line.
pub(crate) trait ResourceSid:
    Sid + FromStr<Err = SidError> + Clone + Send + Sync + 'static
{
}

impl<S: Sid + FromStr<Err = SidError> + Clone + Send + Sync + 'static> ResourceSid for S {}

/// One of the values that this version knows.
pub(crate) fn known<T>(values: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownValueError> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(values).try_map(|value| value.parse::<T>())
}

/// A number, an address or a secret, kept out of `Debug`. The client checks
/// it.
pub(crate) fn private(text: &str) -> Result<Redacted<String>, std::convert::Infallible> {
    Ok(Redacted::new(text.to_owned()))
}

/// A name and its value.
pub(crate) type Pair = (String, Redacted<String>);

/// Reads a name and its value.
pub(crate) fn pair(text: &str) -> Result<Pair, &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.to_owned(), Redacted::new(value.to_owned())))
        }
        _ => Err("expected NAME=VALUE"),
    }
}

/// The pairs of a flag, none if there are none. A name that is given twice is
/// refused, as only one of its values could be sent.
pub(crate) fn pairs(
    flag: &str,
    pairs: Vec<Pair>,
) -> Result<Option<Vec<(String, String)>>, Failure> {
    for (index, (name, _)) in pairs.iter().enumerate() {
        if pairs.iter().skip(index + 1).any(|(other, _)| other == name) {
            return Err(Failure::usage(
                format!("{flag} <NAME=VALUE>: a name is given twice"),
                "give each name one value",
            ));
        }
    }
    let pairs = pairs
        .into_iter()
        .map(|(name, value)| (name, value.into_inner()));
    Ok(Some(pairs.collect::<Vec<_>>()).filter(|pairs| !pairs.is_empty()))
}

/// Reads a JSON object.
pub(crate) fn object(text: &str) -> Result<Value, &'static str> {
    serde_json::from_str(text)
        .ok()
        .filter(Value::is_object)
        .ok_or("expected an object in JSON")
}

/// Sets what was given of a request's optional settings.
macro_rules! given {
    ($request:expr, $($setter:ident: $value:expr,)*) => {{
        let mut request = $request;
        $(
            if let Some(value) = $value {
                request = request.$setter(value);
            }
        )*
        request
    }};
}

pub(crate) use given;

#[cfg(test)]
mod tests {
    use super::{object, pair, pairs};

    #[test]
    fn a_pair_has_a_name() {
        let (name, value) = pair("team=a=b&c").unwrap();
        assert_eq!((&*name, &**value.expose()), ("team", "a=b&c"));
        assert!(pair("team=").unwrap().1.expose().is_empty());
        for text in ["", "=", "=x", "+573003003030"] {
            assert_eq!(pair(text), Err("expected NAME=VALUE"));
        }
        let twice = vec![pair("a=1").unwrap(), pair("a=2").unwrap()];
        assert!(pairs("--tags", twice).is_err());
        assert!(pairs("--tags", Vec::new()).unwrap().is_none());
    }

    #[test]
    fn an_object_is_one() {
        assert!(object("{\"sms\": {}}").is_ok());
        for text in ["", "[]", "1", "{\"a\"}", "null"] {
            assert!(object(text).is_err(), "{text}");
        }
    }
}
