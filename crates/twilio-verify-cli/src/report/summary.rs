//! Writes the head of the page: what was counted, and the main numbers.

use chrono::SecondsFormat;

use super::data::Report;
use super::findings::Finding;
use super::html::Html;
use super::text;
use crate::output::table::grouped;

/// Writes the head and the main numbers.
pub(super) fn section(html: &mut Html, report: &Report, findings: &[Finding]) {
    let total = report.total();
    html.raw("<header><h1>Verification attempts</h1><dl class=\"facts\">");
    fact(html, "Source", &report.source);
    if let Some(period) = report.period {
        fact(html, "Period", &period.to_string());
    }
    for (name, value) in &report.filters {
        fact(html, name, value);
    }
    fact(html, "Made", &report.made.to_rfc3339_opts(SecondsFormat::Secs, true));
    html.raw("</dl></header><section aria-labelledby=\"numbers\"><h2 id=\"numbers\" class=\"offscreen\">Numbers</h2><dl class=\"cards\">");
    card(html, "Attempts", &grouped(total.attempts), "");
    card(html, "Converted", &grouped(total.converted), "");
    card(html, "Unconverted", &grouped(total.unconverted), "");
    let interval = match total.is_judged() {
        true => format!("95 %: {}", text::interval(&total)),
        false => "too few to judge".to_owned(),
    };
    card(html, "Conversion", &text::percent(total.rate()), &interval);
    for (currency, cost) in total.cost.iter() {
        let currency = &currency.to_string();
        let each = total.cost_per_conversion(currency, report.fee_in(currency));
        let each = each.map(|each| format!("{} a conversion", text::amount(each)));
        let name = format!("Cost, {currency}");
        // The fees are included, as in the cost of a conversion.
        let fees = report.fee_in(currency).saturating_mul(total.converted.into());
        let sum = cost.sum.saturating_add(fees);
        card(html, &name, &text::amount(sum), &each.unwrap_or_default());
    }
    html.raw("</dl><p class=\"verdict\">").text(verdict(report, findings)).raw("</p></section>");
}

fn fact(html: &mut Html, name: &str, value: &str) {
    html.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>");
}

fn card(html: &mut Html, name: &str, value: &str, below: &str) {
    html.raw("<div><dt>").text(name).raw("</dt><dd>").text(value);
    if !below.is_empty() {
        html.raw("<small>").text(below).raw("</small>");
    }
    html.raw("</dd></div>");
}

fn verdict(report: &Report, findings: &[Finding]) -> String {
    let total = report.total();
    let Some(rate) = total.rate() else {
        return "There are no attempts.".to_owned();
    };
    let all = text::percent(Some(rate));
    match findings {
        [] => format!("No group converts below the {all} of all attempts by more than chance."),
        [one] => format!("1 group converts below the {all} of all attempts: {}.", one.name),
        [first, ..] => format!(
            "{} groups convert below the {all} of all attempts; most conversions are missing in {}.",
            findings.len(),
            first.name
        ),
    }
}
