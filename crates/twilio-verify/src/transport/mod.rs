//! How requests are sent: with retries, within limits, and with telemetry.

pub(crate) mod call;
pub(crate) mod clock;
pub(crate) mod gate;
pub(crate) mod in_process;
pub(crate) mod limiter;
pub(crate) mod limits;
pub(crate) mod request_limit;
pub(crate) mod retry;
pub(crate) mod shared;
pub(crate) mod target;
pub(crate) mod telemetry;
