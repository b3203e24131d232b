//! Shows the progress of long commands.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

#[cfg(feature = "archive")]
use super::table;
use super::writer::List;

/// The spinner or bar that is shown.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Runs `write` while the spinner is hidden.
pub(super) fn suspended(write: impl FnOnce()) {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match &*shown {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// A progress bar on stderr, if that is a terminal.
#[cfg(feature = "archive")]
#[derive(Clone)]
pub(crate) struct Bar(Option<ProgressBar>, &'static str);

#[cfg(feature = "archive")]
impl Bar {
    /// Creates a bar that counts `words`, a plural. It is never shown if `is_quiet` is set.
    pub(crate) fn new(words: &'static str, is_quiet: bool) -> Self {
        let bar = (!is_quiet).then(|| {
            let style = ProgressStyle::with_template("{spinner} {bar:30} {msg}");
            let bar = ProgressBar::new(0)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(120));
            *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
            bar
        });
        Self(bar, words)
    }

    /// Shows how much is done.
    pub(crate) fn show(&self, done: u64, expected: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(expected.max(done));
            bar.set_position(done);
            let (done, expected) = (table::grouped(done), table::grouped(expected.max(done)));
            bar.set_message(format!("{done} of {expected} {}", self.1));
        }
    }

    /// Removes the progress from the screen.
    pub(crate) fn end(self) {
        if let Some(bar) = self.0 {
            *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = None;
            bar.finish_and_clear();
        }
    }
}

/// A spinner on stderr, if that is a terminal. It appears with the first message.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Creates a progress that shows nothing yet.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Shows the number of resources fetched so far.
    pub(crate) fn show(&mut self, list: &List<'_>, count: usize) {
        // Rows that arrive on the same terminal are progress enough.
        if list.streams() && std::io::stdout().is_terminal() {
            return;
        }
        self.count(&list.words(), count);
    }

    /// Shows the number of items read so far.
    pub(crate) fn count(&mut self, words: &str, count: usize) {
        self.bar().set_message(format!("{count} {words}"));
    }

    fn bar(&mut self) -> &ProgressBar {
        self.0.get_or_insert_with(|| {
            // The spinner is on stderr, and hidden if that is not a terminal.
            let bar = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
            bar.enable_steady_tick(Duration::from_millis(120));
            *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
            bar
        })
    }

    /// Shows how many requests were sent.
    #[cfg(feature = "plots")]
    pub(crate) fn calls(&mut self, done: u64, planned: u64) {
        let bar = self.bar();
        bar.set_message(format!("{done} of about {planned} requests"));
    }

    /// Removes the progress from the screen.
    pub(crate) fn end(self) {}
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.0.take() {
            *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = None;
            bar.finish_and_clear();
        }
    }
}
