//! Pages of the list, found by position, so that an attempt inserted in between moves none of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::attempt::Attempt;
use crate::destination::Number;
use crate::filter::ListFilter;
use crate::store::Columns;

/// Where an attempt stands in the order of all attempts. Later is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) created: i64,
    pub(crate) sid: u128,
}

impl Position {
    fn next(self) -> Self {
        match self.sid.checked_add(1) {
            Some(sid) => Self { sid, ..self },
            None => Self {
                created: self.created.saturating_add(1),
                sid: 0,
            },
        }
    }

    fn previous(self) -> Self {
        match self.sid.checked_sub(1) {
            Some(sid) => Self { sid, ..self },
            None => Self {
                created: self.created.saturating_sub(1),
                sid: u128::MAX,
            },
        }
    }
}

/// Which attempts a page holds: the newest, or those on one side of a position, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Newest,
    OlderThan(Position),
    NewerThan(Position),
}

const TOKEN_BYTES: usize = 25;

impl Start {
    /// Reads a page token.
    pub(crate) fn from_token(token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let bytes: [u8; TOKEN_BYTES] = bytes.try_into().ok()?;
        let (direction, position) = bytes.split_first()?;
        let (created, sid) = position.split_first_chunk::<8>()?;
        let position = Position {
            created: i64::from_be_bytes(*created),
            sid: u128::from_be_bytes(sid.try_into().ok()?),
        };
        match direction {
            b'O' => Some(Self::OlderThan(position)),
            b'N' => Some(Self::NewerThan(position)),
            _ => None,
        }
    }

    /// The page token; the newest attempts need none.
    pub(crate) fn token(self) -> Option<String> {
        let (direction, position) = match self {
            Self::Newest => return None,
            Self::OlderThan(position) => (b'O', position),
            Self::NewerThan(position) => (b'N', position),
        };
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.push(direction);
        bytes.extend(position.created.to_be_bytes());
        bytes.extend(position.sid.to_be_bytes());
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// Attempts, newest first, and where the pages beside this one start, if they have attempts.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) newer: Option<Start>,
    pub(crate) older: Option<Start>,
}

pub(crate) fn page(columns: &Columns, filter: &ListFilter, start: Start, size: usize) -> Page {
    let Some(matcher) = Matcher::new(columns, filter) else {
        return Page::default();
    };
    let matches = |index: &usize| matcher.matches(*index);
    let range = columns.range(filter.common.period);

    // Newest first. One more than wanted is looked for: it tells whether there is a further page.
    let mut indices: Vec<usize>;
    let (has_newer, has_older);
    match start {
        Start::Newest | Start::OlderThan(_) => {
            let end = match start {
                Start::OlderThan(position) => {
                    columns.lower_bound(position).clamp(range.start, range.end)
                }
                _ => range.end,
            };
            indices = (range.start..end)
                .rev()
                .filter(matches)
                .take(size + 1)
                .collect();
            has_older = indices.len() > size;
            indices.truncate(size);
            let newer = indices.first().map_or(end, |first| first + 1);
            has_newer = (newer..range.end).any(|index| matches(&index));
        }
        Start::NewerThan(position) => {
            let begin = columns
                .lower_bound(position.next())
                .clamp(range.start, range.end);
            indices = (begin..range.end).filter(matches).take(size + 1).collect();
            has_newer = indices.len() > size;
            indices.truncate(size);
            indices.reverse();
            let older = indices.last().copied().unwrap_or(begin);
            has_older = (range.start..older).rev().any(|index| matches(&index));
        }
    }

    // An empty page still leads back to where it was come from.
    let beside = |index: Option<&usize>, otherwise: fn(Position) -> Position| match (index, start) {
        (Some(index), _) => Some(columns.position(*index)),
        (None, Start::OlderThan(position) | Start::NewerThan(position)) => {
            Some(otherwise(position))
        }
        (None, Start::Newest) => None,
    };
    Page {
        newer: beside(indices.first(), Position::previous)
            .filter(|_| has_newer)
            .map(Start::NewerThan),
        older: beside(indices.last(), Position::next)
            .filter(|_| has_older)
            .map(Start::OlderThan),
        attempts: indices
            .into_iter()
            .map(|index| columns.attempt(index))
            .collect(),
    }
}

/// The filters of the list, but for the period, in the terms of the columns.
struct Matcher<'a> {
    columns: &'a Columns,
    service: Option<u32>,
    country: Option<[u8; 2]>,
    channel: Option<u8>,
    converted: Option<u8>,
    verification: Option<u128>,
    number: Option<Number>,
    text: Option<&'a str>,
}

impl<'a> Matcher<'a> {
    /// `None` if nothing can match.
    fn new(columns: &'a Columns, filter: &'a ListFilter) -> Option<Self> {
        let service = match filter.common.service {
            Some(service) => Some(columns.service_index(service)?),
            None => None,
        };
        let number = filter.to.as_deref().and_then(Number::parse);
        Some(Self {
            columns,
            service,
            country: filter.common.country.map(crate::country::Country::letters),
            channel: filter.common.channel.map(|channel| channel as u8),
            converted: filter
                .status
                .map(|status| u8::from(status == crate::attempt::ConversionStatus::Converted)),
            verification: filter
                .verification
                .map(crate::sid::VerificationSid::as_u128),
            number,
            text: filter.to.as_deref().filter(|_| number.is_none()),
        })
    }

    fn matches(&self, index: usize) -> bool {
        let columns = self.columns;
        self.service
            .is_none_or(|service| columns.service[index] == service)
            && self
                .country
                .is_none_or(|country| columns.country[index] == country)
            && self
                .channel
                .is_none_or(|channel| columns.channel[index] == channel)
            && self
                .converted
                .is_none_or(|converted| columns.converted[index] == converted)
            && self
                .number
                .is_none_or(|number| columns.number[index] == number.0)
            && self
                .verification
                .is_none_or(|verification| columns.verification(index) == verification)
            && self
                .text
                .is_none_or(|text| columns.text(index) == Some(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_leads_back_to_its_start(created: i64, sid: u128, older: bool) {
            let position = Position { created, sid };
            let start = if older { Start::OlderThan(position) } else { Start::NewerThan(position) };
            prop_assert_eq!(Start::from_token(&start.token().unwrap()), Some(start));
        }

        #[test]
        fn any_other_text_is_refused(text in ".{0,40}") {
            if let Some(start) = Start::from_token(&text) {
                prop_assert_eq!(start.token(), Some(text));
            }
        }
    }
}
