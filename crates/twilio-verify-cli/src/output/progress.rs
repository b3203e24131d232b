//! A sign of life while a long list is fetched.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{List, Resource};

/// A spinner on stderr, if that is a terminal; shown from the second page on.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// None so far.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Says how much of the list is there.
    pub(crate) fn show<T: Resource>(&mut self, list: &List<'_, T>, count: usize) {
        // Rows that arrive on the same terminal are progress enough.
        if list.streams() && std::io::stdout().is_terminal() {
            return;
        }
        let bar = self.0.get_or_insert_with(|| {
            // On stderr, and hidden by itself where that is no terminal.
            let bar = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        bar.set_message(format!("{count} {}", T::PLURAL.replace('_', " ")));
    }

    /// Takes it off the screen.
    pub(crate) fn end(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}
