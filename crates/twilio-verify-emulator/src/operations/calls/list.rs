//! Lists of resources, split into pages.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use url::form_urlencoded;

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::request::CheckedRequest;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::{Order, Page, PageKey, PageStart};
use crate::tables::table::{Record, Table};

const PAGE_SIZE: &str = "PageSize";
const PAGE: &str = "Page";
const PAGE_TOKEN: &str = "PageToken";

const DEFAULT_PAGE_SIZE: u32 = 50;

/// The body of a list.
struct ListBody<B> {
    key: &'static str,
    items: Vec<B>,
    meta: Meta,
}

/// The paging object of a list.
#[derive(Serialize)]
struct Meta {
    page: u32,
    page_size: u32,
    first_page_url: String,
    previous_page_url: Option<String>,
    url: String,
    next_page_url: Option<String>,
    key: &'static str,
}

impl<B: Serialize> Serialize for ListBody<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(Some(2))?;
        body.serialize_entry(self.key, &self.items)?;
        body.serialize_entry("meta", &self.meta)?;
        body.end()
    }
}

/// Responds with the page that a request asks for. `find` returns the items of a page of some size, `body` the JSON of
/// an item; the response has them under `key`.
pub(crate) fn page<T, K: PageKey, B: Serialize>(
    request: &CheckedRequest<'_>,
    key: &'static str,
    find: impl FnOnce(PageStart<K>, usize) -> Page<T, K>,
    body: impl Fn(T) -> B,
) -> Result<ApiResponse, ApiError> {
    let size = request.parameter(PAGE_SIZE)?.unwrap_or(DEFAULT_PAGE_SIZE);
    let number: u32 = request.parameter(PAGE)?.unwrap_or_default();
    let start = match request.parameter::<String>(PAGE_TOKEN)? {
        None => PageStart::First,
        Some(token) => {
            PageStart::from_token(&token).ok_or_else(|| ApiError::invalid_parameter(PAGE_TOKEN))?
        }
    };
    let page = find(start, size as usize);
    let url = |number, start| page_url(request, size, number, start);
    let meta = Meta {
        page: number,
        page_size: size,
        first_page_url: url(0, PageStart::First),
        previous_page_url: page.previous.map(|start| url(number.saturating_sub(1), start)),
        url: url(number, start),
        next_page_url: page.next.map(|start| url(number.saturating_add(1), start)),
        key,
    };
    let items = page.items.into_iter().map(body).collect();
    ApiResponse::ok(&ListBody { key, items, meta })
}

/// Responds with a page of the records of a table that pass `filter`.
pub(crate) fn table_page<'c, R: Record>(
    call: &'c Call<'_>,
    key: &'static str,
    table: &'c Table<R>,
    order: Order,
    filter: impl Fn(&R) -> bool,
    body: impl Fn(&'c R) -> Value,
) -> Result<ApiResponse, ApiError> {
    page(call, key, |start, size| table.page(order, start, size, filter), body)
}

/// Returns the URL of a page of the same list.
fn page_url<K: PageKey>(
    request: &CheckedRequest<'_>,
    size: u32,
    number: u32,
    start: PageStart<K>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in request.query() {
        if ![PAGE_SIZE, PAGE, PAGE_TOKEN].contains(&name) {
            query.append_pair(name, &value);
        }
    }
    query.append_pair(PAGE_SIZE, &size.to_string());
    query.append_pair(PAGE, &number.to_string());
    if let Some(token) = start.token() {
        query.append_pair(PAGE_TOKEN, &token);
    }
    format!("{}?{}", request.own_url(), query.finish())
}
