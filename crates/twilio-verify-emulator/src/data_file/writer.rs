//! The thread that writes to a data file, and what it reports.

use std::sync::{Arc, mpsc};

use redb::{Database, DatabaseError};
use tokio::sync::watch;

use crate::data_file::batch::Batch;
use crate::data_file::database::{check_format, write};
use crate::data_file::error::FileProblem;

/// How far the writer is.
#[derive(Default)]
pub(crate) struct Progress {
    /// How many of the queued batches it has tried to write.
    pub(crate) tried: u64,
    /// How many of them are in the file.
    pub(crate) written: u64,
    /// Why the last try failed.
    pub(crate) fault: Option<String>,
    /// Whether nothing is tried any more.
    pub(crate) ended: bool,
}

/// Opens the database again.
pub(crate) type Open = Box<dyn Fn() -> Result<Database, DatabaseError> + Send>;

/// Writes batches to a database.
///
/// What could not be written is kept and tried again with the next batch, so that a full disk costs nothing once it has
/// room again. After a failure the database accepts nothing more, so it is opened anew.
pub(crate) struct Writer {
    open: Open,
    database: Option<Database>,
    unwritten: Vec<Batch>,
}

impl Writer {
    pub(crate) fn new(database: Database, open: Open) -> Self {
        Self { open, database: Some(database), unwritten: Vec::new() }
    }

    /// Writes batches until the queue closes. Those that are queued during a write are written together.
    pub(crate) fn run(
        mut self,
        queue: &mpsc::Receiver<Batch>,
        progress: Arc<watch::Sender<Progress>>,
    ) {
        // Also if the database panics.
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

/// Reports the end of the writer.
struct End(Arc<watch::Sender<Progress>>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.send_modify(|progress| progress.ended = true);
    }
}
