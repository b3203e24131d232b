//! Pages of lists.

/// The end of a list that comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

/// The position of an item in a list.
pub(crate) trait PageKey: Copy {
    /// Writes the key as part of a page token.
    fn to_text(self) -> String;

    /// Reads what [`Self::to_text`] wrote.
    fn from_text(text: &str) -> Option<Self>;
}

impl PageKey for u64 {
    fn to_text(self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Option<Self> {
        // `parse` alone accepts a sign.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        Some(text).filter(|_| digits)?.parse().ok()
    }
}

/// The start of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageStart<K> {
    /// The first item of the list.
    First,
    /// The item after this one, in the list's order.
    After(K),
    /// The page ends before this item.
    Before(K),
}

impl<K: PageKey> PageStart<K> {
    /// Reads a page token: `A` or `B`, and the key.
    pub(crate) fn from_token(token: &str) -> Option<Self> {
        let (side, key) = token.split_at_checked(1)?;
        match side {
            "A" => K::from_text(key).map(Self::After),
            "B" => K::from_text(key).map(Self::Before),
            _ => None,
        }
    }

    /// Returns the page token; the first page has no token.
    pub(crate) fn token(self) -> Option<String> {
        match self {
            Self::First => None,
            Self::After(key) => Some(format!("A{}", key.to_text())),
            Self::Before(key) => Some(format!("B{}", key.to_text())),
        }
    }
}

/// A page of a list, and the starts of the previous and the next page, if they have items.
#[derive(Debug)]
pub(crate) struct Page<T, K> {
    pub(crate) items: Vec<T>,
    pub(crate) previous: Option<PageStart<K>>,
    pub(crate) next: Option<PageStart<K>>,
}

impl<T, K> Default for Page<T, K> {
    fn default() -> Self {
        Self { items: Vec::new(), previous: None, next: None }
    }
}
