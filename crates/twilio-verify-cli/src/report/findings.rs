//! Finds the groups that convert less than all attempts together.

use rust_decimal::Decimal;
use twilio_verify_insights::{Confidence, Counts};

use super::data::{Groups, Report};
use super::groups::range;
use super::html::Html;
use super::text;
use crate::output::table::grouped;

/// The most findings that are shown.
const SHOWN: usize = 15;

/// A group whose rate is below that of all attempts by more than chance.
pub(super) struct Finding {
    /// The name of the group, such as `Country: Nigeria (NG)`.
    pub(super) name: String,
    pub(super) counts: Counts,
    /// The number of attempts that would also have converted at the rate of all attempts.
    pub(super) missing: Decimal,
}

/// Returns all findings, those with the most missing conversions first. A group is a finding if it
/// has at least 20 attempts, and its interval is wholly below the rate of all.
pub(super) fn findings(report: &Report) -> Vec<Finding> {
    let total = report.total();
    let Some(rate) = total.rate() else {
        return Vec::new();
    };
    let of = |groups: &Groups| {
        let by = groups.table.by().to_vec();
        let cells = groups.table.cells();
        let found: Vec<Finding> = cells
            // E-mails have no number, carrier or country; their channel covers them.
            .filter(|(labels, _)| labels.iter().all(|label| label.as_str().is_some()))
            .filter(|(_, counts)| counts.is_judged() && counts.attempts < total.attempts)
            .filter(|(_, counts)| {
                let interval = counts.interval(Confidence::P95);
                interval.is_some_and(|interval| interval.high < text::float(rate))
            })
            .map(|(labels, counts)| {
                let names = by.iter().zip(labels).map(|(by, label)| text::name(*by, label));
                Finding {
                    name: format!("{}: {}", groups.one, names.collect::<Vec<_>>().join(", ")),
                    missing: Decimal::from(counts.attempts) * rate / Decimal::ONE_HUNDRED
                        - Decimal::from(counts.converted),
                    counts: counts.clone(),
                }
            })
            .collect();
        found
    };
    let mut findings: Vec<Finding> =
        report.groups.iter().chain(&report.finer).flat_map(of).collect();
    findings.sort_by(|one, other| other.missing.cmp(&one.missing).then(one.name.cmp(&other.name)));
    findings
}

/// Writes the section.
pub(super) fn section(html: &mut Html, report: &Report, findings: &[Finding]) {
    html.raw("<section aria-labelledby=\"findings\"><h2 id=\"findings\">Findings</h2>");
    let rate = report.total().rate();
    html.raw("<p class=\"note\">Groups of at least 20 attempts whose 95 % interval lies wholly below the rate of all attempts, ");
    html.text(text::percent(rate));
    html.raw(". Fewer of their codes were entered than elsewhere; the counts don’t say why. One group may contain another.</p>");
    if findings.is_empty() {
        html.raw("<p>There are none.</p></section>");
        return;
    }
    html.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Findings, table\"><table><thead><tr>")
        .raw("<th scope=\"col\">Group</th><th scope=\"col\" class=\"n\">Attempts</th>")
        .raw("<th scope=\"col\" class=\"n\">Rate</th><th scope=\"col\" class=\"n wide\">95 % interval</th>")
        .raw("<th scope=\"col\" class=\"p wide\">Conversion</th>")
        .raw("<th scope=\"col\" class=\"n\">Missing conversions</th></tr></thead><tbody>");
    for finding in findings.iter().take(SHOWN) {
        html.raw("<tr><th scope=\"row\">").text(&finding.name).raw("</th><td class=\"n\">");
        html.text(grouped(finding.counts.attempts)).raw("</td><td class=\"n\">");
        html.text(text::percent(finding.counts.rate())).raw("</td><td class=\"n wide\">");
        html.text(text::interval(&finding.counts)).raw("</td><td class=\"p wide\">");
        range(html, &finding.counts, rate);
        html.raw("</td><td class=\"n\">");
        html.text(text::rounded(finding.missing, 0)).raw("</td></tr>");
    }
    html.raw("</tbody></table></div>");
    if findings.len() > SHOWN {
        html.raw("<p class=\"note\">").text(findings.len() - SHOWN);
        html.raw(" more miss fewer conversions each.</p>");
    }
    html.raw("</section>");
}
