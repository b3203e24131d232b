//! The label of a file, in its key-value metadata.

use chrono::NaiveDate;
use parquet::file::metadata::KeyValue;

use crate::numbers::numbers::NumbersMode;
use crate::rows::schema::VERSION;

const SCHEMA: &str = "twilio_verify_archive.schema";
const PROGRAM: &str = "twilio_verify_archive.program";
const DAY: &str = "twilio_verify_archive.day";
const NUMBERS: &str = "twilio_verify_archive.numbers";
const DIGITS: &str = "twilio_verify_archive.digits";

/// This program and its version.
pub(crate) const THIS_PROGRAM: &str = concat!("twilio-verify-archive ", env!("CARGO_PKG_VERSION"));

/// What a file states about its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileLabel {
    pub(crate) day: NaiveDate,
    /// The mode in which numbers are kept.
    pub(crate) numbers: NumbersMode,
    /// The most digits that are kept of any number; `None` if there is no number.
    pub(crate) digits: Option<usize>,
}

/// The reason why this version can't read a file.
pub(crate) enum LabelFault {
    /// Another program wrote the file.
    Foreign,
    Version {
        found: String,
        program: Option<String>,
    },
    Value(&'static str),
}

impl FileLabel {
    pub(crate) fn write(&self) -> Vec<KeyValue> {
        let entries = [
            (SCHEMA, VERSION.to_string()),
            (PROGRAM, THIS_PROGRAM.to_owned()),
            (DAY, self.day.to_string()),
            (NUMBERS, self.numbers.to_string()),
        ];
        let digits = self.digits.map(|digits| (DIGITS, digits.to_string()));
        let entries = entries.into_iter().chain(digits);
        entries.map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect()
    }

    pub(crate) fn read(metadata: Option<&Vec<KeyValue>>) -> Result<Self, LabelFault> {
        let get = |key: &str| {
            let entry = metadata?.iter().find(|entry| entry.key == key)?;
            entry.value.as_deref()
        };
        let schema = get(SCHEMA).ok_or(LabelFault::Foreign)?;
        if schema.parse() != Ok(VERSION) {
            let program = get(PROGRAM).map(str::to_owned);
            return Err(LabelFault::Version { found: schema.to_owned(), program });
        }
        fn value<T: std::str::FromStr>(
            key: &'static str,
            text: Option<&str>,
        ) -> Result<T, LabelFault> {
            text.and_then(|text| text.parse().ok()).ok_or(LabelFault::Value(key))
        }
        Ok(Self {
            day: value(DAY, get(DAY))?,
            numbers: value(NUMBERS, get(NUMBERS))?,
            digits: get(DIGITS).map(|text| value(DIGITS, Some(text))).transpose()?,
        })
    }
}
