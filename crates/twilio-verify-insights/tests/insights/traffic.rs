//! Traffic to many countries, whose e-mails have no country.

use chrono::TimeDelta;
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, ConversionStatus, ServiceSid, VerificationSid,
};

use crate::support::now;

/// Forty countries and their calling codes.
const COUNTRIES: [(&str, &str); 40] = [
    ("US", "1202"),
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

const CHANNELS: [(Channel, f64); 5] = [
    (Channel::Sms, 0.68),
    (Channel::Whatsapp, 0.14),
    (Channel::Email, 0.08),
    (Channel::Call, 0.07),
    (Channel::Rbm, 0.03),
];

/// SplitMix64: the same numbers on every machine.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn index(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let total: f64 = weights.clone().sum();
        #[expect(clippy::cast_precision_loss, reason = "53 bits of it")]
        let mut drawn = total * (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        for (index, weight) in weights.enumerate() {
            drawn -= weight;
            if drawn < 0.0 {
                return index;
            }
        }
        0
    }
}

/// `n` attempts of the last 30 days: 40 countries by Zipf's law with exponent 0.9, five channels.
pub(crate) fn traffic(seed: u64, n: u128) -> Vec<Attempt> {
    let mut draw = Draw(seed);
    let countries = (1_u32..=40).map(|rank| f64::from(rank).powf(-0.9));
    let mut attempt = |number: u128| {
        let channel = CHANNELS[draw.index(CHANNELS.iter().map(|channel| channel.1))].0;
        let (country, code) = COUNTRIES[draw.index(countries.clone())];
        let created = now() - TimeDelta::seconds(1 + draw.below(30 * 24 * 3600 - 1) as i64);
        let mut attempt = Attempt::new(
            AttemptSid::from_u128(number),
            ServiceSid::from_u128(u128::from(draw.below(3))),
            VerificationSid::from_u128(number),
            channel,
            created,
        );
        let number = draw.below(10_000_000);
        if channel == Channel::Email {
            attempt.channel_data.to = Some(format!("user{number}@example.com"));
        } else {
            attempt.channel_data.country = country.parse().ok();
            attempt.channel_data.to = Some(format!("+{code}{number:07}"));
        }
        let is_converted = draw.below(100) < 75;
        attempt.conversion_status =
            if is_converted { ConversionStatus::Converted } else { ConversionStatus::Unconverted };
        attempt
    };
    (0..n).map(&mut attempt).collect()
}
