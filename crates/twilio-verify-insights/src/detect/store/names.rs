//! Assigns numbers to labels.

use std::collections::HashMap;

use crate::table::label::Label;

/// Countries, channels, services and carriers, each with a number.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    labels: Vec<Label>,
    numbers: HashMap<Label, u32>,
}

/// The number of `Label::NONE`.
pub(crate) const NOTHING: u32 = 0;

/// The most labels. Beyond that, new labels count as `Label::NONE`.
const MOST: usize = 1 << 20;

impl Default for Names {
    fn default() -> Self {
        Self { labels: vec![Label::NONE], numbers: HashMap::from([(Label::NONE, NOTHING)]) }
    }
}

impl Names {
    /// Returns the number of a label, and assigns one if it has none.
    pub(crate) fn number(&mut self, label: &Label) -> u32 {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        if self.labels.len() >= MOST {
            return NOTHING;
        }
        let number = u32::try_from(self.labels.len()).unwrap_or(NOTHING);
        self.labels.push(label.clone());
        self.numbers.insert(label.clone(), number);
        number
    }

    /// Returns the label of a number.
    pub(crate) fn label(&self, number: u32) -> Label {
        self.labels.get(number as usize).cloned().unwrap_or_default()
    }
}
