//! Runs `attempts sync`.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use twilio_verify_archive::{Archive, ArchiveError, Synced};

use super::failure::failure;
use super::key::numbers;
use super::result::show;
use super::sync::SyncArgs;
use crate::commands::repeat::Repeat;
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::note::note;
use crate::output::progress::Bar;
use crate::session::clock;
use crate::session::requests::Session;
use crate::session::signals;

/// Syncs an archive, once or periodically. Ctrl-C ends the sync after the file that is being
/// written; a second Ctrl-C ends it at once.
pub(crate) async fn run(arguments: SyncArgs, mut session: Session) -> Result<Exit, Failure> {
    let end = signals::end().map_err(Failure::system)?;
    let twice = async {
        end.await;
        // If a second signal can't be caught, it ends the process.
        match signals::end() {
            Ok(again) => again.await,
            Err(_) => std::future::pending().await,
        }
    };
    let synced = repeat(&arguments, &mut session);
    tokio::select! {
        ended = synced => ended,
        () = twice => Ok(Exit::Interrupted),
    }
}

async fn repeat(arguments: &SyncArgs, session: &mut Session) -> Result<Exit, Failure> {
    let archive = Archive::open(&arguments.archive).map_err(failure)?;
    let state = archive.state().await.map_err(failure)?;
    let numbers = numbers(arguments, state.numbers)?;
    let mut repeat = Repeat::new(arguments.every)?;
    loop {
        let mut sync = archive
            .sync(&session.client.attempts())
            .numbers(numbers.clone())
            .validity(TimeDelta::seconds(arguments.validity.into()))
            .fresh(fresh(arguments))
            .until(signals::end().map_err(Failure::system)?);
        if let Some(account) = &arguments.account {
            sync = sync.account(account);
        }
        let bar = Bar::new("attempts", session.is_quiet());
        let shown = bar.clone();
        let result =
            sync.run_with(move |progress| shown.show(progress.attempts, progress.expected)).await;
        bar.end();
        clock::check(&session.client);
        match result {
            Ok(synced) => {
                show(&synced, session)?;
                if let Some(text) = held(&synced) {
                    note(&text);
                }
                if synced.stopped {
                    note("stopped; the next sync goes on from here");
                    return Ok(Exit::Interrupted);
                }
                if !repeat.repeats() {
                    return Ok(exit(&synced));
                }
            }
            Err(error) if repeat.repeats() && is_temporary(&error) => {
                note(&format!("{error}; the next sync goes on from here"));
            }
            Err(error) => return Err(failure(error)),
        }
        if repeat.wait().await.is_break() {
            return Ok(Exit::Interrupted);
        }
    }
}

/// Returns a note on the days that other programs are syncing, if there are any.
fn held(synced: &Synced) -> Option<String> {
    let holders: BTreeSet<&str> =
        synced.held.iter().filter_map(|held| held.holder.as_deref()).collect();
    let holders = match holders.is_empty() {
        true => "another program".to_owned(),
        false => Vec::from_iter(holders).join(", "),
    };
    match synced.held.as_slice() {
        [] => None,
        [one] => Some(format!("{} is being synced by {holders}", one.day)),
        [first, .., last] => Some(format!(
            "{} days from {} to {} are being synced by {holders}",
            synced.held.len(),
            first.day,
            last.day
        )),
    }
}

/// Returns the exit code. Days that other programs are syncing don't count as unproven.
fn exit(synced: &Synced) -> Exit {
    if synced.is_proven() { Exit::Ok } else { Exit::Unproven }
}

/// Returns how long a read by any machine counts as new: 90 % of the time between two syncs, so
/// that several machines together read as often as one.
fn fresh(arguments: &SyncArgs) -> TimeDelta {
    let every = i64::from(arguments.every.unwrap_or_default());
    TimeDelta::seconds(every * 9 / 10)
}

/// Whether the next sync may succeed after this error.
fn is_temporary(error: &ArchiveError) -> bool {
    match error {
        ArchiveError::Request(error) => !error.is_auth(),
        // Another machine may hold the lock.
        ArchiveError::Locked { .. } | ArchiveError::LockLost { .. } => true,
        _ => false,
    }
}
