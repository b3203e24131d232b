//! The lock of an archive in an object store.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use object_store::UpdateVersion;
use serde::{Deserialize, Serialize};

use crate::store::bucket::{Bucket, PutFault};
use crate::store::lock::{LockFault, this_process};
use crate::store::names::LOCK;

/// How long a lock holds that is not renewed: a writer that was killed holds it no longer than this.
const TERM: TimeDelta = TimeDelta::minutes(5);

/// A lock that ends by itself. It is renewed before each write.
///
/// No clock is trusted with the attempts: an object is only written in place of the version that was
/// read, so that two writers can't lose each other's.
#[derive(Debug)]
pub(crate) struct Lease {
    bucket: Bucket,
    version: UpdateVersion,
    until: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    holder: String,
    until: DateTime<Utc>,
}

impl Lease {
    pub(crate) fn take(bucket: &Bucket) -> Result<Self, LockFault> {
        let now = Utc::now();
        let version = match bucket.get(LOCK)? {
            Some((text, version)) => {
                let held: Option<Written> = serde_json::from_slice(&text).ok();
                if let Some(held) = held
                    && held.until > now
                {
                    let until = held.until.format("%Y-%m-%dT%H:%M:%SZ");
                    return Err(LockFault::Held(Some(format!("{} until {until}", held.holder))));
                }
                Some(version)
            }
            None => None,
        };
        let until = now + TERM;
        match bucket.put(LOCK, text(until), version) {
            Ok(version) => Ok(Self { bucket: bucket.clone(), version, until }),
            Err(PutFault::Changed) => Err(LockFault::Held(None)),
            Err(PutFault::Io(error)) => Err(error.into()),
        }
    }

    /// Holds the lock for longer. `None` if somebody else has it.
    pub(crate) fn renew(&mut self) -> io::Result<Option<()>> {
        let now = Utc::now();
        if self.until - now > TERM / 2 {
            return Ok(Some(()));
        }
        self.write(now + TERM)
    }

    /// Gives the lock up.
    pub(crate) fn release(&mut self) -> io::Result<Option<()>> {
        self.write(DateTime::UNIX_EPOCH)
    }

    fn write(&mut self, until: DateTime<Utc>) -> io::Result<Option<()>> {
        match self.bucket.put(LOCK, text(until), Some(self.version.clone())) {
            Ok(version) => {
                self.version = version;
                self.until = until;
                Ok(Some(()))
            }
            Err(PutFault::Changed) => Ok(None),
            Err(PutFault::Io(error)) => Err(error),
        }
    }
}

fn text(until: DateTime<Utc>) -> Vec<u8> {
    serde_json::to_vec(&Written { holder: this_process(), until }).unwrap_or_default()
}
