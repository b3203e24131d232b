//! The lists of the client, which are each of a type of its own, as one kind.

use twilio_verify::{
    Attempt, Bucket, Challenge, Entity, Factor, ListAttempts, ListBuckets, ListChallenges,
    ListEntities, ListFactors, ListMessagingConfigurations, ListRateLimits, ListServices,
    ListTemplates, ListWebhooks, MessagingConfiguration, Pages, RateLimit, Service, Template,
    Webhook,
};

use crate::output::Resource;

/// A list that can be asked for.
pub(crate) trait ListRequest {
    /// What it is a list of.
    type Item: Resource + Send + 'static;

    /// Its pages, up to a limit, in pages of a size.
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
