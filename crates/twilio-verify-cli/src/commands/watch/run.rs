//! Runs `attempts watch`.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempts, Error};
use twilio_verify_insights::{Calls, Look, Scale, Started, WatchExt, Watcher};

#[cfg(feature = "archive")]
use super::archive::Source;
use super::args::WatchArgs;
use super::event::Notice;
use super::lines::{Lines, output};
use super::notices::Notices;
use super::outage::Outage;
use crate::commands::args::given;
use crate::commands::repeat::Repeat;
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::note::note;
use crate::output::table;
use crate::output::writer::Output;
use crate::session::requests::Session;
use crate::session::signals;
use crate::values::zone::Zone;

/// If reading the history takes longer than this, a note says what is being done.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long Ctrl-C waits for findings that are being sent.
const GRACE: Duration = Duration::from_secs(5);

/// Watches until Ctrl-C, or looks once.
pub(crate) async fn run(arguments: WatchArgs, mut session: Session) -> Result<Exit, Failure> {
    let end = signals::end().map_err(Failure::system)?;
    let notices = Notices::new(arguments.webhook()?, arguments.exec.clone());
    let mut output = output(session.output().options().clone());
    let ended = {
        let attempts = session.client.attempts();
        let watched = watch(&arguments, attempts, &mut output, &notices);
        tokio::select! {
            ended = watched => ended,
            () = end => Ok(Exit::Interrupted),
        }
    };
    let again = signals::end().map_err(Failure::system)?;
    match ended {
        Ok(Exit::Interrupted) => {
            notices.end(async { drop(tokio::time::timeout(GRACE, again).await) }).await;
        }
        _ => notices.end(again).await,
    }
    ended
}

async fn watch(
    arguments: &WatchArgs,
    attempts: Attempts,
    output: &mut Output,
    notices: &Notices,
) -> Result<Exit, Failure> {
    let zone = output.zone();
    let mut watching = watcher(arguments, attempts).await?;
    let mut lines = Lines::new(output)?;
    let mut outage = Outage::new(zone);
    let mut scale = Scale::Listed;
    let mut repeat = Repeat::new(Some(arguments.every))?;
    loop {
        let now = Utc::now();
        match watching.look(now, zone).await {
            Ok(look) => {
                outage.succeeded(now);
                for event in &look.events {
                    let notice = Notice { event: event.clone(), at: now };
                    lines.print(&notice)?;
                    notices.send(&notice);
                }
                if look.scale != scale {
                    scale = look.scale;
                    note(about(scale));
                }
                if arguments.once {
                    lines.end()?;
                    let found = watching.watcher.open().next().is_some();
                    return Ok(if found { Exit::Findings } else { Exit::Ok });
                }
            }
            Err(error) if arguments.once || (!watching.is_started && error.is_auth()) => {
                return Err(error.into());
            }
            Err(error) => outage.failed(&error, now),
        }
        if repeat.wait().await.is_break() {
            return Ok(Exit::Interrupted);
        }
    }
}

/// Notes how much history is known before the first look.
fn report(started: &Started, now: DateTime<Utc>, zone: Zone) {
    let calls = match started.calls {
        1 => "1 call".to_owned(),
        calls => format!("{} calls", table::grouped(calls)),
    };
    let (listed, from) = (table::grouped(started.listed), zone.rfc3339(started.from));
    note(&format!(
        "{listed} attempts since {from} were listed in {calls}; looking for what is unusual"
    ));
    let Some(missing) = started.missing else { return };
    let (from, to) = (zone.rfc3339(missing.from()), zone.rfc3339(missing.to()));
    let known = now - missing.to();
    let hint = match known < TimeDelta::days(7) {
        true => "; with less than a week nothing is compared with the same hour of the week",
        false => "",
    };
    note(&format!(
        "attempts from {from} to {to} are not known, as --budget is too small for them or Twilio has \
         deleted them{hint}; `attempts sync` and --from-archive keep them"
    ));
}

fn about(scale: Scale) -> &'static str {
    match scale {
        Scale::Large => {
            "more attempts are made than one call lists: they are counted, and listed only while their \
             number or rate is unusual"
        }
        _ => "one call lists all new attempts again",
    }
}

/// Creates a watcher, with the history of the archive if one was given.
async fn watcher(arguments: &WatchArgs, attempts: Attempts) -> Result<Watching, Failure> {
    let watch =
        attempts.watch().detector(arguments.detector.detector()).budget(Calls(arguments.budget));
    let watch = given!(
        watch,
        service: arguments.verify_service_sid.clone(),
        country: arguments.country.clone(),
    );
    #[cfg(feature = "archive")]
    if let Some(folder) = &arguments.from_archive {
        let mut source = Source::new(folder.clone(), arguments);
        let (history, until) = source.history().await?;
        let watcher = watch.history(history, until).build();
        return Ok(Watching { watcher, is_started: false, archive: Some(source) });
    }
    Ok(Watching {
        watcher: watch.build(),
        is_started: false,
        #[cfg(feature = "archive")]
        archive: None,
    })
}

/// A watcher, and the archive that it reads.
struct Watching {
    watcher: Watcher,
    is_started: bool,
    #[cfg(feature = "archive")]
    archive: Option<Source>,
}

impl Watching {
    /// Looks once. Reads the history before the first look.
    async fn look(&mut self, now: DateTime<Utc>, zone: Zone) -> Result<Look, Error> {
        if !self.is_started {
            let mut start = pin!(self.watcher.start(now));
            let started = tokio::select! {
                started = &mut start => started?,
                () = tokio::time::sleep(PATIENCE) => {
                    note("listing attempts, to know what is usual: a minute for each 60,000");
                    start.await?
                }
            };
            self.is_started = true;
            report(&started, now, zone);
        }
        #[cfg(feature = "archive")]
        if let Some(archive) = &mut self.archive {
            archive.renew(&mut self.watcher, now).await;
        }
        self.watcher.tick(now).await
    }
}
