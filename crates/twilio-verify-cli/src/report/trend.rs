//! Writes the section on attempts and their conversion over time.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use twilio_verify_insights::{Confidence, Counts, Table};

use super::data::Report;
use super::html::Html;
use super::text;
use crate::output::table::grouped;
use crate::plots::chart::{Chart, Instant};
use crate::plots::svg::Svg;

/// The most points of a chart.
const POINTS: usize = 92;

/// The widths and heights of a chart: for wide windows and paper, and for phones.
const SIZES: [(u16, u16); 2] = [(960, 220), (380, 200)];

/// The time that a point of a chart covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Day,
    Week,
    Month,
}

impl Step {
    fn of(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => {
                let since = day.weekday().num_days_from_monday();
                day.checked_sub_days(Days::new(since.into())).unwrap_or(day)
            }
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// Returns the most seconds between two consecutive points.
    const fn seconds(self) -> i64 {
        86_400
            * match self {
                Self::Day => 1,
                Self::Week => 7,
                Self::Month => 31,
            }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week of",
            Self::Month => "Month of",
        }
    }
}

/// Converts a table of days to the points of a chart: days, or weeks or months if they are many.
pub(super) fn points(days: &Table) -> (Step, Vec<(NaiveDate, Counts)>) {
    let days: Vec<(NaiveDate, &Counts)> = days
        .cells()
        .filter_map(|(labels, counts)| Some((labels.first()?.as_str()?.parse().ok()?, counts)))
        .collect();
    let sum = |step: Step| {
        let mut points: BTreeMap<NaiveDate, Counts> = BTreeMap::new();
        for (day, counts) in &days {
            *points.entry(step.of(*day)).or_default() += *counts;
        }
        (step, points.into_iter().collect::<Vec<_>>())
    };
    let steps = [Step::Day, Step::Week].map(sum);
    let few = steps.into_iter().find(|(_, points)| points.len() <= POINTS);
    few.unwrap_or_else(|| sum(Step::Month))
}

/// Returns the chart of conversion, with the band of its intervals.
fn conversion(step: Step, points: &[(NaiveDate, Counts)]) -> Chart {
    let point = |(day, counts): &(NaiveDate, Counts)| {
        let interval = counts.interval(Confidence::P95)?;
        Some(Instant {
            at: day.and_time(NaiveTime::MIN).and_utc(),
            rate: text::float(counts.rate()?),
            low: interval.low,
            high: interval.high,
        })
    };
    Chart::Trend { points: points.iter().filter_map(point).collect(), step: step.seconds() }
}

/// Returns the chart of an amount.
pub(super) fn amounts(
    step: Step,
    points: &[(NaiveDate, Counts)],
    amount: impl Fn(&Counts) -> Decimal,
) -> Chart {
    let point = |(day, counts): &(NaiveDate, Counts)| {
        (day.and_time(NaiveTime::MIN).and_utc(), text::float(amount(counts)))
    };
    Chart::Amounts { points: points.iter().map(point).collect(), step: step.seconds() }
}

/// Writes a chart in both sizes. The page shows the one that fits the window.
pub(super) fn figure(html: &mut Html, caption: &str, chart: &Chart) {
    html.raw("<figure><figcaption>").text(caption).raw("</figcaption>");
    for ((width, height), class) in
        SIZES.into_iter().zip(["<div class=\"roomy\">", "<div class=\"narrow\">"])
    {
        html.raw(class).picture(&Svg::draw(chart, width, height)).raw("</div>");
    }
    html.raw("</figure>");
}

/// Writes the section.
pub(super) fn section(html: &mut Html, report: &Report) {
    let (step, points) = points(&report.days);
    html.raw("<section aria-labelledby=\"trend\"><h2 id=\"trend\">Trend</h2>");
    if points.is_empty() {
        html.raw("<p>There are no attempts.</p></section>");
        return;
    }
    let by = match step {
        Step::Day => "day",
        Step::Week => "week",
        Step::Month => "month",
    };
    let caption = format!("Conversion by {by} (UTC), and its 95 % interval as a band");
    figure(html, &caption, &conversion(step, &points));
    let caption = format!("Attempts by {by} (UTC)");
    figure(html, &caption, &amounts(step, &points, |counts| counts.attempts.into()));
    html.raw("<details><summary>Numbers by ").text(by);
    html.raw("</summary><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Trend, table\"><table><thead><tr><th scope=\"col\">");
    html.text(step.name());
    html.raw("</th><th scope=\"col\" class=\"n\">Attempts</th><th scope=\"col\" class=\"n\">Converted</th>")
        .raw("<th scope=\"col\" class=\"n\">Rate</th><th scope=\"col\" class=\"n\">95 % interval</th></tr></thead><tbody>");
    for (day, counts) in &points {
        html.raw("<tr><th scope=\"row\">").text(day).raw("</th><td class=\"n\">");
        html.text(grouped(counts.attempts)).raw("</td><td class=\"n\">");
        html.text(grouped(counts.converted)).raw("</td><td class=\"n\">");
        html.text(text::percent(counts.rate())).raw("</td><td class=\"n\">");
        html.text(text::interval(counts)).raw("</td></tr>");
    }
    html.raw("</tbody></table></div></details></section>");
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};
    use twilio_verify_insights::{By, Counts, Label, Table};

    use super::{Step, points};

    #[test]
    fn many_days_are_weeks_or_months_and_none_is_lost() {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for (days, step, most) in [
            (30, Step::Day, 30),
            (92, Step::Day, 92),
            (93, Step::Week, 15),
            (1000, Step::Month, 34),
        ] {
            let mut table = Table::new([By::Day]);
            for day in 0..days {
                let day = first.checked_add_days(Days::new(day)).unwrap().to_string();
                table.add([Label::from(day.as_str())], &Counts::new(3, 2, 1)).unwrap();
            }
            let (found, points) = points(&table);
            assert_eq!((found, points.len() <= most), (step, true), "{days}");
            let sum: u64 = points.iter().map(|(_, counts)| counts.attempts).sum();
            assert_eq!(sum, 3 * days);
        }
    }
}
