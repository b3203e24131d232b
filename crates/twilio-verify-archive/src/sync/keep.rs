//! Writes what a sync has read.

use twilio_verify_insights::Period;

use crate::error::ArchiveError;
use crate::rows::row::Row;
use crate::spans::overlap;
use crate::sync::claims::Claim;
use crate::sync::cut::days;
use crate::sync::run::Run;
use crate::sync::schedule::{expire, sealed_days};
use crate::sync::window::Listed;

/// The most rows that are held until the end of their day.
const MOST_ROWS: usize = 100_000;

impl Run {
    /// Rejects attempts of another account than the archive's.
    pub(crate) async fn check_account(&mut self, listed: &Listed) -> Result<(), ArchiveError> {
        for account in &listed.accounts {
            if self.state.account_sid.is_none() {
                // Recorded before a file holds any of its attempts.
                let account = account.clone();
                let known = self.writer.update(move |state| {
                    state.account_sid.get_or_insert_with(|| account.clone());
                    Ok(())
                });
                self.state.account_sid = known.await?.account_sid;
            }
            if self.state.account_sid.as_ref() != Some(account) {
                self.is_foreign = true;
                let archive = self.state.account_sid.clone().unwrap_or_default();
                return Err(ArchiveError::Account { archive, given: account.clone() });
            }
        }
        Ok(())
    }

    /// Holds rows until their day is read. Rows of earlier days are written first, with the state as
    /// it was before.
    pub(crate) async fn take(&mut self, rows: Vec<Row>) -> Result<(), ArchiveError> {
        let Some(first) = rows.iter().map(Row::day).min() else {
            return Ok(());
        };
        let is_later = self.rows.keys().next_back().is_some_and(|last| *last < first);
        let waiting: usize = self.rows.values().map(Vec::len).sum();
        if is_later || waiting + rows.len() > MOST_ROWS {
            self.flush().await?;
        }
        for row in rows {
            self.rows.entry(row.day()).or_default().push(row);
        }
        Ok(())
    }

    /// Writes the rows, then the state.
    pub(crate) async fn flush(&mut self) -> Result<(), ArchiveError> {
        self.write().await?;
        self.save().await
    }

    async fn write(&mut self) -> Result<(), ArchiveError> {
        let is_damaged = self.claim.as_ref().is_some_and(|claim| claim.is_damaged);
        while let Some((day, rows)) = self.rows.pop_first() {
            let merged = match is_damaged {
                true => self.writer.replace(day, rows).await,
                false => self.writer.merge(day, rows).await,
            };
            if merged.is_err() {
                // The state of these days must not be saved: it would cover rows that are in no file.
                self.claim = None;
            }
            let merged = merged?;
            self.synced.added += merged.added;
            self.synced.changed += merged.changed;
            self.synced.files += u64::from(merged.is_written());
            let rows = self.writer.len(day).await?.unwrap_or_default();
            self.state.days.insert(day, rows);
        }
        Ok(())
    }

    /// Saves the state of the locked days. The saved state of other days is kept.
    async fn save(&mut self) -> Result<(), ArchiveError> {
        let Some(claim) = self.claim.clone() else { return Ok(()) };
        self.hold(&claim).await?;
        if self.prover.is_measured {
            self.state.bounds = Some(self.prover.bounds);
        }
        let (days, earliest) = (claim.days, self.schedule.earliest);
        let (found, mine) = (self.found.clone(), self.state.clone());
        let lost = self.writer.lost(days.from().date_naive());
        let saved = self.writer.update(move |state| {
            let saved = state.of(days);
            // Where a lock can expire, another writer may have read the days since.
            if !saved.is_read_as(&found) && !saved.is_read_as(&mine.of(days)) {
                return Err(lost());
            }
            state.take(days, &mine);
            expire(state, earliest);
            state.advance();
            Ok(())
        });
        self.state = saved.await?;
        self.found = self.state.of(days);
        Ok(())
    }

    /// Makes sure that days are still locked.
    pub(crate) async fn hold(&mut self, claim: &Claim) -> Result<(), ArchiveError> {
        for day in days(claim.days) {
            self.writer.lock(day.from().date_naive()).await?;
        }
        Ok(())
    }

    /// Writes and proves days that were read completely, and releases them.
    pub(crate) async fn leave(&mut self, claim: &Claim) -> Result<(), ArchiveError> {
        self.write().await?;
        let mut condensed = Ok(());
        for day in sealed_days(&self.state, &claim.state.sealed) {
            if overlap(day, claim.days).is_some() && condensed.is_ok() {
                condensed = self.condense(day).await;
            }
        }
        self.save().await?;
        self.claim = None;
        condensed?;
        for day in days(claim.days) {
            self.writer.unlock(day.from().date_naive()).await?;
        }
        Ok(())
    }

    /// Saves the state at the end of the sync.
    pub(crate) async fn end(&mut self) -> Result<(), ArchiveError> {
        let earliest = self.schedule.earliest;
        let is_last = self.synced.held.is_empty() && !self.synced.stopped;
        let saved = self.writer.update(move |state| {
            if is_last {
                state.begin = state.begin.or(state.first());
            }
            expire(state, earliest);
            state.advance();
            Ok(())
        });
        self.state = saved.await?;
        Ok(())
    }

    /// Proves a sealed day as a whole, if its file and its unreadable attempts match Twilio's count.
    /// The proof replaces those of the day's windows.
    async fn condense(&mut self, day: Period) -> Result<(), ArchiveError> {
        let in_file = self.state.days.get(&day.from().date_naive()).copied().unwrap_or_default();
        let kept = in_file + self.state.unreadable_in(day);
        let counted = match self.state.sum(day) {
            Some(counted) => counted,
            None => self.prover.count(day).await?,
        };
        if counted == kept {
            self.state.prove(day, self.prover.now, counted, counted);
        } else if counted > kept {
            self.state.open.insert(day);
            self.synced.open.insert(day);
        }
        Ok(())
    }
}
