//! The numbers of the safe list.

use serde::{Deserialize, Serialize};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::SafeListSid;

/// A phone number on the safe list.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SafeListNumber {
    pub(crate) sid: SafeListSid,
    pub(crate) phone_number: String,
}

impl Record for SafeListNumber {
    type Key = String;

    fn key(&self) -> String {
        self.phone_number.clone()
    }

    fn is_within(&self, _: &Parent) -> bool {
        false
    }
}
