//! The resources of the API, which a [`Client`](crate::Client) leads to. Each has its operations as
//! methods.
//!
//! A method that has optional values returns a [builder](crate::requests), which is awaited. A
//! method without them is `async`. Contexts, such as [`ServiceContext`], lead to the resources
//! within a service, an entity, a challenge or a rate limit, and send nothing themselves.

pub(crate) mod access_tokens;
pub(crate) mod attempts;
pub(crate) mod buckets;
pub(crate) mod challenges;
pub(crate) mod entities;
pub(crate) mod factors;
pub(crate) mod forms;
pub(crate) mod messaging_configurations;
pub(crate) mod notifications;
pub(crate) mod passkeys;
pub(crate) mod rate_limits;
pub(crate) mod safe_list;
pub(crate) mod services;
pub(crate) mod templates;
pub(crate) mod verifications;
pub(crate) mod webhooks;

pub use access_tokens::AccessTokens;
pub use attempts::Attempts;
pub use buckets::Buckets;
pub use challenges::Challenges;
pub use entities::Entities;
pub use factors::Factors;
pub use forms::Forms;
pub use messaging_configurations::MessagingConfigurations;
pub use notifications::Notifications;
pub use passkeys::Passkeys;
pub use rate_limits::RateLimits;
pub use safe_list::SafeList;
pub use services::Services;
pub use templates::Templates;
pub use verifications::{VerificationRef, Verifications};
pub use webhooks::Webhooks;

pub use crate::contexts::{ChallengeContext, EntityContext, RateLimitContext, ServiceContext};
