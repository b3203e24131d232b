//! The error codes that Twilio documents for Verify, with their HTTP status and what to do.
//!
//! Twilio publishes no status for 60223 and 60410; the ones here are assumed.

/// A documented error code and its meaning: what is wrong and, after a colon, what to do.
struct Code(i64, &'static str);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $meaning:literal;)*) => {
        $(
            $(#[$doc])*
            pub const $name: i64 = $code;
        )*

        const ALL: &[Code] = &[$(Code($code, $meaning)),*];
    };
}

codes! {
    /// 400: a required parameter is missing, or a value can't be read, such as a malformed date.
    INVALID_VALUE = 20001, "a parameter is missing or can't be read: correct the parameter";
    /// 401: the account SID, auth token or API key is wrong, deleted or of another region, or a token has expired.
    AUTHENTICATE = 20003, "the credentials were rejected: check the account SID and auth token or the API key, and that the key is of this region";
    /// 405: the resource doesn't have this HTTP method.
    METHOD_NOT_ALLOWED = 20004, "the resource does not have this HTTP method: use one that is documented";
    /// 403: test credentials don't work with Verify.
    TEST_CREDENTIALS = 20008, "test credentials do not work with Verify: use live credentials, or an emulator";
    /// 403: the account is suspended, or may not use the resource.
    ACCOUNT_SUSPENDED = 20403, "the account is suspended, or may not use the resource: check the account's state";
    /// 404: the resource was not found, belongs to another account, or has ended, as a verification does once it is approved or expired.
    NOT_FOUND = 20404, "not found: the resource may belong to another account, or may have expired";
    /// 429: too many requests; this one was not processed and can be sent again.
    TOO_MANY_REQUESTS = 20429, "too many requests: this one was not processed, and can be sent again later";
    /// 500: Twilio failed; a POST may have been processed.
    INTERNAL_ERROR = 20500, "Twilio failed: read again, but a POST may have been processed";
    /// 503: Twilio can't serve the request at the moment.
    SERVICE_UNAVAILABLE = 20503, "Twilio is unavailable: try again later";
    /// 400: the destination is not a valid phone number.
    INVALID_TO_NUMBER = 21211, "the destination is not a valid phone number: use E.164 format";
    /// 400: the phone number is invalid.
    INVALID_PHONE_NUMBER = 60033, "the phone number is invalid: use E.164 format";
    /// 400: a parameter is invalid.
    INVALID_PARAMETER = 60200, "a parameter is invalid: correct the parameter";
    /// 429: the code was checked too often; a new start doesn't help while the verification is pending.
    MAX_CHECK_ATTEMPTS = 60202, "the code was checked too often: wait until the verification expires, or cancel it; a new start does not help";
    /// 429: the code was sent too often while the verification is pending.
    MAX_SEND_ATTEMPTS = 60203, "the code was sent too often: check it, cancel the verification, or wait until it expires";
    /// 403: the service doesn't support this, such as a custom code or a custom friendly name.
    UNSUPPORTED_FEATURE = 60204, "the service does not support this: enable it, or leave the parameter out";
    /// 403: a landline can't receive an SMS.
    LANDLINE = 60205, "a landline can't receive an SMS: use a call";
    /// 400: a service with PSD2 needs `Amount` and `Payee`.
    PAYMENT_REQUIRED = 60206, "the service has PSD2 enabled: send both the amount and the payee";
    /// 400: the service has too many rate limits.
    TOO_MANY_RATE_LIMITS = 60207, "the service has too many rate limits: delete one";
    /// 400: the service already has a rate limit with this unique name.
    UNIQUE_NAME_TAKEN = 60208, "the unique name is taken: choose another one";
    /// 400: the unique name of a rate limit holds characters other than letters, digits, `-`, `_` and `.`.
    INVALID_UNIQUE_NAME = 60209, "the unique name is invalid: use letters, digits, dashes, underscores and dots";
    /// 400: the rate limit has too many buckets.
    TOO_MANY_BUCKETS = 60210, "the rate limit has too many buckets: delete one";
    /// 400: the rate limit already has a bucket with this interval.
    INTERVAL_TAKEN = 60211, "the rate limit has a bucket with this interval: choose another interval";
    /// 429: too many requests for this number at once.
    TOO_MANY_CONCURRENT_REQUESTS = 60212, "too many requests for this number at once: send one at a time";
    /// 400: the country already has a messaging configuration.
    COUNTRY_TAKEN = 60213, "the country has a messaging configuration: update that one";
    /// 400: a service with PSD2 doesn't make calls.
    CALL_WITH_PSD2 = 60214, "the service has PSD2 enabled and makes no calls: use SMS";
    /// 400: the account has too many e-mail integrations.
    TOO_MANY_MAILERS = 60215, "the account has too many e-mail integrations: delete one";
    /// 400: the service lacks what the channel needs, such as an e-mail integration.
    INVALID_SERVICE_CONFIGURATION = 60217, "the service lacks what the channel needs, such as an e-mail integration: add it to the service";
    /// 400: the e-mail template has no active version.
    EMAIL_TEMPLATE_INACTIVE = 60218, "the e-mail template has no active version: activate one";
    /// 400: the e-mail template has no placeholder for the code.
    EMAIL_TEMPLATE_PLACEHOLDERS = 60219, "the e-mail template has no placeholder for the code: add one";
    /// 400: messages to China need vetting.
    CHINA_VETTING = 60220, "messages to China need vetting: ask Twilio for it";
    /// 400: a check names neither a destination nor a verification.
    NO_VERIFICATION_NAMED = 60221, "the check names no verification: send the destination or the verification's SID";
    /// 403: the sender's e-mail address is not verified.
    SENDER_NOT_VERIFIED = 60222, "the sender's e-mail address is not verified: verify it with the e-mail provider";
    /// 400: the channel is disabled.
    CHANNEL_DISABLED = 60223, "the channel is disabled: enable it for the service";
    /// 409: the template already has a translation in this language.
    TRANSLATION_EXISTS = 60225, "the template has a translation in this language: change that one";
    /// 400: a parameter of an entity, a factor or a challenge is malformed.
    INVALID_FACTOR_PARAMETER = 60300, "a parameter is malformed: correct the parameter";
    /// 409: the service already has an entity with this identity.
    ENTITY_EXISTS = 60301, "the service has an entity with this identity: fetch that one";
    /// 400: the factor type already exists.
    FACTOR_TYPE_EXISTS = 60302, "the factor type exists";
    /// 400: the identity or the factor type of an access token is missing or malformed.
    INVALID_ACCESS_TOKEN_PARAMETERS = 60305, "the identity or the factor type is missing or malformed: send both";
    /// 400: the request for an entity, a factor, a challenge or a webhook is invalid.
    INVALID_FACTOR = 60306, "the request is invalid: Twilio's message names the parameter";
    /// 429: the challenge was answered with a wrong code too often.
    MAX_CHALLENGE_ATTEMPTS = 60308, "the challenge was answered with a wrong code too often: create another challenge";
    /// 429: the challenge has too many push notifications.
    MAX_NOTIFICATIONS = 60309, "the challenge has too many push notifications: create another challenge";
    /// 429: the factor was verified with a wrong code too often.
    MAX_FACTOR_ATTEMPTS = 60310, "the factor was verified with a wrong code too often: delete it and create another factor";
    /// 403: the signature doesn't match the factor's key.
    FACTOR_VERIFICATION_FAILED = 60311, "the signature does not match the factor's key: sign with the registered key";
    /// 429: the factor has too many challenges.
    MAX_CHALLENGES = 60312, "the factor has too many challenges: wait";
    /// 403: the access token doesn't allow this factor.
    FACTOR_NOT_AUTHORIZED = 60313, "the access token does not allow this factor: create a token for this identity";
    /// 400: the public key or the algorithm of a push factor is malformed.
    INVALID_BINDING = 60314, "the binding of the factor is malformed: correct its public key or algorithm";
    /// 400: the entity has too many factors.
    MAX_FACTORS = 60315, "the entity has too many factors: delete one";
    /// 409: the entity already has a factor with this public key or secret.
    FACTOR_EXISTS = 60317, "the entity has a factor with this public key or secret: use another one";
    /// 403: the factor is not verified.
    FACTOR_NOT_VERIFIED = 60318, "the factor is not verified: verify it first";
    /// 403: the challenge is already approved or denied.
    CHALLENGE_ANSWERED = 60322, "the challenge is approved or denied already: create another challenge";
    /// 403: the challenge has expired.
    CHALLENGE_EXPIRED = 60323, "the challenge has expired: create another challenge";
    /// 403: the signature or the code doesn't match the challenge.
    CHALLENGE_FAILED = 60324, "the signature or the code does not match the challenge";
    /// 429: too many factors were created for the entity today.
    MAX_FACTOR_CREATIONS = 60326, "too many factors were created for the entity today: wait";
    /// 400: the webhook's URL could not be reached, or did not respond with 200.
    WEBHOOK_FAILED = 60330, "the webhook's URL could not be reached, or did not respond with 200: check it";
    /// 403: blocked by Fraud Guard.
    FRAUD_GUARD = 60410, "blocked by Fraud Guard: the prefix is blocked for some hours, unless it is in the Safe List";
    /// 400: the phone number or prefix is in the Safe List.
    IN_SAFE_LIST = 60411, "the phone number or prefix is in the Safe List: nothing is left to do";
    /// 400: `AppHash` needs the channel `sms`.
    APP_HASH_CHANNEL = 60602, "an app hash needs the channel sms: leave it out";
    /// 401: the e-mail provider's credits are used up.
    EMAIL_CREDITS = 60603, "the e-mail provider's credits are used up: add credits";
    /// 401: the e-mail provider rejects its API key.
    EMAIL_NOT_AUTHORIZED = 60604, "the e-mail provider rejects its API key: store a valid key";
    /// 403: blocked by the account's geographic permissions for Verify.
    GEO_PERMISSIONS = 60605, "blocked by the account's geographic permissions: allow the country";
    /// 403: the restricted API key lacks the permission.
    MISSING_SCOPE = 70051, "the restricted API key lacks the permission: add it, or use another key";
}

/// Returns the meaning of a documented code.
pub(crate) fn meaning(code: i64) -> Option<&'static str> {
    ALL.iter().find(|known| known.0 == code).map(|known| known.1)
}

/// Returns what to do about a documented code.
pub(crate) fn remedy(code: i64) -> Option<&'static str> {
    meaning(code)?.split_once(": ").map(|(_, remedy)| remedy)
}
