//! Arguments that several commands have.

use std::str::FromStr;

use clap::Args;
use twilio_verify::{Client, EntityContext, Redacted, ServiceContext, ServiceSid, Sid, SidError};

use crate::failure::report::Failure;
use crate::session::lists::Range;
use crate::values::texts::{Pair, private};

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
    use super::pairs;
    use crate::values::texts::pair;

    #[test]
    fn a_name_is_given_once() {
        let twice = vec![pair("a=1").unwrap(), pair("a=2").unwrap()];
        assert!(pairs("--tags", twice).is_err());
        assert!(pairs("--tags", Vec::new()).unwrap().is_none());
    }
}
