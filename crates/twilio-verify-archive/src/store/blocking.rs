//! Runs blocking work on threads that don't drive requests.

use crate::error::ArchiveError;

/// Runs work that reads and writes files.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
) -> Result<T, ArchiveError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and nobody waits for the result.
            Err(_) => std::future::pending().await,
        },
    }
}
