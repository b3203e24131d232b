//! Reads a list on a separate task.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::task::JoinHandle;
use twilio_verify::Error;

use crate::sync::window::Listed;

/// A list that is read on a separate task. Dropping it ends the task.
pub(crate) struct Reading(JoinHandle<Result<Listed, Error>>);

impl Reading {
    /// Starts the task.
    pub(crate) fn start(
        list: impl Future<Output = Result<Listed, Error>> + Send + 'static,
    ) -> Self {
        Self(tokio::spawn(list))
    }
}

impl Future for Reading {
    type Output = Result<Listed, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(listed) => Poll::Ready(listed),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down.
                Err(_) => Poll::Pending,
            },
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}
