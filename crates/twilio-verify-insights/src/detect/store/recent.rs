//! Recent attempts, which are kept individually.

use rust_decimal::Decimal;
use twilio_verify::Redacted;

use crate::detect::store::prefix::Prefix;
use crate::table::cost::Currency;

/// An attempt of the last hours.
#[derive(Clone, Debug)]
pub(crate) struct Recent {
    /// The hash of its SID.
    pub(crate) sid: u64,
    /// Seconds since the epoch.
    pub(crate) created: i64,
    pub(crate) updated: Option<i64>,
    /// The number of its destination.
    pub(crate) destination: u32,
    pub(crate) prefix: Prefix,
    pub(crate) last_four: Option<Redacted<u16>>,
    pub(crate) service: u32,
    pub(crate) carrier: u32,
    pub(crate) converted: Option<bool>,
    pub(crate) undelivered: bool,
    pub(crate) price: Option<(Currency, Decimal)>,
}

impl Recent {
    /// Returns the seconds until it converted, if it has.
    pub(crate) fn delay(&self) -> Option<i64> {
        let updated = self.updated.filter(|_| self.converted == Some(true))?;
        updated.checked_sub(self.created)
    }
}
