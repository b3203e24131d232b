//! The form of the facts.
//!
//! ```text
//! # A wrong code is no error
//! source: documented verification-check
//! with: no-mailer
//! POST {service}/Verifications To={to} Channel=sms
//! = 201 status=pending sid->sid
//! 5x POST {service}/VerificationCheck VerificationSid={sid} Code=000000
//! = 200 status=pending valid=false
//! POST {service}/VerificationCheck VerificationSid={sid} Code=482913
//! = 429 60202
//! ```
//!
//! A fact has a title, a source, optionally the variants of the emulator, and requests, each followed by the response. A
//! request is repeated with `5x`, where `{n}` counts from `001`. Parameters follow the path, or a JSON body. `POST@user:password`
//! has other credentials than the account's. A response has a status, Twilio's error code, and fields: `name=value`, where
//! `*` is anything but null; `name->variable` keeps a value; `name!` is a field that is not there. `header:name` is a header.
//! Values with spaces are in quotes, single or double. `sign name {…}` keeps a token that the device signs.
//!
//! Every emulator has the service `{service}`; all codes are 482913; its clock is at second 1,111,111,109, for which
//! RFC 6238 has a code.

/// A fact.
pub(crate) struct Fact {
    pub(crate) file: &'static str,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) variants: Vec<String>,
    pub(crate) steps: Vec<Step>,
}

/// A request and its response.
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) times: usize,
    pub(crate) action: Action,
    pub(crate) expected: Expected,
}

pub(crate) enum Action {
    Request {
        method: String,
        /// `user:password`.
        credentials: Option<String>,
        /// The path and what follows.
        rest: String,
    },
    /// Signs claims as the device, and keeps the token as a variable.
    Sign { variable: String, claims: String },
}

/// What is expected of a response.
#[derive(Default)]
pub(crate) struct Expected {
    pub(crate) status: u16,
    pub(crate) code: Option<u64>,
    /// The fields and what follows them: not split, as they may have variables.
    pub(crate) fields: String,
}

/// Reads the facts of a file.
pub(crate) fn read(file: &'static str, text: &str) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(title) = line.strip_prefix("# ") {
            facts.push(Fact {
                file,
                title: title.into(),
                source: String::new(),
                variants: Vec::new(),
                steps: Vec::new(),
            });
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let fact = facts.last_mut().unwrap_or_else(|| panic!("{file}: line {index} has no title"));
        if let Some(source) = line.strip_prefix("source: ") {
            fact.source = source.into();
        } else if let Some(variants) = line.strip_prefix("with: ") {
            fact.variants.extend(variants.split(' ').map(str::to_owned));
        } else if let Some(expected) = line.strip_prefix("= ") {
            let step = fact.steps.last_mut().unwrap();
            step.expected = self::expected(expected);
        } else {
            let (times, action) = action(line);
            let step = Step { line: index + 1, times, action, expected: Expected::default() };
            fact.steps.push(step);
        }
    }
    facts
}

fn expected(line: &str) -> Expected {
    let (status, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (first, others) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = status.parse().unwrap_or_else(|_| panic!("{line}: no status"));
    match first.parse() {
        Ok(code) => Expected { status, code: Some(code), fields: others.into() },
        Err(_) => Expected { status, code: None, fields: rest.into() },
    }
}

fn action(line: &str) -> (usize, Action) {
    if let Some(signed) = line.strip_prefix("sign ") {
        let (variable, claims) = signed.split_once(' ').unwrap();
        return (1, Action::Sign { variable: variable.into(), claims: claims.into() });
    }
    let times = line.split_once("x ").and_then(|(times, rest)| Some((times.parse().ok()?, rest)));
    let (times, line) = times.unwrap_or((1, line));
    let (method, rest) = line.split_once(' ').unwrap_or_else(|| panic!("{line}: no path"));
    let (method, credentials) = match method.split_once('@') {
        Some((method, credentials)) => (method, Some(credentials.to_owned())),
        None => (method, None),
    };
    (times, Action::Request { method: method.into(), credentials, rest: rest.into() })
}

/// Splits at spaces outside of quotes, which follow a `=` and are removed.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut previous = ' ';
    for character in text.chars() {
        match (character, quote) {
            ('\'' | '"', None) if previous == '=' => quote = Some(character),
            (_, Some(end)) if character == end => quote = None,
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
        previous = character;
    }
    words.retain(|word| !word.is_empty());
    words
}
