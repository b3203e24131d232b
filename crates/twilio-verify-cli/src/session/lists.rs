//! How much of a list to show, and the lists of the client.

use clap::Args;
use twilio_verify::{
    Attempt, Bucket, Challenge, Entity, Factor, ListAttempts, ListBuckets, ListChallenges,
    ListEntities, ListFactors, ListMessagingConfigurations, ListRateLimits, ListServices,
    ListTemplates, ListWebhooks, MessagingConfiguration, Pages, RateLimit, Service, Template,
    Webhook,
};

use crate::output::shape::Resource;
use crate::values::numbers;

/// The limit without a flag: that of twilio-cli.
const DEFAULT_LIMIT: usize = 50;

/// Twilio's largest page size.
const LARGEST_PAGE: u16 = 1000;

/// How much of a list to show.
#[derive(Args, Debug)]
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
    /// Whether no flag sets the limit.
    pub(crate) fn is_default(&self) -> bool {
        self.limit.is_none() && !self.no_limit
    }

    /// The most resources to show.
    pub(crate) fn limit(&self) -> Option<usize> {
        (!self.no_limit).then_some(self.limit.unwrap_or(DEFAULT_LIMIT))
    }

    /// The number of resources per request.
    pub(crate) fn page_size(&self) -> Option<u16> {
        match self.no_limit {
            // Twilio's own default would take twenty times as many requests.
            true => self.page_size.or(Some(LARGEST_PAGE)),
            // The client requests no more than the limit.
            false => self.page_size,
        }
    }
}

/// A list request of the client.
pub(crate) trait ListRequest {
    /// The resource that is listed.
    type Item: Resource + Send + 'static;

    /// Its pages, up to a limit and with a page size.
    fn within(self, limit: Option<usize>, page_size: Option<u16>) -> Pages<Self::Item>;
}

macro_rules! lists {
    ($($request:ty => $item:ty,)*) => {
        $(
            impl ListRequest for $request {
                type Item = $item;

                fn within(
                    mut self,
                    limit: Option<usize>,
                    page_size: Option<u16>,
                ) -> Pages<Self::Item> {
                    if let Some(limit) = limit {
                        self = self.limit(limit);
                    }
                    if let Some(size) = page_size {
                        self = self.page_size(size);
                    }
                    self.pages()
                }
            }
        )*
    };
}

lists! {
    ListAttempts => Attempt,
    ListServices => Service,
    ListTemplates => Template,
    ListRateLimits => RateLimit,
    ListBuckets => Bucket,
    ListMessagingConfigurations => MessagingConfiguration,
    ListWebhooks => Webhook,
    ListEntities => Entity,
    ListFactors => Factor,
    ListChallenges => Challenge,
}
