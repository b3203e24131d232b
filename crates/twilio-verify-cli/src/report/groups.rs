//! Writes the tables of countries, channels, carriers and prefixes.

use rust_decimal::Decimal;
use twilio_verify_insights::{Confidence, Counts};

use super::data::{Groups, Report};
use super::html::Html;
use super::text;
use crate::output::table::grouped;

/// The most groups in a table. The others are summed in a last row.
const ROWS: usize = 30;

/// Writes a table of groups, the largest first.
pub(super) fn section(html: &mut Html, report: &Report, groups: &Groups) {
    let rows = rows(groups);
    let total = report.total();
    html.raw("<section aria-labelledby=\"").text(groups.id).raw("\"><h2 id=\"").text(groups.id);
    html.raw("\">").text(groups.title).raw("</h2>");
    if let Some(limits) = &groups.limits {
        html.raw("<p class=\"note\">").text(limits).raw("</p>");
    }
    if rows.is_empty() {
        html.raw("<p>There are none.</p></section>");
        return;
    }
    let most = rows.iter().map(|(_, counts)| counts.attempts).max().unwrap_or(0);
    html.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html.text(groups.title).raw(", table\"><table><thead><tr><th scope=\"col\">");
    html.text(groups.one).raw("</th><th scope=\"col\" class=\"n\">Attempts</th>");
    html.raw("<th scope=\"col\" class=\"p wide\">Volume</th>")
        .raw("<th scope=\"col\" class=\"n wide\">Converted</th>")
        .raw("<th scope=\"col\" class=\"n\">Rate</th><th scope=\"col\" class=\"p\">Conversion</th>")
        .raw("<th scope=\"col\" class=\"n wide\">95 % interval</th></tr></thead><tbody>");
    for (name, counts) in &rows {
        html.raw("<tr><th scope=\"row\">").text(name).raw("</th><td class=\"n\">");
        html.text(grouped(counts.attempts)).raw("</td><td class=\"p wide\">");
        volume(html, counts, most);
        html.raw("</td><td class=\"n wide\">").text(grouped(counts.converted));
        html.raw("</td><td class=\"n\">").text(text::percent(counts.rate()));
        html.raw("</td><td class=\"p\">");
        range(html, counts, total.rate());
        html.raw("</td><td class=\"n wide\">").text(text::interval(counts)).raw("</td></tr>");
    }
    html.raw("</tbody></table></div></section>");
}

/// Returns the rows that are shown: the largest groups, and the sum of all others.
pub(super) fn rows(groups: &Groups) -> Vec<(String, Counts)> {
    let by = groups.table.by();
    let mut rows: Vec<(String, Counts)> = groups
        .table
        .cells()
        .map(|(labels, counts)| {
            let names = by.iter().zip(labels).map(|(by, label)| text::name(*by, label));
            (names.collect::<Vec<_>>().join(", "), counts.clone())
        })
        .collect();
    rows.sort_by(|(one, few), (other, many)| {
        many.attempts.cmp(&few.attempts).then_with(|| one.cmp(other))
    });
    let mut rest = groups.table.other().clone();
    let hidden = rows.len().saturating_sub(ROWS);
    for (_, counts) in rows.iter().skip(ROWS) {
        rest += counts;
    }
    rows.truncate(ROWS);
    if rest.attempts > 0 {
        let name = match hidden {
            0 => "Other".to_owned(),
            hidden => format!("Other ({})", grouped(hidden as u64)),
        };
        rows.push((name, rest));
    }
    rows
}

/// Draws a bar of converted and other attempts. `most` attempts fill the whole width.
fn volume(html: &mut Html, counts: &Counts, most: u64) {
    let share = |count: u64| {
        let share = Decimal::from(count) * Decimal::ONE_HUNDRED;
        text::float(share.checked_div(Decimal::from(most)).unwrap_or_default())
    };
    html.raw("<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"c\" d=\"M0 5H");
    html.place(share(counts.converted)).raw("\"/><path class=\"u\" d=\"M");
    html.place(share(counts.converted)).raw(" 5H").place(share(counts.attempts));
    html.raw("\"/></svg>");
}

/// Draws the interval of a rate, from 0 to 100 %, with the rate of all attempts as a line.
pub(super) fn range(html: &mut Html, counts: &Counts, all: Option<Decimal>) {
    html.raw("<svg class=\"range\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    if let Some(all) = all {
        html.raw("<path class=\"a\" d=\"M").place(text::float(all)).raw(" 0V10\"/>");
    }
    let interval = counts.interval(Confidence::P95);
    if let (Some(rate), Some(interval)) = (counts.rate(), interval) {
        html.raw("<path class=\"");
        html.raw(if counts.is_judged() { "i" } else { "i few" });
        html.raw("\" d=\"M").place(interval.low).raw(" 5H").place(interval.high);
        html.raw("\"/><path class=\"");
        html.raw(if counts.is_judged() { "m" } else { "m few" });
        html.raw("\" d=\"M").place(text::float(rate)).raw(" 1V9\"/>");
    }
    html.raw("</svg>");
}
