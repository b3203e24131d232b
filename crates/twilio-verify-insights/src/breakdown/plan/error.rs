//! Why a breakdown fails.

use crate::breakdown::plan::plan::Plan;
use crate::period::PeriodError;

/// Why a breakdown fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BreakdownError {
    /// A request failed.
    #[error("a request failed: {0}")]
    Request(#[from] twilio_verify::Error),
    /// The period can't be one.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// No dimension was given, or one twice.
    #[error("{0}")]
    Dimensions(&'static str),
    /// The plan takes more requests than the budget allows. None was sent but those that
    /// [`Plan::spent`] counts: what it took to know.
    #[error("{0}")]
    Budget(Box<Plan>),
}
