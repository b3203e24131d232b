//! Formats numbers and names.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use twilio_verify::Country;
use twilio_verify_insights::{By, Confidence, Counts, Label};

/// The most characters of a name that are shown.
const NAME: usize = 60;

/// Formats a number with this many decimals.
pub(super) fn rounded(number: Decimal, decimals: u32) -> String {
    // Formatting truncates decimals instead of rounding them.
    let number = number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    format!("{number:.*}", decimals as usize)
}

/// Formats a rate, as `73.2 %`.
pub(super) fn percent(rate: Option<Decimal>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{} %", rounded(rate, 1)))
}

/// Formats the interval of a rate, as `71.0 to 75.1 %`.
pub(super) fn interval(counts: &Counts) -> String {
    match counts.interval(Confidence::P95) {
        Some(interval) if counts.is_judged() => {
            format!("{:.1} to {:.1} %", interval.low, interval.high)
        }
        _ => "too few".to_owned(),
    }
}

/// Formats an amount, as `1234.56`. Amounts below 1 have four decimals.
pub(super) fn amount(amount: Decimal) -> String {
    let is_small = amount.abs() < Decimal::ONE && !amount.is_zero();
    rounded(amount, if is_small { 4 } else { 2 })
}

/// Formats an amount in a currency, as `1234.56 USD`.
pub(super) fn money(sum: Decimal, currency: &str) -> String {
    format!("{} {currency}", amount(sum))
}

/// Returns the name of a label for people.
pub(super) fn name(by: By, label: &Label) -> String {
    let Some(text) = label.as_str() else {
        return match by {
            By::Country => "No country (e-mail)",
            By::Prefix(_) => "No number",
            By::Carrier => "No carrier",
            _ => "None",
        }
        .to_owned();
    };
    let country = (by == By::Country).then(|| text.parse::<Country>().ok()).flatten();
    match country.as_ref().and_then(Country::name) {
        Some(name) => format!("{name} ({text})"),
        None if text.chars().count() > NAME => text.chars().take(NAME - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// Converts a decimal to a float, to draw it.
pub(super) fn float(number: Decimal) -> f64 {
    number.to_f64().unwrap_or_default()
}
