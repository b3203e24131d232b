//! Reads the attempts of an export.

use serde_json::Value;
use twilio_verify::{Attempt, ConversionStatus, DestinationPrefix, Pages};
#[cfg(feature = "archive")]
use twilio_verify_archive::{Numbers, Row};

#[cfg(feature = "archive")]
use super::rows::Rows;
use crate::commands::args::given;
use crate::commands::summary::SummaryArgs;
use crate::failure::report::Failure;
use crate::session::json::json;
use crate::session::requests::Session;

/// The page size of the list.
const PAGE: u16 = 1000;

/// A source of attempts, which returns them page by page.
pub(super) enum Source {
    /// The API's list, which has no filter for prefixes.
    Live(Box<Pages<Attempt>>, Option<DestinationPrefix>),
    /// An archive.
    #[cfg(feature = "archive")]
    Archive(Box<Rows>),
}

impl Source {
    /// Lists the account's attempts that match the filters.
    pub(super) fn live(
        session: &Session,
        filters: &SummaryArgs,
        status: Option<ConversionStatus>,
    ) -> Self {
        let (after, before) = filters.period.at(session.zone());
        let list = given!(
            session.client.attempts().list().page_size(PAGE),
            created_after: after,
            created_before: before,
            country: filters.country.clone(),
            channel: filters.channel.clone(),
            service: filters.verify_service_sid.clone(),
            status: status,
        );
        Self::Live(Box::new(list.pages()), filters.destination_prefix.clone())
    }

    /// Returns the next attempts as JSON, or `None` after the last ones.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        match self {
            Self::Live(pages, prefix) => {
                let Some(page) = page(pages, prefix.as_ref()).await? else {
                    return Ok(None);
                };
                page.iter().map(json).collect::<Result<_, _>>().map(Some)
            }
            #[cfg(feature = "archive")]
            Self::Archive(rows) => {
                let next = rows.next().await?;
                Ok(next.map(|rows| rows.iter().map(super::rows::json).collect()))
            }
        }
    }

    /// Returns the next attempts as rows of an archive, or `None` after the last ones.
    #[cfg(feature = "archive")]
    pub(super) async fn next_rows(&mut self) -> Result<Option<Vec<Row>>, Failure> {
        match self {
            Self::Live(pages, prefix) => {
                let page = page(pages, prefix.as_ref()).await?;
                let of = |attempt: &Attempt| Row::of(attempt, &Numbers::Full);
                Ok(page.map(|attempts| attempts.iter().filter_map(of).collect()))
            }
            Self::Archive(rows) => rows.next().await,
        }
    }
}

/// Returns the attempts of the next page whose numbers have the prefix.
async fn page(
    pages: &mut Pages<Attempt>,
    prefix: Option<&DestinationPrefix>,
) -> Result<Option<Vec<Attempt>>, Failure> {
    let Some(mut page) = pages.try_next().await? else {
        return Ok(None);
    };
    page.items.retain(|attempt| matches(attempt, prefix));
    Ok(Some(page.items))
}

/// Whether the number of an attempt has the prefix.
fn matches(attempt: &Attempt, prefix: Option<&DestinationPrefix>) -> bool {
    prefix.is_none_or(|prefix| {
        let to = attempt.channel_data.as_ref().and_then(|data| data.to.as_ref());
        to.is_some_and(|to| to.expose().starts_with(prefix.as_str()))
    })
}
