//! The text form of faults. The documentation of [`Fault`] has the grammar.

use std::fmt;
use std::str::FromStr;

use crate::faults::error::FaultError;
use crate::faults::fault::EVERY_OPERATION;
use crate::faults::fault::Fault;
use crate::faults::fault::FaultBody;
use crate::faults::values::EffectKind;
use crate::faults::values::whole;

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (operation, rest) = text.split_once(':').ok_or_else(|| {
            FaultError::new(
                "operation",
                "expected an operation, a colon and an effect, such as CreateVerification:429, or *:429 for all",
            )
        })?;
        let mut parts = rest.split(',').map(|part| match part.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (part.trim(), None),
        });
        let (word, value) = parts.next().unwrap_or_default();
        let kind: EffectKind = read("effect", word)?;
        let mut fault = Self::new(kind).operation(operation.trim());
        match (kind, value) {
            (_, None) => {}
            (EffectKind::Latency | EffectKind::Slow, Some(value)) => {
                fault.duration = Some(read("duration", value)?);
            }
            (_, Some(value)) => fault.option("p", Some(value))?,
        }
        for (name, value) in parts {
            fault.option(name, value)?;
        }
        fault.rule()?;
        Ok(fault)
    }
}

impl Fault {
    /// Reads faults from text, or, if it begins with `[` or `{`, from a JSON array or object. See [`Fault`].
    ///
    /// # Errors
    ///
    /// A fault is malformed or invalid. The error names the fault, the invalid part, and what is expected.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, FaultError> {
        if text.trim_start().starts_with(['[', '{']) {
            return Self::parse_json(text.as_bytes());
        }
        let lines = text.lines().map(|line| line.split_once('#').map_or(line, |(line, _)| line));
        let faults =
            lines.flat_map(|line| line.split(';')).filter(|fault| !fault.trim().is_empty());
        (1..)
            .zip(faults)
            .map(|(number, fault)| {
                let fault: Result<Self, FaultError> = fault.parse();
                fault.map_err(|error| error.of_rule(number))
            })
            .collect()
    }

    /// Reads faults from a JSON object, or an array of objects.
    pub(crate) fn parse_json(json: &[u8]) -> Result<Vec<Self>, FaultError> {
        let value: serde_json::Value = serde_json::from_slice(json)
            .map_err(|error| FaultError::new("JSON", format!("invalid JSON: {error}")))?;
        let values = match value {
            serde_json::Value::Array(values) => values,
            value => vec![value],
        };
        (1..)
            .zip(values)
            .map(|(number, value)| {
                let fault: Result<Self, _> = serde_path_to_error::deserialize(value);
                let fault = fault.map_err(|error| from_json(&error));
                fault
                    .and_then(|fault| fault.rule().map(|_| fault))
                    .map_err(|error| error.of_rule(number))
            })
            .collect()
    }

    fn option(&mut self, name: &str, value: Option<&str>) -> Result<(), FaultError> {
        /// Sets an option that may appear only once.
        fn once<T>(part: &'static str, field: &mut Option<T>, value: T) -> Result<(), FaultError> {
            match field.replace(value) {
                None => Ok(()),
                Some(_) => Err(FaultError::new(part, "given twice; leave one out")),
            }
        }
        /// Reads a whole number.
        fn number<T: FromStr>(part: &'static str, text: &str) -> Result<T, FaultError> {
            whole(text).ok_or_else(|| FaultError::new(part, "expected a whole number, such as 2"))
        }
        let probability = |text: &str| {
            let problem = "expected 0 to 1, such as 0.1 for one in ten";
            text.parse().map_err(|_| FaultError::new("p", problem))
        };

        let text = value.unwrap_or_default();
        match name {
            "p" => once("p", &mut self.probability, probability(text)?),
            "on" => once("on", &mut self.on, read("on", text)?),
            "every" => once("every", &mut self.every, number("every", text)?),
            "retry-after" => {
                once("retry-after", &mut self.retry_after, number("retry-after", text)?)
            }
            "code" => once("code", &mut self.code, number("code", text)?),
            "p99" => once("p99", &mut self.p99, read("p99", text)?),
            "body" => {
                let body = BODIES.iter().find(|(_, word)| *word == text);
                let body = body.ok_or_else(|| {
                    FaultError::new("body", "expected `twilio`, `html` or `empty`")
                })?;
                once("body", &mut self.body, body.0)
            }
            "after" if value.is_none() => {
                self.after = true;
                Ok(())
            }
            "after" => Err(FaultError::new("after", "expected no value")),
            _ => Err(FaultError::new(
                "option",
                "expected `p`, `on`, `every`, `after`, `retry-after`, `body`, `code` or `p99`, and = before its \
                 value",
            )),
        }
    }
}

const BODIES: [(FaultBody, &str); 3] =
    [(FaultBody::Twilio, "twilio"), (FaultBody::Html, "html"), (FaultBody::Empty, "empty")];

fn read<T: FromStr<Err = &'static str>>(part: &'static str, text: &str) -> Result<T, FaultError> {
    text.parse().map_err(|problem| FaultError::new(part, problem))
}

/// Converts an error in a field of the JSON, without the value that serde repeats.
fn from_json(error: &serde_path_to_error::Error<serde_json::Error>) -> FaultError {
    const FIELDS: [&str; 11] = [
        "operation",
        "effect",
        "duration",
        "p99",
        "probability",
        "on",
        "every",
        "after",
        "retry_after",
        "body",
        "code",
    ];
    let path = error.path().to_string();
    let field = FIELDS.iter().find(|field| **field == path);
    match field.copied() {
        Some("effect") => FaultError::new(
            "effect",
            "expected a status from 400 to 599, or \"latency\", \"slow\", \"reset\", \"reset-midway\", \"close\" \
             or \"truncate\"",
        ),
        Some(part @ ("duration" | "p99")) => {
            FaultError::new(part, "expected a string, such as \"50ms\" or \"50ms..200ms\"")
        }
        Some("on") => {
            FaultError::new("on", "expected a number from 1, or a string, such as \"1..3\"")
        }
        Some("body") => FaultError::new("body", "expected \"twilio\", \"html\" or \"empty\""),
        Some("after") => FaultError::new("after", "expected true or false"),
        Some("operation") => FaultError::new("operation", "expected a string"),
        Some(part) => FaultError::new(part, "expected a number"),
        None => FaultError::new(
            "fault",
            format!(
                "expected an object with `effect`, and no fields other than {}",
                FIELDS.join(", ")
            ),
        ),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = match self.operation.as_str() {
            "" => EVERY_OPERATION,
            operation => operation,
        };
        write!(f, "{operation}:{}", self.effect)?;
        if let Some(duration) = self.duration {
            write!(f, "={duration}")?;
        }
        if let Some(p99) = self.p99 {
            write!(f, ",p99={p99}")?;
        }
        if let Some(probability) = self.probability {
            write!(f, ",p={probability}")?;
        }
        if let Some(on) = self.on {
            write!(f, ",on={on}")?;
        }
        if let Some(every) = self.every {
            write!(f, ",every={every}")?;
        }
        if self.after {
            f.write_str(",after")?;
        }
        if let Some(seconds) = self.retry_after {
            write!(f, ",retry-after={seconds}")?;
        }
        let body = BODIES.iter().find(|(body, _)| Some(*body) == self.body);
        if let Some((_, word)) = body {
            write!(f, ",body={word}")?;
        }
        if let Some(code) = self.code {
            write!(f, ",code={code}")?;
        }
        Ok(())
    }
}
