//! An archive in an object store.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutOptions, UpdateVersion,
};
use tokio::runtime::Handle;

use crate::store::folder::Fill;
use crate::store::names::{self, ATTEMPTS, CLOCK};
use crate::store::source::{Parts, Source};

/// A time, and when it was requested.
type Asked = Option<(DateTime<Utc>, Instant)>;

/// Objects with a common prefix. The methods block, and need a blocking thread of a runtime.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
    url: Arc<str>,
    /// The versions of the objects that were read or written; `None` if an object did not exist.
    seen: Arc<Mutex<HashMap<String, Option<UpdateVersion>>>>,
    /// The store's time, and when it was requested.
    clock: Arc<Mutex<Asked>>,
}

/// The reason why an object was not written.
pub(crate) enum PutFault {
    /// Another writer has written it.
    Changed,
    Io(io::Error),
}

impl Bucket {
    pub(crate) fn new(objects: Arc<dyn ObjectStore>, prefix: Path, url: &str) -> Self {
        let url = url.trim_end_matches('/').into();
        Self { objects, prefix, url, seen: Arc::default(), clock: Arc::default() }
    }

    /// Returns the same bucket, with nothing read yet.
    pub(crate) fn afresh(&self) -> Self {
        Self { seen: Arc::default(), clock: Arc::default(), ..self.clone() }
    }

    /// Returns the URL of an object.
    pub(crate) fn name(&self, file: &str) -> String {
        format!("{}/{file}", self.url)
    }

    fn path(&self, file: &str) -> Path {
        file.split('/').filter(|name| !name.is_empty()).fold(self.prefix.clone(), Path::join)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, Option<UpdateVersion>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the days that have a file, the oldest first.
    pub(crate) fn days(&self) -> io::Result<Vec<NaiveDate>> {
        let listed = self.objects.list(Some(&self.prefix)).try_collect::<Vec<_>>();
        let listed = wait(listed).map_err(io::Error::other)?;
        let mut days: Vec<NaiveDate> = listed
            .iter()
            .filter_map(|object| {
                let mut names = object.location.prefix_match(&self.prefix)?;
                let (folder, file) = (names.next()?, names.next()?);
                let is_ours = names.next().is_none() && file.as_ref() == ATTEMPTS;
                names::day(folder.as_ref()).filter(|_| is_ours)
            })
            .collect();
        days.sort_unstable();
        Ok(days)
    }

    /// Opens an object; `None` if it does not exist.
    pub(crate) fn open(&self, file: &str) -> io::Result<Option<Parts>> {
        let path = self.path(file);
        let found = match wait(self.objects.head(&path)) {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => {
                self.seen().insert(file.to_owned(), None);
                return Ok(None);
            }
            Err(error) => return Err(io::Error::other(error)),
        };
        let version = UpdateVersion { e_tag: found.e_tag.clone(), version: found.version };
        self.seen().insert(file.to_owned(), Some(version));
        let object = Object { objects: Arc::clone(&self.objects), path, e_tag: found.e_tag };
        Parts::open(Arc::new(object), found.size).map(Some)
    }

    /// Writes an object in one request, if it has not changed since it was opened.
    pub(crate) fn write(&self, file: &str, fill: Fill<'_>) -> Result<(), PutFault> {
        let mut content = Vec::new();
        fill(&mut content).map_err(PutFault::Io)?;
        let version = self.seen().get(file).cloned().flatten();
        let written = self.put(file, content.into(), version)?;
        self.seen().insert(file.to_owned(), Some(written));
        Ok(())
    }

    /// Replaces `version` of an object, or creates the object if `version` is `None`.
    fn put(
        &self,
        file: &str,
        content: Bytes,
        version: Option<UpdateVersion>,
    ) -> Result<UpdateVersion, PutFault> {
        let mode = version.map_or(PutMode::Create, PutMode::Update);
        let options = PutOptions::from(mode);
        match wait(self.objects.put_opts(&self.path(file), content.into(), options)) {
            Ok(result) => Ok(result.into()),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Err(PutFault::Changed),
            Err(error) => Err(PutFault::Io(io::Error::other(error))),
        }
    }

    /// Writes a small object as [`put`](Self::put) does. A failed write counts as done if the object
    /// has the content: the response may have been lost, or the request sent twice.
    pub(crate) fn put_small(
        &self,
        file: &str,
        content: Vec<u8>,
        version: Option<UpdateVersion>,
    ) -> Result<UpdateVersion, PutFault> {
        let content = Bytes::from(content);
        self.put(file, content.clone(), version).or_else(|fault| match self.get(file) {
            Ok(Some(found)) if found.content == content => Ok(found.version),
            _ => Err(fault),
        })
    }

    /// Reads a small object.
    pub(crate) fn get(&self, file: &str) -> io::Result<Option<Small>> {
        let get = async {
            let found = self.objects.get(&self.path(file)).await?;
            let (e_tag, version) = (found.meta.e_tag.clone(), found.meta.version.clone());
            let written = found.meta.last_modified;
            let version = UpdateVersion { e_tag, version };
            Ok(Small { content: found.bytes().await?, version, written })
        };
        match wait(get) {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    /// Returns the store's time. It is requested once, and then advanced by the local clock.
    pub(crate) fn now(&self) -> io::Result<DateTime<Utc>> {
        let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, at) = match *clock {
            Some(known) => known,
            None => {
                let path = self.path(CLOCK);
                let put = async {
                    self.objects.put(&path, Bytes::new().into()).await?;
                    self.objects.head(&path).await
                };
                let found = wait(put).map_err(io::Error::other)?;
                *clock.insert((found.last_modified, Instant::now()))
            }
        };
        Ok(asked + TimeDelta::from_std(at.elapsed()).unwrap_or_default())
    }
}

/// A small object.
pub(crate) struct Small {
    pub(crate) content: Bytes,
    pub(crate) version: UpdateVersion,
    /// When it was written, by the store's clock.
    pub(crate) written: DateTime<Utc>,
}

/// One version of an object.
#[derive(Debug)]
struct Object {
    objects: Arc<dyn ObjectStore>,
    path: Path,
    e_tag: Option<String>,
}

impl Source for Object {
    fn read(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        let read = async |range: &Range<u64>| {
            if range.is_empty() {
                return Ok(Bytes::new());
            }
            let range = Some(GetRange::Bounded(range.clone()));
            let options =
                GetOptions { range, if_match: self.e_tag.clone(), ..GetOptions::default() };
            self.objects.get_opts(&self.path, options).await?.bytes().await
        };
        wait(try_join_all(ranges.iter().map(read))).map_err(|error: Error| match error {
            Error::Precondition { .. } => {
                io::Error::other("it was written anew while it was being read; read it again")
            }
            error => io::Error::other(error),
        })
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    Handle::current().block_on(future)
}
