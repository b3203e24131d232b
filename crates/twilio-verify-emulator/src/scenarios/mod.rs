//! Attacks and other events among attempts: their text form, their attempts, and the truth about
//! them.

pub(crate) mod defaults;
pub(crate) mod error;
pub(crate) mod happening;
pub(crate) mod made;
pub(crate) mod outage;
pub(crate) mod scenario;
pub(crate) mod text;
pub(crate) mod truth;
