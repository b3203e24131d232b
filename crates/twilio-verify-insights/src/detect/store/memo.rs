//! Caches what is computed once for all looks of an hour.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A value that is computed from the hours before a given one, and cached until one of them
/// changes.
#[derive(Default)]
pub(crate) struct Memo(Mutex<Option<Kept>>);

#[derive(Clone)]
struct Kept {
    hour: i64,
    weeks: u8,
    before: i64,
    value: Arc<dyn Any + Send + Sync>,
}

impl Memo {
    /// Returns the value for an hour and a number of weeks.
    pub(crate) fn get<T: Any + Send + Sync>(&self, hour: i64, weeks: u8) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref().filter(|kept| (kept.hour, kept.weeks) == (hour, weeks))?;
        kept.value.clone().downcast().ok()
    }

    /// Caches a value that depends on the hours before `before`.
    pub(crate) fn set<T: Any + Send + Sync>(
        &self,
        hour: i64,
        weeks: u8,
        before: i64,
        value: Arc<T>,
    ) {
        let kept = Kept { hour, weeks, before, value };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    /// Removes the value if it depends on an hour that has changed.
    pub(crate) fn changed(&mut self, hour: i64) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|kept| hour < kept.before) {
            *kept = None;
        }
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}
