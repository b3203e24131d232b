//! When each change of an attempt becomes visible.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use rust_decimal::Decimal;
use twilio_verify_emulator::{Attempt, Channel, ConversionStatus, ErrorCode};
use twilio_verify_insights::Observation;

/// Returns the final observation of an attempt.
pub fn observation(attempt: &Attempt) -> Observation {
    let data = &attempt.channel_data;
    let mut observation = Observation::new(attempt.sid.to_string(), attempt.date_created);
    observation.updated = Some(attempt.date_updated);
    observation.service = attempt.service_sid.to_string().into();
    observation.channel = attempt.channel.to_string().into();
    observation.country = data.country.map(|country| country.to_string()).into();
    observation.carrier = data.carrier.clone().into();
    observation.converted = Some(attempt.conversion_status == ConversionStatus::Converted);
    let status = data.message_status.as_deref().or(data.call_status.as_deref());
    observation.undelivered =
        matches!(status, Some("undelivered" | "failed" | "no-answer" | "busy"));
    observation.error_code = match &data.error_code {
        Some(ErrorCode::Text(code)) => Some(code.clone()).into(),
        _ => None::<String>.into(),
    };
    observation.price =
        attempt.price.as_ref().and_then(|price| Some((price.currency.parse().ok()?, price.value)));
    match &data.to {
        Some(to) if attempt.channel != Channel::Email => observation.to(to),
        _ => observation,
    }
}

/// An observation, and when it is made.
pub type Event = (DateTime<Utc>, Observation);

/// Returns the observations of attempts while they happen, sorted by time: each when it is made, when it converts, and
/// when its price is known, after one to twelve hours. A failure is seen after half a minute.
pub fn events(attempts: &[Attempt], random: &mut Rng) -> Vec<Event> {
    let mut events = Vec::with_capacity(3 * attempts.len());
    for attempt in attempts {
        let last = observation(attempt);
        let mut first = last.clone();
        first.converted = Some(false);
        first.updated = Some(first.created);
        first.price = None::<(_, Decimal)>;
        first.undelivered = false;
        first.error_code = None::<String>.into();
        events.push((first.created, first.clone()));
        if last.undelivered {
            first.undelivered = true;
            first.error_code = last.error_code.clone();
            let seen = first.created + TimeDelta::seconds(30);
            first.updated = Some(seen);
            events.push((seen, first.clone()));
        }
        if last.converted == Some(true) {
            first.converted = last.converted;
            first.updated = last.updated;
            events.push((attempt.date_updated, first.clone()));
        }
        if last.price.is_some() {
            let known = last.created + TimeDelta::seconds(random.i64(3_600..43_200));
            first.price = last.price;
            first.updated = Some(known.max(attempt.date_updated));
            events.push((known.max(attempt.date_updated), first));
        }
    }
    events.sort_by_key(|(seen, _)| *seen);
    events
}
