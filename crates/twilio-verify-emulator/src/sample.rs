//! Made-up attempts: a plausible month of them.

use std::cmp::Reverse;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use crate::attempt::{Attempt, Channel, ChannelData, ConversionStatus, ErrorCode, Price};
use crate::country::Country;
use crate::sid::{AttemptSid, ServiceSid, VerificationSid};

/// The services that [`sample`] makes attempts of: a sign-up, a log-in and a payment, the log-in the busiest.
pub const SAMPLE_SERVICES: [ServiceSid; 3] = [
    ServiceSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0001),
    ServiceSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0002),
    ServiceSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0003),
];

/// Shares of the services, in percent, and what they add to the conversion, in points.
const SERVICES: [(u32, f64); 3] = [(30, -0.04), (55, 0.02), (15, 0.05)];

const SECONDS: i64 = 30 * 24 * 60 * 60;
/// After so many seconds a code is no longer valid (documented by Twilio).
const CODE_VALID: i64 = 10 * 60;

/// What a country's attempts are like.
struct Profile {
    code: &'static str,
    share: u32,
    /// Hours that its clocks are ahead of GMT.
    offset: i64,
    locale: &'static str,
    /// What it adds to the conversion, in points.
    conversion: f64,
    /// Prices in 1/10000 USD: of a message, of a call.
    price: (i64, i64),
    /// `#` is any digit. These are the numbers that the regulator keeps for fiction, where there are such; in
    /// India, of a prefix that no mobile has; elsewhere, from the block of zeros of a mobile prefix.
    numbers: &'static [&'static str],
    /// MCC, MNC, name.
    carriers: &'static [(&'static str, &'static str, &'static str)],
}

#[rustfmt::skip]
const COUNTRIES: [Profile; 14] = [
    Profile { code: "US", share: 22, offset: -5, locale: "en", conversion: 0.04, price: (79, 140),
        numbers: &["+120255501##", "+121255501##", "+130555501##", "+141555501##", "+151255501##", "+161755501##", "+131255501##", "+120655501##"],
        carriers: &[("310", "260", "T-Mobile"), ("311", "480", "Verizon"), ("310", "410", "AT&T")] },
    Profile { code: "GB", share: 9, offset: 0, locale: "en-GB", conversion: 0.05, price: (405, 300),
        numbers: &["+447700900###"],
        carriers: &[("234", "10", "O2"), ("234", "15", "Vodafone"), ("234", "30", "EE")] },
    Profile { code: "CO", share: 10, offset: -5, locale: "es", conversion: -0.02, price: (50, 450),
        numbers: &["+57300000####", "+57301000####", "+57305000####", "+57310000####", "+57315000####", "+57320000####"],
        carriers: &[("732", "101", "Claro"), ("732", "103", "Tigo"), ("732", "123", "Movistar")] },
    Profile { code: "BR", share: 10, offset: -3, locale: "pt-BR", conversion: -0.01, price: (420, 520),
        numbers: &["+551190000####", "+552190000####", "+553190000####"],
        carriers: &[("724", "06", "Vivo"), ("724", "05", "Claro"), ("724", "02", "TIM")] },
    Profile { code: "MX", share: 8, offset: -6, locale: "es-MX", conversion: -0.03, price: (350, 340),
        numbers: &["+52550000####", "+52330000####", "+52810000####"],
        carriers: &[("334", "020", "Telcel"), ("334", "050", "AT&T"), ("334", "030", "Movistar")] },
    Profile { code: "IN", share: 12, offset: 5, locale: "hi", conversion: -0.06, price: (832, 600),
        numbers: &["+9155500#####", "+9156500#####", "+9157500#####"],
        carriers: &[("405", "857", "Jio"), ("404", "10", "Airtel"), ("404", "20", "Vi")] },
    Profile { code: "DE", share: 6, offset: 1, locale: "de", conversion: 0.07, price: (1004, 950),
        numbers: &["+49176040690##", "+4917139200##"],
        carriers: &[("262", "01", "Telekom"), ("262", "02", "Vodafone"), ("262", "03", "O2")] },
    Profile { code: "FR", share: 5, offset: 1, locale: "fr", conversion: 0.06, price: (798, 700),
        numbers: &["+3363998####"],
        carriers: &[("208", "01", "Orange"), ("208", "10", "SFR"), ("208", "20", "Bouygues")] },
    Profile { code: "ES", share: 4, offset: 1, locale: "es", conversion: 0.04, price: (725, 680),
        numbers: &["+3460000####", "+3465000####"],
        carriers: &[("214", "07", "Movistar"), ("214", "03", "Orange"), ("214", "01", "Vodafone")] },
    Profile { code: "AU", share: 3, offset: 10, locale: "en-AU", conversion: 0.05, price: (515, 750),
        numbers: &["+61491570006", "+61491570156", "+61491570157", "+61491570158", "+61491570159", "+61491570110", "+61491570313", "+61491570737", "+61491571266", "+61491571491", "+61491571804", "+61491572549", "+61491572665", "+61491572983", "+61491573770", "+61491573087"],
        carriers: &[("505", "01", "Telstra"), ("505", "02", "Optus"), ("505", "03", "Vodafone")] },
    Profile { code: "NG", share: 4, offset: 1, locale: "en", conversion: -0.14, price: (2900, 1800),
        numbers: &["+234803000####", "+234805000####"],
        carriers: &[("621", "30", "MTN"), ("621", "20", "Airtel"), ("621", "50", "Glo")] },
    Profile { code: "ID", share: 4, offset: 7, locale: "id", conversion: -0.17, price: (4414, 1900),
        numbers: &["+628110000###", "+628570000###"],
        carriers: &[("510", "10", "Telkomsel"), ("510", "01", "Indosat"), ("510", "11", "XL")] },
    Profile { code: "PH", share: 2, offset: 8, locale: "tl", conversion: -0.09, price: (2090, 1600),
        numbers: &["+63917000####", "+63918000####"],
        carriers: &[("515", "02", "Globe"), ("515", "03", "Smart")] },
    Profile { code: "ZA", share: 1, offset: 2, locale: "en-ZA", conversion: -0.05, price: (1089, 900),
        numbers: &["+27820000###", "+27830000###"],
        carriers: &[("655", "01", "Vodacom"), ("655", "10", "MTN"), ("655", "07", "Cell C")] },
];

