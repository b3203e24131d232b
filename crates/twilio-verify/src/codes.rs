//! The error codes that Twilio documents for Verify.

/// A documented error code and its meaning.
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
    /// 400: a parameter has an invalid value, such as a malformed date.
    INVALID_VALUE = 20001, "a parameter has an invalid value";
    /// 401: the account SID, auth token or API key is wrong, or the key is of another region.
    AUTHENTICATE = 20003, "the credentials were rejected: check the account SID and auth token or the API key, and that the key is of this region";
    /// 403: the account is suspended.
    ACCOUNT_SUSPENDED = 20403, "the account is suspended";
    /// 404: the resource was not found, or has expired.
    NOT_FOUND = 20404, "not found: the resource may belong to another account, or may have expired";
    /// 429: too many requests; this one was not processed and can be sent again.
    TOO_MANY_REQUESTS = 20429, "too many requests: this one was not processed, and can be sent again later";
    /// 400: a parameter is invalid.
    INVALID_PARAMETER = 60200, "a parameter is invalid";
    /// 429: the code was checked too often; waiting doesn't help.
    MAX_CHECK_ATTEMPTS = 60202, "the code was checked too often: start a new verification";
    /// 429: the code was sent too often; a short wait doesn't help.
    MAX_SEND_ATTEMPTS = 60203, "the code was sent too often: wait until the verification expires";
    /// 400: the service doesn't support this.
    UNSUPPORTED_FEATURE = 60204, "the service does not support this";
    /// 403: a landline can't receive an SMS.
    LANDLINE = 60205, "a landline can't receive an SMS: use a call";
    /// 400: the service has too many rate limits.
    TOO_MANY_RATE_LIMITS = 60207, "the service has too many rate limits";
    /// 400: the unique name is taken.
    UNIQUE_NAME_TAKEN = 60208, "the unique name is taken";
    /// 429: too many requests for this number at once.
    TOO_MANY_CONCURRENT_REQUESTS = 60212, "too many requests for this number at once";
    /// 400: the channel is disabled.
    CHANNEL_DISABLED = 60223, "the channel is disabled: enable it for the service";
    /// 400: the factor or challenge request is invalid.
    INVALID_FACTOR = 60306, "the factor or challenge request is invalid";
    /// 403: the factor is not verified.
    FACTOR_NOT_VERIFIED = 60318, "the factor is not verified";
    /// 403: the challenge failed.
    CHALLENGE_FAILED = 60324, "the challenge failed";
    /// 403: blocked by Fraud Guard.
    FRAUD_GUARD = 60410, "blocked by Fraud Guard";
    /// 403: blocked by the account's geographic permissions.
    GEO_PERMISSIONS = 60605, "blocked by the account's geographic permissions: allow the country";
    /// 403: the restricted key lacks the scope.
    MISSING_SCOPE = 70051, "the restricted API key lacks the permission";
}

/// The meaning of a documented code.
pub(crate) fn meaning(code: i64) -> Option<&'static str> {
    ALL.iter().find(|known| known.0 == code).map(|known| known.1)
}
