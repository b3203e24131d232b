//! Generates attempts like a large account's: countries by Zipf's law, with prefixes and carriers.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use fastrand::Rng;
use rust_decimal::Decimal;
use serde_json::json;
use twilio_verify::Attempt;

use crate::error::Error;

/// Country, calling code, number of digits after it, and number of two-digit prefixes in use.
const COUNTRIES: [(&str, &str, u32, u32); 40] = [
    ("US", "1", 10, 60),
    ("IN", "91", 10, 40),
    ("BR", "55", 11, 50),
    ("MX", "52", 10, 40),
    ("GB", "44", 10, 20),
    ("DE", "49", 11, 12),
    ("FR", "33", 9, 12),
    ("ID", "62", 10, 30),
    ("PH", "63", 10, 30),
    ("CO", "57", 10, 12),
    ("ES", "34", 9, 14),
    ("IT", "39", 10, 20),
    ("PL", "48", 9, 20),
    ("NL", "31", 9, 8),
    ("TR", "90", 10, 20),
    ("CA", "1", 10, 40),
    ("AR", "54", 11, 20),
    ("CL", "56", 9, 9),
    ("PE", "51", 9, 9),
    ("AU", "61", 9, 10),
    ("JP", "81", 10, 8),
    ("KR", "82", 10, 6),
    ("VN", "84", 9, 20),
    ("TH", "66", 9, 12),
    ("MY", "60", 9, 12),
    ("SG", "65", 8, 8),
    ("ZA", "27", 9, 18),
    ("NG", "234", 10, 20),
    ("KE", "254", 9, 14),
    ("EG", "20", 10, 6),
    ("SA", "966", 9, 9),
    ("AE", "971", 9, 8),
    ("IL", "972", 9, 8),
    ("UA", "380", 9, 14),
    ("RO", "40", 9, 10),
    ("SE", "46", 9, 6),
    ("PT", "351", 9, 6),
    ("CZ", "420", 9, 12),
    ("UZ", "998", 9, 12),
    ("MM", "95", 10, 10),
];

const LOCALES: [&str; 8] = ["en", "es", "pt-BR", "de", "fr", "id", "en-GB", "it"];

/// Generates attempts of a day, in no particular order.
pub struct Market {
    random: Rng,
    /// The cumulative shares of the countries.
    shares: Vec<f64>,
    template: Attempt,
}

impl Market {
    /// Creates a generator with a seed.
    ///
    /// # Errors
    ///
    /// None is expected.
    pub fn new(seed: u64) -> Result<Self, Error> {
        let weights = (1..=COUNTRIES.len())
            .map(|rank| f64::from(u32::try_from(rank).unwrap_or(1)).powf(-0.9));
        let weights: Vec<f64> = weights.collect();
        let whole: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let shares = weights.iter().map(|weight| {
            sum += weight / whole;
            sum
        });
        let template = serde_json::from_value(json!({
            "account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "channel_data": {"status": "confirmed", "code_length": 6, "error_code": "0"},
            "price": {"value": "0.05", "currency": "usd"},
        }))?;
        Ok(Self { random: Rng::with_seed(seed), shares: shares.collect(), template })
    }

    fn sid(&mut self, prefix: &str) -> String {
        format!("{prefix}{:032x}", self.random.u128(..))
    }

    /// Generates one attempt of a day.
    ///
    /// # Errors
    ///
    /// None is expected.
    pub fn attempt(&mut self, day: NaiveDate) -> Result<Attempt, Error> {
        let mut attempt = self.template.clone();
        let share = self.random.f64();
        let index = self.shares.partition_point(|sum| *sum < share).min(COUNTRIES.len() - 1);
        let (country, code, digits, prefixes) = COUNTRIES[index];
        let channel = match self.random.u32(..100) {
            0..80 => "sms",
            80..88 => "whatsapp",
            88..96 => "call",
            96..99 => "email",
            _ => "rbm",
        };
        let created: DateTime<Utc> =
            day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(self.random.i64(0..86_400));
        let is_converted = self.random.u32(..100) < 72;
        attempt.sid = Some(self.sid("VL").parse()?);
        attempt.verification_sid = Some(self.sid("VE").parse()?);
        attempt.service_sid = Some(format!("VA{:032x}", self.random.u32(..4)).parse()?);
        attempt.channel = Some(channel.parse()?);
        attempt.date_created = Some(created);
        attempt.date_updated = Some(created + TimeDelta::seconds(self.random.i64(3..90)));
        let status = if is_converted { "converted" } else { "unconverted" };
        attempt.conversion_status = Some(status.parse()?);
        attempt.url =
            attempt.sid.as_ref().map(|sid| format!("https://verify.twilio.com/v2/Attempts/{sid}"));
        let Some(data) = &mut attempt.channel_data else { return Ok(attempt) };
        if channel == "email" {
            data.to = Some(format!("user{}@example.com", self.random.u32(..)).into());
            attempt.price = None;
            return Ok(attempt);
        }
        // A few prefixes have most of the numbers.
        let prefix = 30 + (f64::from(prefixes) * self.random.f64().powi(2)) as u32;
        let rest = self.random.u64(0..10_u64.pow(digits - 2));
        data.to =
            Some(format!("+{code}{prefix}{rest:0width$}", width = (digits - 2) as usize).into());
        data.country = Some(country.parse()?);
        let carrier = prefix % 5;
        data.carrier = Some(format!("Carrier {country} {carrier}"));
        data.mcc = Some(format!("{}", 200 + index));
        data.mnc = Some(format!("{carrier:02}"));
        data.locale = Some(LOCALES[index % LOCALES.len()].to_owned());
        if channel == "call" {
            data.call_status = Some("completed".parse()?);
        } else if self.random.u32(..100) < 94 {
            data.message_status = Some("delivered".parse()?);
        } else {
            data.message_status = Some("undelivered".parse()?);
            data.error_code = Some(["30003", "30005", "30008"][self.random.usize(..3)].to_owned());
        }
        if let Some(price) = &mut attempt.price {
            price.value = Some(Decimal::new(50 + 23 * i64::try_from(index)?, 4));
        }
        Ok(attempt)
    }
}
