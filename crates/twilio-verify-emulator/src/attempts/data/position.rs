//! Where an attempt stands among all, and where a page of them begins.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where an attempt stands in the order of all attempts. Later is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) created: i64,
    pub(crate) sid: u128,
}

impl Position {
    pub(crate) fn next(self) -> Self {
        match self.sid.checked_add(1) {
            Some(sid) => Self { sid, ..self },
            None => Self {
                created: self.created.saturating_add(1),
                sid: 0,
            },
        }
    }

    pub(crate) fn previous(self) -> Self {
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
