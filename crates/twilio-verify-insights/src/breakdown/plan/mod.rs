//! Plans breakdowns: a sample, the cost model, the number of requests.

pub(crate) mod error;
pub(crate) mod estimate;
pub(crate) mod plan;
pub(crate) mod prepare;
pub(crate) mod ready;
pub(crate) mod sample;
pub(crate) mod values;