/// How often a channel is used, in percent, and how often its codes come back.
const CHANNELS: [(Channel, u32, f64); 5] = [
    (Channel::Sms, 68, 0.76),
    (Channel::Whatsapp, 14, 0.85),
    (Channel::Email, 8, 0.66),
    (Channel::Call, 7, 0.55),
    (Channel::Rbm, 3, 0.81),
];

/// How busy each hour of the day is, by local time, in percent of the busiest.
const HOURS: [u8; 24] = [
    18, 11, 7, 5, 5, 8, 18, 36, 58, 76, 86, 90, 92, 88, 85, 86, 88, 92, 97, 100, 98, 84, 58, 34,
];

/// Makes `n` attempts of the 30 days before `now`, newest first: the same for the same arguments.
///
/// They spread over fourteen countries, five channels and [`SAMPLE_SERVICES`], follow each country's day and
/// week, and convert at rates that differ by country, channel and service. A code that did not come back is
/// often sent again; of the attempts of a verification the latest alone converts (assumed of Twilio). Statuses
/// and error codes agree with the conversion: `message_status` on SMS, WhatsApp and RBM, `call_status` on calls.
/// Prices are of a plausible size, not Twilio's, and those of the last hours are not known yet.
///
/// Nobody is meant: e-mail addresses are at `example.com`; numbers come from ranges kept for fiction (US, GB,
/// DE, FR, AU), or have the shape of their country's with an unused prefix (IN) or zeros after the prefix.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use twilio_verify_emulator::sample;
///
/// let now = Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap();
/// assert_eq!(sample(1, now, 100), sample(1, now, 100));
/// ```
#[must_use]
pub fn sample(seed: u64, now: DateTime<Utc>, n: usize) -> Vec<Attempt> {
    // Whole seconds, as Twilio's; cut off, so that no attempt is later than `now`.
    let now = now.timestamp();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut attempts = Vec::with_capacity(n);
    while attempts.len() < n {
        let most = n - attempts.len();
        verification(&mut rng, now, most, &mut attempts);
    }
    attempts.sort_by_key(|attempt| Reverse((attempt.date_created, attempt.sid)));
    attempts
}

