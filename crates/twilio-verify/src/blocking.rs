//! The same API without async.
//!
//! Call [`Wait::wait`] instead of awaiting a future. Lists are iterators.
//!
//! ```no_run
//! use twilio_verify::blocking::Wait;
//! use twilio_verify::{Channel, Client};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?;
//! let summary = client.attempts().summary().channel(Channel::Sms).send().wait()?;
//! println!("{} of {} converted", summary.total_converted, summary.total_attempts);
//!
//! for attempt in client.attempts().list().limit(10).items() {
//!     println!("{:?}", attempt?.date_created);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! One thread does all network I/O. It is started when it is first needed.

use std::future::Future;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use tokio::runtime::{Builder, Handle};
use tokio::task::coop::poll_proceed;

use crate::error::{Error, ErrorKind};
use crate::request::paging::{Items, Pages};
use twilio_verify_api::Page;

/// Waits for a future.
pub trait Wait<T>: Future<Output = Result<T, Error>> {
    /// Waits for the result.
    ///
    /// # Errors
    ///
    /// Returns the error of the call. On a thread that runs async code, returns an error of kind
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) at once, because waiting would block the other
    /// tasks: `await` the future there, or call this within `spawn_blocking` or `block_in_place`.
    /// In a process that was forked after the first call, returns an error of kind
    /// [`NotSent`](ErrorKind::NotSent): the thread for network I/O exists in the parent only.
    fn wait(self) -> Result<T, Error>;
}

impl<T, F: Future<Output = Result<T, Error>>> Wait<T> for F {
    fn wait(self) -> Result<T, Error> {
        if runs_async_code() {
            let reason = "it would block a thread that runs async code; `await` the call instead, \
                          or call it within `spawn_blocking`";
            return Err(Error::invalid("wait", reason));
        }
        match &*RUNTIME {
            Some((runtime, process)) if *process == std::process::id() => runtime.block_on(self),
            Some(_) => {
                let reason = "the process was forked after the first blocking call; make the first \
                              call after the fork";
                Err(Error::new(ErrorKind::NotSent, reason))
            }
            None => {
                Err(Error::new(ErrorKind::NotSent, "the thread for network I/O can't be started"))
            }
        }
    }
}

/// Whether this thread is running a Tokio task. Tokio gives such a thread a budget of steps, but
/// not the threads of `spawn_blocking` and `block_in_place`.
fn runs_async_code() -> bool {
    /// A number that exceeds Tokio's budget.
    const STEPS: usize = 512;
    let mut context = Context::from_waker(Waker::noop());
    let mut steps = Vec::new();
    // A dropped step restores the budget as it was before, so they are dropped in reverse order.
    for _ in 0..STEPS {
        match poll_proceed(&mut context) {
            Poll::Ready(step) => steps.push(step),
            Poll::Pending => break,
        }
    }
    let has_budget = steps.len() < STEPS;
    while steps.pop().is_some() {}
    has_budget
}

/// The runtime for network I/O and the id of its process; `None` if the thread could not be
/// started.
static RUNTIME: LazyLock<Option<(Handle, u32)>> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("twilio-verify".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .ok()?;
    Some((handle, std::process::id()))
});

/// An iterator over the items or pages of a list. It ends after an error.
#[derive(Debug)]
pub struct IntoIter<L>(Option<L>);

macro_rules! into_iter {
    ($list:ident, $item:ty) => {
        impl<T: Send + 'static> IntoIterator for $list<T> {
            type Item = Result<$item, Error>;
            type IntoIter = IntoIter<Self>;

            fn into_iter(self) -> Self::IntoIter {
                IntoIter(Some(self))
            }
        }

        impl<T: Send + 'static> Iterator for IntoIter<$list<T>> {
            type Item = Result<$item, Error>;

            fn next(&mut self) -> Option<Self::Item> {
                let next = self.0.as_mut()?.try_next().wait().transpose();
                if !matches!(next, Some(Ok(_))) {
                    self.0 = None;
                }
                next
            }
        }
    };
}

into_iter!(Items, T);
into_iter!(Pages, Page<T>);
