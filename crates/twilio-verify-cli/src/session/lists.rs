//! The range of a list to show, and its pages.

use clap::Args;
use serde_json::Value;
use twilio_verify::Pages;

use crate::failure::report::Failure;
use crate::output::shape::Resource;
use crate::session::json::json;
use crate::values::numbers;

/// The default limit, which is that of twilio-cli.
const DEFAULT_LIMIT: usize = 50;

/// Twilio's largest page size.
const LARGEST_PAGE: u16 = 1000;

/// How much of a list to show.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Range {
    /// The number of resources per request, from 1 to 1000 [default: the limit]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 1..=LARGEST_PAGE)
    )]
    page_size: Option<u16>,

    /// Show N at most [default: 50]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 1..=usize::MAX)
    )]
    limit: Option<usize>,

    /// Show all
    #[arg(long, conflicts_with = "limit")]
    no_limit: bool,
}

impl Range {
    /// Whether no flag sets a limit.
    pub(crate) fn is_default(&self) -> bool {
        self.limit.is_none() && !self.no_limit
    }

    /// Returns the most resources to show, or `None` for all.
    pub(crate) fn limit(&self) -> Option<usize> {
        (!self.no_limit).then_some(self.limit.unwrap_or(DEFAULT_LIMIT))
    }

    /// Returns the number of resources per request, or `None` for the client's choice.
    pub(crate) fn page_size(&self) -> Option<u16> {
        match self.no_limit {
            // Twilio's own default would take twenty times as many requests.
            true => self.page_size.or(Some(LARGEST_PAGE)),
            // The client requests no more than the limit.
            false => self.page_size,
        }
    }

    /// Returns the page size to send: at most the limit, unless a flag sets a larger one.
    pub(crate) fn sent_page_size(&self) -> u16 {
        let limit = self.limit().and_then(|limit| u16::try_from(limit).ok());
        self.page_size().or(limit).unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE)
    }
}

/// A list that is fetched page by page.
pub(crate) trait Paged {
    /// Returns the next page, or `None` after the last.
    async fn next(&mut self) -> Result<Option<Rows>, Failure>;
}

/// The resources of a page.
pub(crate) struct Rows {
    /// The resources as JSON.
    pub(crate) items: Vec<Value>,
    /// Whether another page follows.
    pub(crate) more: bool,
}

impl<T: Resource + Send + 'static> Paged for Pages<T> {
    async fn next(&mut self) -> Result<Option<Rows>, Failure> {
        let Some(page) = self.try_next().await? else {
            return Ok(None);
        };
        let items: Result<Vec<Value>, Failure> = page.items.iter().map(json).collect();
        Ok(Some(Rows { items: items?, more: page.meta.next_page_url.is_some() }))
    }
}
