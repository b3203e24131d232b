//! Writes the section on the cost of attempts and conversions.

use rust_decimal::Decimal;
use twilio_verify_insights::Counts;

use super::data::{Groups, Report};
use super::html::Html;
use super::{groups, text, trend};
use crate::output::table::grouped;

/// Writes the section. Different currencies are never added up.
pub(super) fn section(html: &mut Html, report: &Report) {
    html.raw("<section aria-labelledby=\"cost\"><h2 id=\"cost\">Cost</h2>");
    let total = report.total();
    if total.cost.is_empty() {
        html.raw("<p>No prices are known. The API’s list has them, a day after the attempt at the latest; the summaries have none.</p></section>");
        return;
    }
    html.raw("<p class=\"note\">");
    html.text(match &report.fee {
        Some(fee) => format!(
            "With a fee of {} for each conversion, which the prices of attempts leave out.",
            text::money(fee.amount, &fee.currency)
        ),
        None => "Without the fee for each conversion, which the prices of attempts leave out: \
                 --fee adds it."
            .to_owned(),
    });
    html.raw(" A price may come a day after the attempt: where some are missing, a cost is a lower bound.</p>");
    let currencies = report.currencies();
    if currencies.len() > 1 {
        html.raw("<p class=\"note\">Each currency is summed by itself.</p>");
    }
    html.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Cost, table\"><table><thead><tr><th scope=\"col\">Country</th>");
    for currency in &currencies {
        html.raw("<th scope=\"col\" class=\"n\">Attempts, ").text(currency);
        html.raw("</th><th scope=\"col\" class=\"n\">Per conversion, ").text(currency);
        html.raw("</th>");
    }
    html.raw("<th scope=\"col\" class=\"n\">Priced</th></tr></thead><tbody>");
    row(html, report, &currencies, "All", &total, true);
    for (name, counts) in report.groups.first().map(dearest).unwrap_or_default() {
        row(html, report, &currencies, &name, &counts, false);
    }
    html.raw("</tbody></table></div>");
    let (step, points) = trend::points(&report.days);
    for (currency, _) in total.cost.iter() {
        let currency = currency.to_string();
        let caption = format!("Prices of attempts over time, {currency}");
        let chart = trend::amounts(step, &points, |counts| sum(counts, &currency));
        trend::figure(html, &caption, &chart);
    }
    html.raw("</section>");
}

fn row(
    html: &mut Html,
    report: &Report,
    currencies: &[String],
    name: &str,
    counts: &Counts,
    is_total: bool,
) {
    html.raw(if is_total { "<tr class=\"total\">" } else { "<tr>" });
    html.raw("<th scope=\"row\">").text(name).raw("</th>");
    for currency in currencies {
        html.raw("<td class=\"n\">").text(text::amount(sum(counts, currency)));
        html.raw("</td><td class=\"n\">");
        let each = counts.cost_per_conversion(currency, report.fee_in(currency));
        html.text(each.map_or_else(|| "-".to_owned(), text::amount)).raw("</td>");
    }
    html.raw("<td class=\"n\">").text(priced(counts)).raw("</td></tr>");
}

/// Formats the share of attempts that have a price, as `99.1 % of 10,000`.
fn priced(counts: &Counts) -> String {
    let priced: u64 = counts.cost.iter().map(|(_, cost)| cost.priced).sum();
    let share = Decimal::from(priced) * Decimal::ONE_HUNDRED;
    let share = share.checked_div(Decimal::from(counts.attempts));
    format!("{} of {}", text::percent(share), grouped(counts.attempts))
}

/// Returns the groups of a table, the most expensive first, without those that have no price.
fn dearest(countries: &Groups) -> Vec<(String, Counts)> {
    let mut rows = groups::rows(countries);
    rows.retain(|(_, counts)| !counts.cost.is_empty());
    // Sort by the first currency, as amounts in different currencies can't be compared.
    let most = |counts: &Counts| {
        counts.cost.iter().next().map(|(_, cost)| cost.sum.abs()).unwrap_or_default()
    };
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse(most(counts)));
    rows
}

fn sum(counts: &Counts, currency: &str) -> Decimal {
    counts.cost.get(currency).map(|cost| cost.sum).unwrap_or_default()
}
