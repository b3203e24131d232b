//! Runs `attempts replay`.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use twilio_verify_insights::{Currency, EpisodeState, Observation, Replay};

use super::event::Notice;
use super::lines::{Lines, output};
use super::replay_args::ReplayArgs;
use crate::commands::insights::archive::{Opened, failure};
use crate::failure::report::Failure;
use crate::output::log;
use crate::output::progress::Bar;
use crate::output::table;
use crate::output::writer::Output;
use crate::values::zone::Zone;

const FLAG: &str = "attempts replay <DIR>";

/// The time between looks: the default of `attempts watch`.
const STEP: TimeDelta = TimeDelta::minutes(1);

/// Looks at an archive as `attempts watch` would have done.
pub(crate) async fn run(
    arguments: ReplayArgs,
    written: Output,
    quiet: bool,
) -> Result<(), Failure> {
    let opened = Opened::open(&arguments.archive, FLAG).await?;
    let Some(period) = Looked::of(&opened, &arguments, written.zone())? else {
        log::line("note: the archive has no attempts in this period");
        return Ok(());
    };
    let mut output = output(written.options().clone());
    let mut lines = Lines::new(&mut output)?;
    let detector = arguments.detector.detector();
    let mut replay = Replay::new(detector, period.from);
    replay = replay.known_from(opened.state.begin.unwrap_or(period.begin));
    let mut summary = Summary::default();
    let bar = Bar::new("days", quiet);
    let days = opened.days.iter().filter(|day| start(**day) < period.to);
    let mut now = period.from;
    let all = days.clone().count() as u64;
    for (done, day) in days.enumerate() {
        bar.show(done as u64, all);
        // Days may be missing from the archive, and attempts may convert in them.
        while now + STEP <= start(*day) {
            now += STEP;
            step(&mut replay, now, &mut lines, &mut summary)?;
        }
        let rows = opened.archive.rows(*day).await.map_err(|error| failure(FLAG, &error))?;
        rows.iter().for_each(|row| replay.add(Observation::from(row)));
        let end =
            start(*day).checked_add_days(Days::new(1)).map_or(period.to, |end| end.min(period.to));
        while now + STEP <= end {
            now += STEP;
            step(&mut replay, now, &mut lines, &mut summary)?;
        }
    }
    bar.end();
    lines.end()?;
    log::line(&summary.text(&period, written.zone()));
    Ok(())
}

fn step(
    replay: &mut Replay,
    now: DateTime<Utc>,
    lines: &mut Lines<'_>,
    summary: &mut Summary,
) -> Result<(), Failure> {
    for event in replay.advance(now) {
        let notice = Notice { event, at: now };
        summary.add(&notice);
        lines.print(&notice)?;
    }
    Ok(())
}

fn start(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// The period that is replayed.
struct Looked {
    /// The first instant of the archive.
    begin: DateTime<Utc>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Looked {
    /// Returns the period of the arguments within the archive, or `None` if it is empty.
    fn of(opened: &Opened, arguments: &ReplayArgs, zone: Zone) -> Result<Option<Self>, Failure> {
        let (Some(first), Some(last)) = (opened.days.first(), opened.days.last()) else {
            return Ok(None);
        };
        let begin = opened.state.begin.unwrap_or(start(*first)).max(start(*first));
        let last = start(*last).checked_add_days(Days::new(1)).unwrap_or(start(*last));
        let end = opened.state.watermark.map_or(last, |watermark| watermark.min(last)).max(begin);
        let length = end - begin;
        let history = match length.num_days() {
            35.. => TimeDelta::days(28),
            14..35 => TimeDelta::days(7),
            _ => length / 2,
        };
        let from = arguments.from.map_or(begin + history, |from| from.at(zone));
        let to = arguments.to.map_or(end, |to| to.at(zone)).min(end);
        if from < begin {
            return Err(Failure::usage(
                format!("--from <DATE>: the archive begins at {}", zone.rfc3339(begin)),
                "name a later instant: what is before it is compared with",
            ));
        }
        Ok((from < to).then_some(Self { begin, from, to }))
    }
}

/// The totals of all findings.
#[derive(Default)]
struct Summary {
    started: u64,
    ended: u64,
    kinds: BTreeMap<&'static str, u64>,
    /// The cost of findings when they were reported; `at_last` is their cost when they ended.
    at_first: BTreeMap<Currency, Decimal>,
    at_last: BTreeMap<Currency, Decimal>,
}

impl Summary {
    fn add(&mut self, notice: &Notice) {
        let costs = match notice.event.state {
            EpisodeState::Started => {
                self.started += 1;
                *self.kinds.entry(notice.event.finding.kind.as_str()).or_default() += 1;
                &mut self.at_first
            }
            EpisodeState::Ended => {
                self.ended += 1;
                &mut self.at_last
            }
            _ => return,
        };
        for (currency, cost) in notice.event.finding.waste.iter() {
            let sum = costs.entry(currency).or_default();
            *sum = sum.saturating_add(cost.sum);
        }
    }

    fn text(&self, period: &Looked, zone: Zone) -> String {
        let length = match (period.to - period.from).num_hours() {
            hours @ ..48 => format!("{hours} hours"),
            hours => format!("{} days", hours / 24),
        };
        let (from, to) = (zone.rfc3339(period.from), zone.rfc3339(period.to));
        let mut text = format!("note: {from} to {to}, {length}: ");
        let _ = match self.started {
            0 => write!(text, "no findings"),
            1 => write!(text, "1 finding"),
            count => write!(text, "{} findings", table::grouped(count)),
        };
        let kinds: Vec<String> =
            self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        if !kinds.is_empty() {
            let _ = write!(text, " ({}), {} of them ended", kinds.join(", "), self.ended);
        }
        for (currency, at_first) in &self.at_first {
            let _ = write!(text, "; {at_first:.2} {currency} were spent when they were reported");
            if let Some(at_last) = self.at_last.get(currency) {
                let _ = write!(text, ", {at_last:.2} {currency} when they ended");
            }
        }
        text
    }
}
