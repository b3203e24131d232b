//! Arguments that several commands have.

use std::str::FromStr;

use clap::Args;
use rust_decimal::Decimal;
use twilio_verify::{Client, ServiceContext, ServiceSid, Sid, SidError};

use crate::failure::report::Failure;
use crate::settings::settings::no_service;
use crate::values::numbers;
use crate::values::texts::{Pair, Pairs};

/// The service that a resource belongs to.
#[derive(Args, Debug)]
pub(crate) struct ServiceArg {
    /// The service that it belongs to: `VA` and 32 hexadecimal digits. Without it
    /// TWILIO_VERIFY_SERVICE_SID, or service_sid of the profile
    #[arg(long, visible_alias = "verify-service-sid", value_name = "SID")]
    service_sid: Option<ServiceSid>,
}

impl ServiceArg {
    /// Uses the default service if none was given. Fails if there is neither.
    pub(crate) fn or(&mut self, default: Option<&ServiceSid>) -> Result<(), Failure> {
        self.service_sid = self.service_sid.take().or_else(|| default.cloned());
        match self.service_sid {
            Some(_) => Ok(()),
            None => Err(no_service("--service-sid")),
        }
    }

    /// Returns the client's context of the service.
    pub(crate) fn of(self, client: &Client) -> Result<ServiceContext, Failure> {
        let sid = self.service_sid.ok_or_else(|| no_service("--service-sid"))?;
        Ok(client.service(sid))
    }
}

/// What a conversion costs beside its attempts.
#[derive(Args, Clone, Debug)]
pub(crate) struct FeeArgs {
    /// The fee of a conversion, which the prices of attempts leave out, such as 0.05: it is added to
    /// their cost
    #[arg(
        long,
        value_name = "AMOUNT",
        allow_negative_numbers = true,
        value_parser = numbers::amount
    )]
    fee: Option<Decimal>,

    /// The currency of the fee, such as USD. Default: the currency of the prices
    #[arg(long, value_name = "CODE", requires = "fee", value_parser = numbers::currency)]
    fee_currency: Option<String>,
}

impl FeeArgs {
    /// Returns the fee and its currency, if they were given.
    #[cfg(any(feature = "exporter", feature = "plots"))]
    pub(crate) fn given(&self) -> Option<(Decimal, Option<String>)> {
        self.fee.map(|fee| (fee, self.fee_currency.clone()))
    }
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
    /// Returns the SID that was given.
    pub(crate) fn into_sid(self) -> Result<S, Failure> {
        self.positional.or(self.sid).ok_or_else(|| {
            Failure::usage("no SID was given", format!("name the {} by its SID", S::NOUN))
        })
    }
}

/// A SID that can be a value of the command line.
pub(crate) trait ResourceSid:
    Sid + FromStr<Err = SidError> + Clone + Send + Sync + 'static
{
}

impl<S: Sid + FromStr<Err = SidError> + Clone + Send + Sync + 'static> ResourceSid for S {}

/// Returns the pairs of a repeated flag, or `None` if there are none. Rejects a
/// name that is given twice, as only one of its values could be sent.
pub(crate) fn pairs(
    flag: &str,
    given: Vec<Pairs>,
) -> Result<Option<Vec<(String, String)>>, Failure> {
    let given: Vec<Pair> = given.into_iter().flat_map(|pairs| pairs.0).collect();
    for (index, (name, _)) in given.iter().enumerate() {
        if given.iter().skip(index + 1).any(|(other, _)| other == name) {
            return Err(Failure::usage(
                format!("{flag} <NAME=VALUE>: a name is given twice"),
                "give each name one value",
            ));
        }
    }
    let pairs = given.into_iter().map(|(name, value)| (name, value.into_inner()));
    Ok(Some(pairs.collect::<Vec<_>>()).filter(|pairs| !pairs.is_empty()))
}

/// Sets the optional settings of a request that were given.
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
    use crate::values::texts::fields;

    #[test]
    fn a_name_is_given_once() {
        for twice in [["a=1", "a=2"], ["a=1", "{\"a\": \"2\"}"]] {
            let twice = twice.map(|text| fields(text).unwrap());
            assert!(pairs("--tags", twice.into()).is_err());
        }
        assert!(pairs("--tags", Vec::new()).unwrap().is_none());
        let both = ["a=1", "{\"b\": \"2\"}"].map(|text| fields(text).unwrap());
        let expected = [("a", "1"), ("b", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(pairs("--tags", both.into()).unwrap().unwrap(), expected);
    }
}
