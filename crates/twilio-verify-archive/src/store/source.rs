//! Reads parts of a file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// How many bytes at the end of a file are read first: usually all of its metadata.
const END: u64 = 64 * 1024;

/// Where a file's bytes come from.
pub(crate) trait Source: Send + Sync {
    /// Reads ranges.
    fn read(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>>;
}

impl Source for Mutex<File> {
    fn read(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        let mut file = self.lock().unwrap_or_else(PoisonError::into_inner);
        let read = |range: &Range<u64>| {
            file.seek(SeekFrom::Start(range.start))?;
            let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
            let mut bytes = vec![0; length];
            file.read_exact(&mut bytes)?;
            Ok(bytes.into())
        };
        ranges.iter().map(read).collect()
    }
}

/// A file with some parts in memory.
#[derive(Clone)]
pub(crate) struct Parts {
    source: Arc<dyn Source>,
    length: u64,
    parts: Arc<[(u64, Bytes)]>,
}

impl Parts {
    /// Opens a file, and loads its end into memory.
    pub(crate) fn open(source: Arc<dyn Source>, length: u64) -> io::Result<Self> {
        let mut file = Self { source, length, parts: Arc::new([]) };
        file.load(std::slice::from_ref(&(length.saturating_sub(END)..length)))?;
        Ok(file)
    }

    /// Loads ranges into memory, in place of the loaded ones.
    pub(crate) fn load(&mut self, ranges: &[Range<u64>]) -> io::Result<()> {
        // The lengths that a file states may be wrong.
        if ranges.iter().any(|range| range.start > range.end || range.end > self.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let bytes = self.source.read(ranges)?;
        self.parts = ranges.iter().map(|range| range.start).zip(bytes).collect();
        Ok(())
    }

    /// Returns the bytes from `start` to the end of the loaded part that contains it.
    fn loaded(&self, start: u64) -> Option<Bytes> {
        self.parts.iter().find_map(|(first, bytes)| {
            let skip = usize::try_from(start.checked_sub(*first)?).ok()?;
            (skip < bytes.len()).then(|| bytes.slice(skip..))
        })
    }

    /// Returns a range, from memory if it is loaded.
    pub(crate) fn bytes(&self, range: Range<u64>) -> io::Result<Bytes> {
        if range.start > range.end || range.end > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
        if let Some(bytes) = self.loaded(range.start)
            && bytes.len() >= length
        {
            return Ok(bytes.slice(..length));
        }
        let mut read = self.source.read(&[range])?;
        read.pop().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Length for Parts {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Parts {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(match self.loaded(start) {
            Some(bytes) => Box::new(bytes.reader()),
            None => Box::new(Rest { file: self.clone(), at: start }),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.checked_add(length as u64);
        let range = start..end.ok_or_else(|| ParquetError::EOF("no such range".to_owned()))?;
        self.bytes(range).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => ParquetError::EOF("the file ends early".to_owned()),
            _ => ParquetError::External(Box::new(error)),
        })
    }
}

/// Reads a file from a position that is not in memory.
struct Rest {
    file: Parts,
    at: u64,
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.at.saturating_add(buffer.len() as u64).min(self.file.length);
        if self.at >= end {
            return Ok(0);
        }
        let mut bytes = self.file.bytes(self.at..end)?;
        let length = bytes.len();
        bytes.copy_to_slice(&mut buffer[..length]);
        self.at = end;
        Ok(length)
    }
}
