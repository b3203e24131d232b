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

use tokio::runtime::{Builder, Handle};

use crate::error::{Error, ErrorKind};
use crate::request::paging::{Items, Pages};
use twilio_verify_api::Page;

/// Waits for a future.
pub trait Wait<T>: Future<Output = Result<T, Error>> {
    /// Waits for the result.
    ///
    /// # Errors
    ///
    /// Those of the call. Within async code, of kind [`InvalidRequest`](ErrorKind::InvalidRequest)
    /// at once, because it would block the thread: `await` the future there.
    fn wait(self) -> Result<T, Error>;
}

impl<T, F: Future<Output = Result<T, Error>>> Wait<T> for F {
    fn wait(self) -> Result<T, Error> {
        if Handle::try_current().is_ok() {
            let reason = "it was called within async code; `await` the call instead";
            return Err(Error::invalid("wait", reason));
        }
        match &*RUNTIME {
            Some(runtime) => runtime.block_on(self),
            None => {
                Err(Error::new(ErrorKind::NotSent, "the thread for network I/O can't be started"))
            }
        }
    }
}

/// The runtime for network I/O, if it could be started.
static RUNTIME: LazyLock<Option<Handle>> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("twilio-verify".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .ok()?;
    Some(handle)
});

/// An iterator over the items or pages of a list.
#[derive(Debug)]
pub struct IntoIter<L>(L);

macro_rules! into_iter {
    ($list:ident, $item:ty) => {
        impl<T: Send + 'static> IntoIterator for $list<T> {
            type Item = Result<$item, Error>;
            type IntoIter = IntoIter<Self>;

            fn into_iter(self) -> Self::IntoIter {
                IntoIter(self)
            }
        }

        impl<T: Send + 'static> Iterator for IntoIter<$list<T>> {
            type Item = Result<$item, Error>;

            fn next(&mut self) -> Option<Self::Item> {
                self.0.try_next().wait().transpose()
            }
        }
    };
}

into_iter!(Items, T);
into_iter!(Pages, Page<T>);
