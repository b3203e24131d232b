//! The handlers of the operations.

use crate::contract::error::ApiError;
use crate::contract::operation::Operation;
use crate::operations::calls::call::Call;
use crate::operations::calls::request::CheckedRequest;
use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::{
    access_tokens, challenges, entities, factors, notifications, passkeys,
};
use crate::operations::service::{
    buckets, messaging_configurations, rate_limits, services, webhooks,
};
use crate::operations::verification::{checks, start, verifications};
use crate::operations::{attempts, forms, safe_list, templates};

/// A handler that holds the lock of the account.
pub(crate) type AccountHandler = fn(&mut Call<'_>) -> Result<ApiResponse, ApiError>;

/// A handler that uses only the store of the attempts, so that it does not block other requests.
pub(crate) type AttemptsHandler = fn(&CheckedRequest<'_>) -> Result<ApiResponse, ApiError>;

#[derive(Clone, Copy)]
pub(crate) enum Handler {
    Account(AccountHandler),
    Attempts(AttemptsHandler),
}

/// Returns the handler of an operation of the document.
pub(crate) fn handler(operation: &Operation) -> Option<Handler> {
    let handler: AccountHandler = match operation.id.as_str() {
        "FetchVerificationAttempt" => return Some(Handler::Attempts(attempts::fetch)),
        "ListVerificationAttempt" => return Some(Handler::Attempts(attempts::list)),
        "FetchVerificationAttemptsSummary" => return Some(Handler::Attempts(attempts::summary)),
        "CreateAccessToken" => access_tokens::create,
        "FetchAccessToken" => access_tokens::fetch,
        "CreateBucket" => buckets::create,
        "DeleteBucket" => buckets::delete,
        "FetchBucket" => buckets::fetch,
        "ListBucket" => buckets::list,
        "UpdateBucket" => buckets::update,
        "CreateChallenge" => challenges::create,
        "FetchChallenge" => challenges::fetch,
        "ListChallenge" => challenges::list,
        "UpdateChallenge" => challenges::update,
        "CreateEntity" => entities::create,
        "DeleteEntity" => entities::delete,
        "FetchEntity" => entities::fetch,
        "ListEntity" => entities::list,
        "CreateNewFactor" => factors::create,
        "DeleteFactor" => factors::delete,
        "FetchFactor" => factors::fetch,
        "ListFactor" => factors::list,
        "UpdateFactor" => factors::update,
        "FetchForm" => forms::fetch,
        "CreateMessagingConfiguration" => messaging_configurations::create,
        "DeleteMessagingConfiguration" => messaging_configurations::delete,
        "FetchMessagingConfiguration" => messaging_configurations::fetch,
        "ListMessagingConfiguration" => messaging_configurations::list,
        "UpdateMessagingConfiguration" => messaging_configurations::update,
        "CreateNotification" => notifications::create,
        "CreateChallengePasskeys" => passkeys::create_challenge,
        "CreateNewFactorPasskey" => passkeys::create_factor,
        "UpdateChallengePasskeys" => passkeys::approve_challenge,
        "UpdatePasskeysFactor" => passkeys::verify_factor,
        "CreateRateLimit" => rate_limits::create,
        "DeleteRateLimit" => rate_limits::delete,
        "FetchRateLimit" => rate_limits::fetch,
        "ListRateLimit" => rate_limits::list,
        "UpdateRateLimit" => rate_limits::update,
        "CreateSafelist" => safe_list::create,
        "DeleteSafelist" => safe_list::delete,
        "FetchSafelist" => safe_list::fetch,
        "CreateService" => services::create,
        "DeleteService" => services::delete,
        "FetchService" => services::fetch,
        "ListService" => services::list,
        "UpdateService" => services::update,
        "ListVerificationTemplate" => templates::list,
        "CreateVerification" => start::create,
        "FetchVerification" => verifications::fetch,
        "UpdateVerification" => verifications::update,
        "CreateVerificationCheck" => checks::create,
        "CreateWebhook" => webhooks::create,
        "DeleteWebhook" => webhooks::delete,
        "FetchWebhook" => webhooks::fetch,
        "ListWebhook" => webhooks::list,
        "UpdateWebhook" => webhooks::update,
        _ => return None,
    };
    Some(Handler::Account(handler))
}
