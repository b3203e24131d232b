//! Runs a breakdown.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use chrono::NaiveDate;
use tokio::runtime::Handle;
use twilio_verify_insights::Table;

use crate::breakdown::labels::Labels;
use crate::breakdown::query::Query;
use crate::breakdown::scan::{Counted, Place, Scan, Shared};
use crate::breakdown::tabulate::tabulate;
use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::store::store::Store;

/// Runs a breakdown on several threads, which take row groups in the order of the files.
pub(crate) fn run(
    store: &Store,
    query: &Query,
    threads: Option<usize>,
) -> Result<Table, ArchiveError> {
    let mut files = Vec::new();
    for day in store.days()? {
        if query.holds(day)
            && let Some(file) = DayFile::open(store, day)?
        {
            files.push(file);
        }
    }
    query.check_digits(&files)?;
    let days: Vec<NaiveDate> = files.iter().map(|file| file.label.day).collect();
    let shared = Shared {
        query,
        labels: query.by.iter().map(|_| Labels::default()).collect(),
        currencies: Labels::default(),
    };
    let columns: Vec<_> = files.iter().map(|file| query.columns(file)).collect();
    let groups = files.iter().enumerate().flat_map(|(day, file)| {
        let columns = columns.get(day).map_or(&[] as &[_], Vec::as_slice);
        (0..file.groups()).map(move |group| (day, Place { file, group, columns }))
    });
    let groups: Vec<(usize, Place<'_>)> = groups.collect();
    let available = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = threads.unwrap_or(available).clamp(1, groups.len().max(1));
    let work = Work { groups: &groups, next: AtomicUsize::new(0), failed: AtomicBool::new(false) };
    let counted = thread::scope(|scope| {
        // An object store is read on the runtime.
        let runtime = Handle::try_current().ok();
        let (work, shared) = (&work, &shared);
        let others: Vec<_> = (1..threads)
            .map(|_| {
                let runtime = runtime.clone();
                scope.spawn(move || {
                    let _entered = runtime.as_ref().map(Handle::enter);
                    work.count(shared)
                })
            })
            .collect();
        let mut counted = work.count(shared)?;
        for other in others {
            match other.join() {
                Ok(more) => counted.extend(more?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, ArchiveError>(counted)
    })?;
    tabulate(&shared, &days, counted)
}

/// The row groups, shared among threads.
struct Work<'a> {
    groups: &'a [(usize, Place<'a>)],
    next: AtomicUsize,
    failed: AtomicBool,
}

impl Work<'_> {
    /// Counts row groups until there are no more.
    fn count(&self, shared: &Shared<'_>) -> Result<Vec<Counted>, ArchiveError> {
        let mut scan = Scan::new(shared);
        let mut counted = Vec::new();
        let mut current = None;
        while !self.failed.load(Ordering::Relaxed)
            && let Some((day, place)) = self.groups.get(self.next.fetch_add(1, Ordering::Relaxed))
        {
            // The keys don't contain the day, so each file is counted separately.
            if let Some(before) = current.replace(*day)
                && before != *day
            {
                counted.push(scan.take(before));
            }
            if let Err(error) = scan.group(place) {
                self.failed.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        counted.extend(current.map(|day| scan.take(day)));
        Ok(counted)
    }
}
