//! Time-based one-time passwords: RFC 6238, with the settings of Verify.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::records::service::ServiceSettings;

/// The hash that derives codes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Algorithm {
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    fn hmac(self) -> hmac::Algorithm {
        match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }

    /// Returns the name in an `otpauth` URI.
    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

/// The secret and the settings of a factor. It has no `Debug`, as it contains the secret.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Totp {
    secret: Vec<u8>,
    algorithm: Algorithm,
    /// The time step in seconds.
    time_step: u32,
    /// The length of a code in digits.
    code_length: u32,
    /// How many steps before and after the current one are accepted.
    skew: u32,
    /// The steps whose codes were used, among those that are accepted now.
    used: Vec<i64>,
}

/// The settings in a request. Omitted settings are unchanged, or taken from the service.
#[derive(Deserialize)]
pub(crate) struct TotpConfig {
    #[serde(rename = "Config.Alg")]
    algorithm: Option<Algorithm>,
    #[serde(rename = "Config.TimeStep")]
    time_step: Option<u32>,
    #[serde(rename = "Config.CodeLength")]
    code_length: Option<u32>,
    #[serde(rename = "Config.Skew")]
    skew: Option<u32>,
}

impl Totp {
    /// Creates a factor's data. The service's settings are the defaults.
    pub(crate) fn new(secret: Vec<u8>, config: &TotpConfig, service: &ServiceSettings) -> Self {
        let mut totp = Self {
            secret,
            algorithm: Algorithm::Sha1,
            time_step: service.totp_time_step(),
            code_length: service.totp_code_length(),
            skew: service.totp_skew(),
            used: Vec::new(),
        };
        totp.change(config);
        totp
    }

    pub(crate) fn change(&mut self, config: &TotpConfig) {
        if config.time_step.is_some_and(|step| step != self.time_step) {
            // If the step length changes, so do the step numbers.
            self.used.clear();
        }
        self.algorithm = config.algorithm.unwrap_or(self.algorithm);
        self.time_step = config.time_step.unwrap_or(self.time_step);
        self.code_length = config.code_length.unwrap_or(self.code_length);
        self.skew = config.skew.unwrap_or(self.skew);
    }

    pub(crate) fn code_length(&self) -> u32 {
        self.code_length
    }

    pub(crate) fn has_secret_of(&self, other: &Self) -> bool {
        self.secret == other.secret
    }

    pub(crate) fn config(&self) -> Value {
        json!({
            "alg": self.algorithm,
            "skew": self.skew,
            "code_length": self.code_length,
            "time_step": self.time_step,
        })
    }

    /// Returns the binding for an authenticator app, which is shown only once.
    pub(crate) fn binding(&self, issuer: &str, account: &str) -> Value {
        let secret = BASE32_NOPAD.encode(&self.secret);
        let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
        let uri = format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm={}&digits={}&period={}",
            self.algorithm.name(),
            self.code_length,
            self.time_step
        );
        json!({ "secret": secret, "uri": uri })
    }

    /// Whether a code is correct. Each code is accepted only once: RFC 6238, section 5.2.
    pub(crate) fn accept(&mut self, code: &str, now: DateTime<Utc>) -> bool {
        let present = now.timestamp().div_euclid(i64::from(self.time_step.max(1)));
        let skew = i64::from(self.skew);
        let steps = present.saturating_sub(skew)..=present.saturating_add(skew);
        self.used.retain(|step| steps.contains(step));
        let accepted =
            steps.into_iter().find(|step| !self.used.contains(step) && self.code(*step) == code);
        self.used.extend(accepted);
        accepted.is_some()
    }

    /// Computes the code of a time step: RFC 4226, section 5.3.
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(self.algorithm.hmac(), &self.secret);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag.last().map_or(0, |last| last & 0xf));
        let chunk = tag.get(offset..).and_then(|rest| rest.first_chunk());
        let number = chunk.map_or(0, |bytes| u32::from_be_bytes(*bytes)) & 0x7fff_ffff;
        let (width, digits) = (self.code_length as usize, 10_u32.saturating_pow(self.code_length));
        format!("{:0width$}", number % digits)
    }
}

/// Encodes a text for a URI; a space is `%20`.
fn percent_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes())
        .map(|part| if part == "+" { "%20" } else { part })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totp(algorithm: Algorithm, secret_bytes: usize) -> Totp {
        let secret = b"1234567890".iter().copied().cycle();
        Totp {
            secret: secret.take(secret_bytes).collect(),
            algorithm,
            time_step: 30,
            code_length: 8,
            skew: 0,
            used: Vec::new(),
        }
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        let (sha1, sha256, sha512) =
            (totp(Algorithm::Sha1, 20), totp(Algorithm::Sha256, 32), totp(Algorithm::Sha512, 64));
        for (second, codes) in [
            (59, ["94287082", "46119246", "90693936"]),
            (1_111_111_109, ["07081804", "68084774", "25091201"]),
            (1_111_111_111, ["14050471", "67062674", "99943326"]),
            (1_234_567_890, ["89005924", "91819424", "93441116"]),
            (2_000_000_000, ["69279037", "90698825", "38618901"]),
            (20_000_000_000, ["65353130", "77737706", "47863826"]),
        ] {
            for (totp, code) in [&sha1, &sha256, &sha512].into_iter().zip(codes) {
                let now = DateTime::from_timestamp(second, 0).unwrap();
                assert_eq!(totp.code(second / 30), code);
                assert!(totp.clone().accept(code, now));
                assert!(!totp.clone().accept(&code[2..], now));
            }
        }
    }

    #[test]
    fn a_code_counts_once_within_the_skew() {
        let mut totp = Totp { skew: 1, ..totp(Algorithm::Sha1, 20) };
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let codes: Vec<_> = (0..6).map(|step| totp.code(step)).collect();
        assert!(!totp.accept(&codes[0], at(60)));
        assert!(totp.accept(&codes[1], at(60)));
        assert!(totp.accept(&codes[3], at(60)));
        assert!(!totp.accept(&codes[4], at(60)));
        assert!(!totp.accept(&codes[1], at(60)));
        assert!(!totp.accept(&codes[3], at(119)));
        assert!(totp.accept(&codes[2], at(119)));
        // The extremes of the clock do not overflow.
        assert!(!totp.accept(&codes[5], DateTime::<Utc>::MIN_UTC));
        assert!(!totp.accept(&codes[5], DateTime::<Utc>::MAX_UTC));
    }
}
