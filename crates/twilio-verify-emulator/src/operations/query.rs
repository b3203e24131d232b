//! Query parameters: what they may be, and the error of each that is something else.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};
use url::form_urlencoded;

use crate::attempts::data::destination::Prefix;
use crate::attempts::data::filter::{Bound, Bounds};
use crate::attempts::data::filter::{Filter, ListFilter, Period, SummaryFilter};
use crate::attempts::data::position::Start;
use crate::contract::error::ApiError;
use crate::time::date::{date, second_after, second_from};

/// The longest query string that is read.
pub(crate) const MAX_QUERY_BYTES: usize = 8 * 1024;

const DEFAULT_PAGE_SIZE: u32 = 50;
const MAX_PAGE_SIZE: u32 = 1000;

/// The filters of the list, in the order in which its URLs bear them.
const LIST_FILTERS: [&str; 8] = [
    "DateCreatedAfter",
    "DateCreatedBefore",
    "ChannelData.To",
    "Country",
    "Channel",
    "VerifyServiceSid",
    "VerificationSid",
    "Status",
];

/// The parameters of a query string, decoded.
pub(crate) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    pub(crate) fn new(raw: &'a str) -> Self {
        Self(form_urlencoded::parse(raw.as_bytes()).collect())
    }

    /// The value of a parameter; the last one, if it is given several times.
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_ref())
    }

    fn read<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => read(value)
                .map(Some)
                .ok_or_else(|| ApiError::invalid_parameter(name)),
        }
    }

    fn date(&self, name: &str) -> Result<Option<DateTime<FixedOffset>>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => date(value).map(Some).ok_or_else(ApiError::invalid_date),
        }
    }

    fn filter(&self, bounds: Bounds) -> Result<Filter, ApiError> {
        Ok(Filter {
            period: Period {
                from: self
                    .date("DateCreatedAfter")?
                    .map(|date| match bounds.after {
                        Bound::Inclusive => second_from(date),
                        Bound::Exclusive => second_after(date),
                    }),
                until: self
                    .date("DateCreatedBefore")?
                    .map(|date| match bounds.before {
                        Bound::Inclusive => second_after(date),
                        Bound::Exclusive => second_from(date),
                    }),
            },
            country: self.read("Country", |value| value.parse().ok())?,
            channel: self.read("Channel", |value| value.parse().ok())?,
            service: self.read("VerifyServiceSid", |value| value.parse().ok())?,
        })
    }
}

/// A request for a page of the list.
#[derive(Debug)]
pub(crate) struct ListQuery {
    pub(crate) filter: ListFilter,
    pub(crate) page_size: u32,
    pub(crate) page: u32,
    pub(crate) start: Start,
    /// The filters as they came, for the URLs of the answer.
    filters: Vec<(&'static str, String)>,
}

impl ListQuery {
    pub(crate) fn parse(raw: &str, bounds: Bounds) -> Result<Self, ApiError> {
        let query = Query::new(raw);
        Ok(Self {
            filter: ListFilter {
                common: query.filter(bounds)?,
                to: query.get("ChannelData.To").map(str::to_owned),
                verification: query.read("VerificationSid", |value| value.parse().ok())?,
                status: query.read("Status", |value| value.parse().ok())?,
            },
            page_size: query
                .read("PageSize", |value| {
                    number(value).filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
                })?
                .unwrap_or(DEFAULT_PAGE_SIZE),
            page: query.read("Page", number)?.unwrap_or(0),
            start: query
                .read("PageToken", Start::from_token)?
                .unwrap_or(Start::Newest),
            filters: LIST_FILTERS
                .into_iter()
                .filter_map(|name| Some((name, query.get(name)?.to_owned())))
                .collect(),
        })
    }

    /// The query string of a page of the same list.
    pub(crate) fn for_page(&self, page: u32, start: Start) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.filters);
        query.append_pair("PageSize", &self.page_size.to_string());
        query.append_pair("Page", &page.to_string());
        if let Some(token) = start.token() {
            query.append_pair("PageToken", &token);
        }
        query.finish()
    }
}

/// Reads the parameters of a summary.
pub(crate) fn summary(raw: &str, bounds: Bounds) -> Result<SummaryFilter, ApiError> {
    let query = Query::new(raw);
    Ok(SummaryFilter {
        common: query.filter(bounds)?,
        prefix: query.read("DestinationPrefix", Prefix::parse)?,
    })
}

/// A number without a sign.
fn number(text: &str) -> Option<u32> {
    // `parse` alone would let `+5` pass.
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_second_is_respected() {
        let bounds = |after, before| Bounds { after, before };
        let period = |instant: &str, bounds| {
            let raw = format!("DateCreatedAfter={instant}&DateCreatedBefore={instant}");
            let period = summary(&raw, bounds).unwrap().common.period;
            (
                period.from.unwrap() - 1_772_485_353,
                period.until.unwrap() - 1_772_485_353,
            )
        };
        let (whole, half) = ("2026-03-02T21:02:33Z", "2026-03-02T21:02:33.5Z");
        assert_eq!(
            period(whole, bounds(Bound::Inclusive, Bound::Exclusive)),
            (0, 0)
        );
        assert_eq!(
            period(whole, bounds(Bound::Exclusive, Bound::Inclusive)),
            (1, 1)
        );
        assert_eq!(
            period(half, bounds(Bound::Inclusive, Bound::Exclusive)),
            (1, 1)
        );
        assert_eq!(
            period(half, bounds(Bound::Exclusive, Bound::Inclusive)),
            (1, 1)
        );
    }
}