/// Adds the attempts of one verification: at least one, at most `most`.
fn verification(rng: &mut ChaCha8Rng, now: i64, most: usize, attempts: &mut Vec<Attempt>) {
    let service = pick(rng, SERVICES.iter().map(|service| service.0));
    let country = &COUNTRIES[pick(rng, COUNTRIES.iter().map(|country| country.share))];
    let mut channel = CHANNELS[pick(rng, CHANNELS.iter().map(|channel| channel.1))];
    let verification_sid = VerificationSid::from_u128(rng.random());
    let to = match channel.0 {
        Channel::Email => format!("user{}@example.com", rng.random_range(1..1_000_000_u32)),
        _ => number(rng, country),
    };
    let carrier = &country.carriers[pick(rng, (1..=country.carriers.len() as u32).rev())];
    let mut created = instant(rng, now, country.offset);

    for sent in 1.. {
        let attempt_sid = AttemptSid::from_u128(rng.random());
        let probability =
            channel.2 + country.conversion + SERVICES[service].1 - 0.12 * f64::from(sent - 1);
        let answered = created + rng.random_range(8..95);
        let converted = rng.random_bool(probability.clamp(0.05, 0.97)) && answered <= now;
        let again = created + rng.random_range(30..120);
        let resent = !converted
            && sent < 4
            && (sent as usize) < most
            && again <= now
            && rng.random_bool(0.45);

        let expired = created + CODE_VALID <= now;
        let status = if converted {
            "confirmed"
        } else if expired {
            "expired"
        } else {
            "unconfirmed"
        };
        let mut data = ChannelData {
            to: Some(to.clone()),
            status: Some(status.into()),
            country: country.code.parse::<Country>().ok(),
            code_length: Some(6),
            locale: Some(country.locale.into()),
            ..ChannelData::default()
        };
        deliver(rng, channel.0, converted, &mut data);
        if channel.0 != Channel::Email {
            data.mcc = Some(carrier.0.into());
            data.mnc = Some(carrier.1.into());
            data.carrier = Some(carrier.2.into());
        }

        let updated = if converted {
            answered
        } else {
            (created + CODE_VALID).min(now)
        };
        let mut attempt = Attempt::new(
            attempt_sid,
            SAMPLE_SERVICES[service],
            verification_sid,
            channel.0,
            date(created),
        );
        attempt.date_updated = date(updated);
        attempt.conversion_status = if converted {
            ConversionStatus::Converted
        } else {
            ConversionStatus::Unconverted
        };
        // A price comes in after one to twelve hours.
        let priced = created + rng.random_range(3_600..43_200) <= now;
        attempt.price = priced.then(|| Price::new(price(channel.0, country), "usd"));
        attempt.channel_data = data;
        attempts.push(attempt);

        if !resent {
            return;
        }
        created = again;
        // Who did not get a message may ask for a call.
        if channel.0 != Channel::Email && rng.random_bool(0.25) {
            channel = CHANNELS[3];
        }
    }
}

/// An index, by shares.
fn pick(rng: &mut ChaCha8Rng, shares: impl Iterator<Item = u32> + Clone) -> usize {
    let mut drawn = rng.random_range(0..shares.clone().sum());
    for (index, share) in shares.enumerate() {
        if drawn < share {
            return index;
        }
        drawn -= share;
    }
    0
}

/// A second of the 30 days that end with `now`; nights and weekends are less likely.
fn instant(rng: &mut ChaCha8Rng, now: i64, offset: i64) -> i64 {
    loop {
        let second = now - rng.random_range(0..SECONDS);
        let local = date(second) + TimeDelta::hours(offset);
        let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
        let busy = u32::from(HOURS[local.hour() as usize]) * if weekend { 7 } else { 10 };
        if rng.random_range(0..1000) < busy {
            return second;
        }
    }
}

fn number(rng: &mut ChaCha8Rng, country: &Profile) -> String {
    let shape = country.numbers[rng.random_range(0..country.numbers.len())];
    let digit = |place| {
        if place == '#' {
            char::from(b'0' + rng.random_range(0..10_u8))
        } else {
            place
        }
    };
    shape.chars().map(digit).collect()
}

/// How far the attempt got. One that converted did arrive.
fn deliver(rng: &mut ChaCha8Rng, channel: Channel, converted: bool, data: &mut ChannelData) {
    let arrived = converted || rng.random_bool(0.55);
    let mut failed = |codes: &[&'static str]| codes[rng.random_range(0..codes.len())].to_owned();
    match channel {
        Channel::Email => {}
        Channel::Call if arrived => data.call_status = Some("completed".into()),
        Channel::Call => {
            data.call_status = Some(failed(&["no-answer", "no-answer", "busy", "failed"]))
        }
        Channel::Sms if arrived => data.message_status = Some("delivered".into()),
        Channel::Sms => {
            data.message_status = Some("undelivered".into());
            data.error_code = Some(ErrorCode::Text(failed(&[
                "30003", "30005", "30006", "30007", "30008",
            ])));
        }
        _ if arrived => {
            data.message_status = Some(if converted { "read" } else { "delivered" }.into())
        }
        _ => {
            data.message_status = Some("undelivered".into());
            data.error_code = Some(ErrorCode::Text(failed(&["63003", "63024"])));
        }
    }
}

fn price(channel: Channel, country: &Profile) -> Decimal {
    let (message, call) = country.price;
    Decimal::new(
        match channel {
            Channel::Email => 5,
            Channel::Call => call,
            Channel::Whatsapp => message / 2 + 20,
            Channel::Rbm => message + 15,
            _ => message,
        },
        4,
    )
}

/// Stays within what a date can be.
fn date(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
