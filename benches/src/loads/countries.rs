//! Generates attempts to forty countries by Zipf's law, with their own prefixes and five channels.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, ConversionStatus, Country, ServiceSid, VerificationSid,
};

/// Countries, and their calling codes.
const COUNTRIES: [(&str, &str); 40] = [
    ("US", "1"),
    ("IN", "91"),
    ("BR", "55"),
    ("GB", "44"),
    ("DE", "49"),
    ("FR", "33"),
    ("MX", "52"),
    ("CO", "57"),
    ("ID", "62"),
    ("NG", "234"),
    ("ZA", "27"),
    ("ES", "34"),
    ("IT", "39"),
    ("PL", "48"),
    ("TR", "90"),
    ("AR", "54"),
    ("PE", "51"),
    ("CL", "56"),
    ("PH", "63"),
    ("VN", "84"),
    ("TH", "66"),
    ("MY", "60"),
    ("AU", "61"),
    ("JP", "81"),
    ("KR", "82"),
    ("EG", "20"),
    ("KE", "254"),
    ("GH", "233"),
    ("NL", "31"),
    ("BE", "32"),
    ("SE", "46"),
    ("NO", "47"),
    ("DK", "45"),
    ("FI", "358"),
    ("PT", "351"),
    ("GR", "30"),
    ("RO", "40"),
    ("HU", "36"),
    ("UA", "380"),
    ("IL", "972"),
];

/// Channels, and their shares in percent.
const CHANNELS: [(Channel, u32); 5] = [
    (Channel::Sms, 68),
    (Channel::Whatsapp, 14),
    (Channel::Email, 8),
    (Channel::Call, 7),
    (Channel::Rbm, 3),
];

/// A country: its code, its calling code, and its prefixes of three digits.
struct Place {
    country: Option<Country>,
    code: &'static str,
    prefixes: Vec<u32>,
}

/// Generates attempts, one at a time.
pub struct Countries {
    rng: Rng,
    places: Vec<Place>,
    /// The cumulative shares of the countries.
    shares: Vec<f64>,
    /// The beginning of the period; `seconds` is its length.
    from: DateTime<Utc>,
    seconds: u64,
    next: u128,
    end: u128,
}

impl Countries {
    /// Generates `count` attempts of the `days` before `now`. SIDs are numbered from `first` on.
    pub fn new(now: DateTime<Utc>, days: u32, first: u128, count: u64) -> Self {
        let mut rng = Rng::with_seed(7);
        let mut sum = 0.0;
        let share = |rank: u32| {
            sum += f64::from(rank).powf(-0.9);
            sum
        };
        let shares = (1..=40).map(share).collect();
        let places = COUNTRIES.iter().map(|(country, code)| {
            let count = rng.usize(6..=60);
            let prefixes = (0..count).map(|_| rng.u32(200..1000)).collect();
            Place { country: country.parse().ok(), code, prefixes }
        });
        let places = places.collect();
        let from = now - TimeDelta::days(days.into());
        let seconds = u64::from(days) * 24 * 3600;
        let end = first + u128::from(count);
        Self { rng, places, shares, from, seconds, next: first, end }
    }
}

impl Iterator for Countries {
    type Item = Attempt;

    fn next(&mut self) -> Option<Attempt> {
        if self.next == self.end {
            return None;
        }
        let rng = &mut self.rng;
        let mut drawn = rng.u32(0..100);
        let channel = CHANNELS.iter().find(|(_, share)| match drawn.checked_sub(*share) {
            Some(rest) => {
                drawn = rest;
                false
            }
            None => true,
        });
        let channel = channel.map_or(Channel::Sms, |(channel, _)| *channel);
        let second = i64::try_from(rng.u64(0..self.seconds)).unwrap_or_default();
        let mut attempt = Attempt::new(
            AttemptSid::from_u128(self.next),
            ServiceSid::from_u128(rng.u8(0..3).into()),
            VerificationSid::from_u128(self.next),
            channel,
            self.from + TimeDelta::seconds(second),
        );
        self.next += 1;
        let drawn = rng.f64() * self.shares.last().copied().unwrap_or_default();
        let index = self.shares.partition_point(|sum| *sum <= drawn);
        if channel == Channel::Email {
            attempt.channel_data.to = Some(format!("user{}@example.com", rng.u32(0..1_000_000)));
        } else if let Some(place) = self.places.get(index) {
            // The first prefixes are the busiest.
            let most = rng.usize(0..place.prefixes.len().max(1));
            let prefix = place.prefixes.get(rng.usize(0..=most)).copied().unwrap_or_default();
            let number = rng.u32(0..1_000_000);
            attempt.channel_data.country = place.country;
            attempt.channel_data.to = Some(format!("+{}{prefix}{number:06}", place.code));
        }
        if rng.u8(0..100) < 75 {
            attempt.conversion_status = ConversionStatus::Converted;
        }
        Some(attempt)
    }
}
