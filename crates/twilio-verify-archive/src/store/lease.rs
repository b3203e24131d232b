//! Locks in an object store.

use std::io;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use object_store::UpdateVersion;
use serde::{Deserialize, Serialize};

use crate::store::bucket::{Bucket, PutFault};
use crate::store::lock::{LockFault, this_process};

/// How long a lock holds without renewal. A killed writer holds it no longer than this.
const TERM: Duration = Duration::from_secs(5 * 60);

/// Added to the term, as the dates of objects are whole seconds.
const MARGIN: Duration = Duration::from_secs(2);

/// A lock: an object that one writer holds for a limited time.
///
/// The store's clock decides whether the time is up, not the clocks of the writers. The attempts don't
/// depend on any clock: a file is only written in place of the version that was read, so that two
/// writers can't overwrite each other's attempts.
#[derive(Debug)]
pub(crate) struct Lease {
    bucket: Bucket,
    name: String,
    version: UpdateVersion,
    written: Written,
    renewed: Instant,
}

/// The content of the object. It is different in each write, so that writes can't be confused.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Written {
    holder: String,
    token: String,
    renewed: u64,
    released: bool,
}

impl Lease {
    pub(crate) fn take(bucket: &Bucket, name: &str) -> Result<Self, LockFault> {
        let mut token = [0; 16];
        getrandom::fill(&mut token).map_err(io::Error::other)?;
        let token = HEXLOWER.encode(&token);
        let written = Written { holder: this_process(), token, renewed: 0, released: false };
        // Measured before the request, as the store counts from its end.
        let renewed = Instant::now();
        let version = match bucket.put_small(name, written.text(), None) {
            Ok(version) => version,
            Err(PutFault::Changed) => Self::take_over(bucket, name, &written)?,
            Err(PutFault::Io(error)) => return Err(error.into()),
        };
        Ok(Self { bucket: bucket.clone(), name: name.to_owned(), version, written, renewed })
    }

    /// Takes the lock over if it was released, or has expired.
    fn take_over(
        bucket: &Bucket,
        name: &str,
        written: &Written,
    ) -> Result<UpdateVersion, LockFault> {
        let Some(found) = bucket.get(name)? else { return Err(LockFault::Held(None)) };
        let held: Option<Written> = serde_json::from_slice(&found.content).ok();
        let term = TimeDelta::from_std(TERM + MARGIN).unwrap_or(TimeDelta::MAX);
        let is_free = held.as_ref().is_some_and(|held| held.released);
        if !is_free && bucket.now()? - found.written <= term {
            return Err(LockFault::Held(held.map(|held| held.holder)));
        }
        match bucket.put_small(name, written.text(), Some(found.version)) {
            Ok(version) => Ok(version),
            Err(PutFault::Changed) => Err(LockFault::Held(None)),
            Err(PutFault::Io(error)) => Err(error.into()),
        }
    }

    /// Renews the lock if half of its time is up, or if `now`. `None` if another writer has it.
    pub(crate) fn renew(&mut self, now: bool) -> io::Result<Option<()>> {
        if !now && self.renewed.elapsed() < TERM / 2 {
            return Ok(Some(()));
        }
        self.write(false)
    }

    /// Releases the lock.
    pub(crate) fn release(&mut self) -> io::Result<Option<()>> {
        self.write(true)
    }

    fn write(&mut self, released: bool) -> io::Result<Option<()>> {
        let renewed = self.written.renewed + 1;
        let written = Written { renewed, released, ..self.written.clone() };
        let began = Instant::now();
        match self.bucket.put_small(&self.name, written.text(), Some(self.version.clone())) {
            Ok(version) => {
                (self.version, self.written, self.renewed) = (version, written, began);
                Ok(Some(()))
            }
            Err(PutFault::Changed) => Ok(None),
            Err(PutFault::Io(error)) => Err(error),
        }
    }
}

impl Written {
    fn text(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
