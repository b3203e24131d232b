//! Maps labels to numbers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

/// The texts of a dimension, numbered from 1. 0 stands for no text.
#[derive(Default)]
pub(crate) struct Labels(Mutex<Texts>);

#[derive(Default)]
struct Texts {
    ids: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Labels {
    fn lock(&self) -> MutexGuard<'_, Texts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of a text; 0 for an empty one. A new text gets the next number.
    pub(crate) fn id(&self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let mut all = self.lock();
        if let Some(id) = all.ids.get(text) {
            return *id;
        }
        all.texts.push(text.into());
        // A file has fewer rows than `u32::MAX`, and a dictionary fewer texts.
        let id = u32::try_from(all.texts.len()).unwrap_or(u32::MAX);
        all.ids.insert(text.into(), id);
        id
    }

    /// Returns how many numbers there are, including 0.
    pub(crate) fn len(&self) -> u64 {
        self.lock().texts.len() as u64 + 1
    }

    /// Returns the texts, in the order of their numbers from 1.
    pub(crate) fn texts(&self) -> Vec<Box<str>> {
        self.lock().texts.clone()
    }
}
