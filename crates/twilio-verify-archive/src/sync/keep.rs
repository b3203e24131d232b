//! Keeps what a sync has read.

use twilio_verify_insights::Period;

use crate::error::ArchiveError;
use crate::rows::row::Row;
use crate::sync::run::Run;
use crate::sync::window::Listed;

/// The most rows that wait for the end of their day.
const MOST_ROWS: usize = 100_000;

impl Run {
    /// Rejects attempts of another account than the archive's.
    pub(crate) fn check_account(&mut self, listed: &Listed) -> Result<(), ArchiveError> {
        for account in &listed.accounts {
            let archive = self.state.account_sid.get_or_insert_with(|| account.clone());
            if archive != account {
                self.is_foreign = true;
                let (archive, given) = (archive.clone(), account.clone());
                return Err(ArchiveError::Account { archive, given });
            }
        }
        Ok(())
    }

    /// Keeps rows until those of their day are read. Those of another day are written first, with the
    /// state as it was before.
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

    /// Writes the rows, and after them the state.
    pub(crate) async fn flush(&mut self) -> Result<(), ArchiveError> {
        while let Some((day, rows)) = self.rows.pop_first() {
            let merged = match self.damaged.contains(&day) {
                true => self.writer.replace(day, rows).await?,
                false => self.writer.merge(day, rows).await?,
            };
            self.damaged.remove(&day);
            self.synced.added += merged.added;
            self.synced.changed += merged.changed;
            self.synced.files += u64::from(merged.is_written());
            let rows = self.writer.len(day).await?.unwrap_or_default();
            self.state.days.insert(day, rows);
        }
        self.state.bounds = self.prover.is_measured.then_some(self.prover.bounds);
        self.writer.save(&self.state).await
    }

    /// Proves a day that is sealed as a whole: as many attempts are in its file as Twilio counts. The
    /// one proof takes the place of those of its windows.
    pub(crate) async fn condense(&mut self, day: Period) -> Result<(), ArchiveError> {
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
