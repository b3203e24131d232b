//! Positions in the order of all attempts.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::tables::page::PageKey;

/// The creation time and the SID of an attempt. A greater position is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) created: i64,
    pub(crate) sid: u128,
}

const POSITION_BYTES: usize = 24;

impl Position {
    pub(crate) fn next(self) -> Self {
        match self.sid.checked_add(1) {
            Some(sid) => Self { sid, ..self },
            None => Self { created: self.created.saturating_add(1), sid: 0 },
        }
    }

    pub(crate) fn previous(self) -> Self {
        match self.sid.checked_sub(1) {
            Some(sid) => Self { sid, ..self },
            None => Self { created: self.created.saturating_sub(1), sid: u128::MAX },
        }
    }
}

impl PageKey for Position {
    fn to_text(self) -> String {
        let mut bytes = Vec::with_capacity(POSITION_BYTES);
        bytes.extend(self.created.to_be_bytes());
        bytes.extend(self.sid.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let bytes: [u8; POSITION_BYTES] = bytes.try_into().ok()?;
        let (created, sid) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            created: i64::from_be_bytes(*created),
            sid: u128::from_be_bytes(sid.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tables::page::PageStart;

    type Start = PageStart<Position>;

    proptest! {
        #[test]
        fn a_token_leads_back_to_its_start(created: i64, sid: u128, older: bool) {
            let position = Position { created, sid };
            let start = if older { Start::After(position) } else { Start::Before(position) };
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
