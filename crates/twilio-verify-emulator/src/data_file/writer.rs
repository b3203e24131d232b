//! The thread that writes to a data file, and its progress.

use std::sync::{Arc, mpsc};

use redb::{Database, DatabaseError};
use tokio::sync::watch;

use crate::data_file::batch::Batch;
use crate::data_file::database::{check_format, write};
use crate::data_file::error::FileProblem;

/// The progress of the writer.
#[derive(Default)]
pub(crate) struct Progress {
    /// How many of the queued batches the writer has tried to write.
    pub(crate) tried: u64,
    /// How many of them are in the file.
    pub(crate) written: u64,
    /// The reason that the last try failed, if it did.
    pub(crate) fault: Option<String>,
    /// Whether the writer has ended.
    pub(crate) ended: bool,
}

/// A function that opens the database again.
pub(crate) type Open = Box<dyn Fn() -> Result<Database, DatabaseError> + Send>;

/// A writer of batches to a database.
///
/// Batches that could not be written are kept and tried again with the next one, so that nothing is lost once a full
/// disk has room again. After a failure the database accepts nothing more, so it is reopened.
pub(crate) struct Writer {
    open: Open,
    database: Option<Database>,
    unwritten: Vec<Batch>,
}

impl Writer {
    pub(crate) fn new(database: Database, open: Open) -> Self {
        Self { open, database: Some(database), unwritten: Vec::new() }
    }

    /// Writes batches until the queue closes. Batches that are queued during a write are written together.
    pub(crate) fn run(
        mut self,
        queue: &mpsc::Receiver<Batch>,
        progress: Arc<watch::Sender<Progress>>,
    ) {
        // Reports the end even if the database panics.
        let end = End(progress);
        let mut received = 0;
        while let Ok(first) = queue.recv() {
            for batch in std::iter::once(first).chain(queue.try_iter()) {
                received += 1;
                if !batch.is_empty() {
                    self.unwritten.push(batch);
                }
            }
            let fault = self.write().err().map(|error| error.to_string());
            end.0.send_modify(|progress| {
                progress.tried = received;
                if fault.is_none() {
                    progress.written = received;
                }
                progress.fault = fault;
            });
        }
    }

    fn write(&mut self) -> Result<(), FileProblem> {
        let database = match self.database.take() {
            Some(database) => database,
            None => {
                let database = (self.open)()?;
                check_format(&database)?;
                database
            }
        };
        write(&database, &self.unwritten)?;
        self.unwritten.clear();
        self.database = Some(database);
        Ok(())
    }
}

/// Reports the end of the writer when it is dropped.
struct End(Arc<watch::Sender<Progress>>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.send_modify(|progress| progress.ended = true);
    }
}
