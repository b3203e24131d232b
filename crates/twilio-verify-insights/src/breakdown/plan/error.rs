//! Errors of breakdowns.

use crate::breakdown::plan::plan::Plan;
use crate::period::PeriodError;

/// Why a breakdown fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BreakdownError {
    /// A request failed.
    #[error("a request failed: {0}")]
    Request(#[from] twilio_verify::Error),
    /// The period is invalid.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// No dimension was given, one was given twice, or one is invalid.
    #[error("{0}")]
    Dimensions(&'static str),
    /// The plan takes more requests than the budget allows. Only the requests that [`Plan::spent`]
    /// counts were sent, to make the plan.
    #[error("{0}")]
    Budget(Box<Plan>),
}
