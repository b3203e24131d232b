//! Lengths of time in whole seconds.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check;

/// A length of time that is sent as a number of seconds. It is valid if it has
/// whole seconds, at least one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema), schemars(with = "u64"))]
pub struct Seconds(Duration);

impl From<Duration> for Seconds {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl check::Value for Seconds {
    fn fault(&self) -> Option<String> {
        let whole = self.0.subsec_nanos() == 0 && i64::try_from(self.0.as_secs()).is_ok();
        let valid = whole && !self.0.is_zero();
        (!valid).then(|| "expected whole seconds, at least 1".to_owned())
    }
}

impl check::Blank for Seconds {
    fn blank() -> Self {
        Self(Duration::ZERO)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.as_secs())
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(|seconds| Self(Duration::from_secs(seconds)))
    }
}
