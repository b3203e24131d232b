//! Lists of resources, cut into pages.

use serde::Serialize;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::contract::error::ApiError;
use crate::operations::calls::call::{Answer, Call};
use crate::tables::table::{Record, Table};

const DEFAULT_PAGE_SIZE: u64 = 50;

/// The paging object of a list.
#[derive(Serialize)]
pub(crate) struct Meta {
    pub(crate) page: u32,
    pub(crate) page_size: u32,
    pub(crate) first_page_url: String,
    pub(crate) previous_page_url: Option<String>,
    pub(crate) url: String,
    pub(crate) next_page_url: Option<String>,
    pub(crate) key: &'static str,
}

/// Which end of a list comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

/// Where a page begins. As a token, `A` or `B` and the serial number of a resource.
#[derive(Clone, Copy)]
enum Start {
    First,
    /// After that resource, in the list's order.
    After(u64),
    /// Before it: the page that ends there.
    Before(u64),
}

impl Start {
    fn from_token(token: &str) -> Option<Self> {
        let (side, serial) = token.split_at_checked(1)?;
        let digits = serial.bytes().all(|byte| byte.is_ascii_digit());
        let serial = Some(serial).filter(|_| digits)?.parse().ok()?;
        match side {
            "A" => Some(Self::After(serial)),
            "B" => Some(Self::Before(serial)),
            _ => None,
        }
    }

    fn token(self) -> Option<String> {
        match self {
            Self::First => None,
            Self::After(serial) => Some(format!("A{serial}")),
            Self::Before(serial) => Some(format!("B{serial}")),
        }
    }
}

/// Answers with a page of those records of a table that `keep` lets pass, each as `body` writes it, under `key`.
pub(crate) fn page<R: Record>(
    call: &Call<'_>,
    key: &'static str,
    table: &Table<R>,
    order: Order,
    keep: impl Fn(&R) -> bool,
    body: impl Fn(&R) -> Value,
) -> Result<Answer, ApiError> {
    let query = call.parameters();
    let size = query
        .get("PageSize")
        .and_then(Value::as_u64)
        .unwrap_or(DEFAULT_PAGE_SIZE);
    let number = query
        .get("Page")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let start = match query.get("PageToken").and_then(Value::as_str) {
        None => Start::First,
        Some(token) => {
            Start::from_token(token).ok_or_else(|| ApiError::invalid_parameter("PageToken"))?
        }
    };
    // One more than the page holds tells whether there is another one.
    let take = usize::try_from(size)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let (newest_first, backward) = (
        order == Order::NewestFirst,
        matches!(start, Start::Before(_)),
    );
    let mut rows = rows(table, start, newest_first != backward, keep, take);
    let more = rows.len() == take;
    rows.truncate(take - 1);
    if backward {
        rows.reverse();
    }
    let (has_previous, has_next) = match start {
        Start::First => (false, more),
        Start::After(_) => (true, more),
        Start::Before(_) => (more, true),
    };
    let first = rows.first().map(|(serial, _)| Start::Before(*serial));
    let last = rows.last().map(|(serial, _)| Start::After(*serial));
    let url = |number: u64, start| {
        format!(
            "{}?{}",
            call.own_url(),
            for_page(query, size, number, start)
        )
    };
    let meta = Meta {
        page: u32::try_from(number).unwrap_or(u32::MAX),
        page_size: u32::try_from(size).unwrap_or(u32::MAX),
        first_page_url: url(0, Start::First),
        previous_page_url: first
            .filter(|_| has_previous)
            .map(|start| url(number.saturating_sub(1), start)),
        url: url(number, start),
        next_page_url: last
            .filter(|_| has_next)
            .map(|start| url(number.saturating_add(1), start)),
        key,
    };
    let rows: Vec<Value> = rows.into_iter().map(|(_, record)| body(record)).collect();
    Answer::ok(&json!({ key: rows, "meta": meta }))
}

/// Up to `take` records on one side of `start`, the nearest first.
fn rows<R: Record>(
    table: &Table<R>,
    start: Start,
    descending: bool,
    keep: impl Fn(&R) -> bool,
    take: usize,
) -> Vec<(u64, &R)> {
    let wanted = |(_, record): &(u64, &R)| keep(record);
    match (start, descending) {
        (Start::First, true) => table.iter().rev().filter(wanted).take(take).collect(),
        (Start::First, false) => table.iter().filter(wanted).take(take).collect(),
        (Start::After(serial) | Start::Before(serial), true) => table
            .before(serial)
            .rev()
            .filter(wanted)
            .take(take)
            .collect(),
        (Start::After(serial) | Start::Before(serial), false) => {
            table.after(serial).filter(wanted).take(take).collect()
        }
    }
}

/// The query string of a page of the same list.
fn for_page(query: &Map<String, Value>, size: u64, number: u64, start: Start) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query {
        if !matches!(name.as_str(), "PageSize" | "Page" | "PageToken") {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            written.append_pair(name, &value);
        }
    }
    written.append_pair("PageSize", &size.to_string());
    written.append_pair("Page", &number.to_string());
    if let Some(token) = start.token() {
        written.append_pair("PageToken", &token);
    }
    written.finish()
}
