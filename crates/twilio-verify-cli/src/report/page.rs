//! Writes the page of a report.

use super::data::Report;
use super::html::Html;
use super::{cost, evidence, findings, groups, summary, trend};

/// The styles of the page.
const STYLE: &str = include_str!("style.css");

/// Returns the page. It has no script, and its policy allows no requests.
pub(crate) fn write(report: &Report) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\">")
        .raw("<meta name=\"referrer\" content=\"no-referrer\"><link rel=\"icon\" href=\"data:,\">")
        .raw("<title>Verification attempts</title><style>\n")
        .raw(STYLE)
        .raw("</style></head><body><main>\n");
    let findings = findings::findings(report);
    summary::section(&mut html, report, &findings);
    html.raw("\n");
    trend::section(&mut html, report);
    html.raw("\n");
    findings::section(&mut html, report, &findings);
    for groups in &report.groups {
        html.raw("\n");
        groups::section(&mut html, report, groups);
    }
    html.raw("\n");
    cost::section(&mut html, report);
    html.raw("\n");
    evidence::section(&mut html, report);
    html.raw("\n</main><footer>Bar: converted and other attempts. Range: the 95 % interval of the rate, by Wilson’s formula, from 0 to 100 %; the line is the rate of all attempts. Pale: fewer than 20 attempts.</footer></body></html>\n");
    html.finish()
}
