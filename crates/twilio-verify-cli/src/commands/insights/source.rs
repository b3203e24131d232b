//! Where the attempts of an export come from.

use serde_json::Value;
use twilio_verify::{Attempt, ConversionStatus, DestinationPrefix, Pages};

use crate::commands::args::given;
use crate::commands::summary::SummaryArgs;
use crate::failure::report::Failure;
use crate::session::json::json;
use crate::session::requests::Session;

/// The most items of a page of the list.
const PAGE: u16 = 1000;

/// Where attempts come from, some at a time.
pub(super) enum Source {
    /// The API's list, which has no filter for prefixes.
    Live(Box<Pages<Attempt>>, Option<DestinationPrefix>),
}

impl Source {
    /// The account's attempts that match the filters.
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

    /// The next attempts; `None` after the last ones.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        match self {
            Self::Live(pages, prefix) => {
                let Some(page) = pages.try_next().await? else {
                    return Ok(None);
                };
                let matching = page.items.iter().filter(|attempt| matches(attempt, prefix.as_ref()));
                matching.map(json).collect::<Result<_, _>>().map(Some)
            }
        }
    }
}

/// Whether the number of an attempt has the prefix.
fn matches(attempt: &Attempt, prefix: Option<&DestinationPrefix>) -> bool {
    prefix.is_none_or(|prefix| {
        let to = attempt.channel_data.as_ref().and_then(|data| data.to.as_ref());
        to.is_some_and(|to| to.expose().starts_with(prefix.as_str()))
    })
}
