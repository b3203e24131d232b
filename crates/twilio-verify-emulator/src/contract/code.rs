//! The error codes of responses. `errors.md` lists when each is returned, and the source of that.

use http::StatusCode;

/// Defines the error codes, each with its HTTP status and the message of its errors.
macro_rules! codes {
    ($($name:ident = $number:literal, $status:ident, $message:literal;)+) => {
        /// An error code of Twilio's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code {
            $($name = $number),+
        }

        impl Code {
            const ALL: &'static [Self] = &[$(Self::$name),+];

            pub(crate) fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            pub(crate) fn message(self) -> &'static str {
                match self { $(Self::$name => $message),+ }
            }
        }
    };
}

codes! {
    InvalidValue = 20001, BAD_REQUEST, "Invalid parameter";
    Unauthenticated = 20003, UNAUTHORIZED, "Authenticate";
    MethodNotAllowed = 20004, METHOD_NOT_ALLOWED, "Method not allowed";
    NotFound = 20404, NOT_FOUND, "The requested resource was not found";
    TooManyRequests = 20429, TOO_MANY_REQUESTS, "Too many requests";
    Internal = 20500, INTERNAL_SERVER_ERROR, "Internal server error";
    Unavailable = 20503, SERVICE_UNAVAILABLE, "Service unavailable";
    InvalidParameter = 60200, BAD_REQUEST, "Invalid parameter";
    UnapprovedTranslation = 60201, BAD_REQUEST, "The template's translation is not approved";
    MaxChecks = 60202, TOO_MANY_REQUESTS, "Max check attempts reached";
    MaxSends = 60203, TOO_MANY_REQUESTS, "Max send attempts reached";
    NotSupported = 60204, FORBIDDEN, "Service does not support this feature";
    Landline = 60205, FORBIDDEN, "SMS is not supported by landline phone number";
    PaymentRequired = 60206, BAD_REQUEST, "'Amount' and 'Payee' are required";
    MaxRateLimits = 60207, BAD_REQUEST, "Max rate limits of the service reached";
    RateLimitExists = 60208, BAD_REQUEST, "A rate limit with this unique name exists";
    RateLimitName = 60209, BAD_REQUEST, "Invalid unique name of a rate limit";
    MaxBuckets = 60210, BAD_REQUEST, "Max buckets of the rate limit reached";
    BucketExists = 60211, BAD_REQUEST, "A bucket with this interval exists";
    ConcurrentRequests = 60212, TOO_MANY_REQUESTS, "Too many concurrent requests for phone number";
    CountryExists = 60213, BAD_REQUEST, "A messaging configuration for this country exists";
    PaymentByCall = 60214, BAD_REQUEST, "The channel call is not supported with PSD2";
    NoMailer = 60217, BAD_REQUEST, "A Mailer must be associated with the service";
    NoTarget = 60221, BAD_REQUEST, "No verification is named: 'To' or 'VerificationSid' is required";
    ChannelDisabled = 60223, BAD_REQUEST, "Delivery channel disabled";
    MissingSubstitution = 60224, BAD_REQUEST, "A substitution of the template is missing or invalid";
    TemplateChannel = 60227, BAD_REQUEST, "The template does not support the channel";
    TemplateNotFound = 60228, BAD_REQUEST, "Template not found";
    MessageTooLong = 60247, BAD_REQUEST, "The message is too long";
    EntityExists = 60301, CONFLICT, "Entity exists";
    AccessTokenParameters = 60305, BAD_REQUEST, "Invalid access token parameters";
    InvalidRequest = 60306, BAD_REQUEST, "Invalid request";
    NoPushPlatform = 60307, BAD_REQUEST, "The factor's notification platform is none";
    MaxChallengeTries = 60308, TOO_MANY_REQUESTS, "Max verification attempts of the challenge reached";
    MaxNotifications = 60309, TOO_MANY_REQUESTS, "Max notifications of the challenge reached";
    MaxFactorTries = 60310, TOO_MANY_REQUESTS, "Max verification attempts of the factor reached";
    FactorFailed = 60311, FORBIDDEN, "Factor verification failed";
    MaxChallenges = 60312, TOO_MANY_REQUESTS, "Max challenge creations of the factor reached";
    FactorNotGranted = 60313, FORBIDDEN, "The access token does not allow this factor";
    InvalidBinding = 60314, BAD_REQUEST, "Invalid binding";
    MaxFactors = 60315, BAD_REQUEST, "Max factors of the entity reached";
    FactorExists = 60317, CONFLICT, "Factor exists";
    FactorUnverified = 60318, FORBIDDEN, "Factor is not verified";
    ChallengeAnswered = 60322, FORBIDDEN, "Challenge is already answered";
    ChallengeExpired = 60323, FORBIDDEN, "Challenge has expired";
    ChallengeFailed = 60324, FORBIDDEN, "Challenge verification failed";
    MaxFactorCreations = 60326, TOO_MANY_REQUESTS, "Max factor creations of the entity reached";
    PaymentBySna = 60329, BAD_REQUEST, "The channel sna is not supported with PSD2";
    InvalidIdentity = 60367, BAD_REQUEST, "Invalid identity of the entity";
    InvalidDetails = 60368, BAD_REQUEST, "Invalid details of the challenge";
    InvalidConfig = 60370, BAD_REQUEST, "Invalid configuration of the factor";
    TemplateWithChannel = 60408, BAD_REQUEST, "'TemplateSid' is not supported by the channel";
    FraudGuard = 60410, FORBIDDEN, "Verification delivery attempt blocked";
    OnSafeList = 60411, BAD_REQUEST, "The phone number is on the safe list already";
    NoAutoChannel = 60550, BAD_REQUEST, "No channel could be chosen";
    AppHash = 60602, BAD_REQUEST, "'AppHash' is supported by the channel sms only";
    GeoPermissions = 60605, FORBIDDEN, "Verification delivery attempt blocked by geo permissions";
    NoWhatsappSender = 68008, BAD_REQUEST, "The service has no WhatsApp sender";
}

impl Code {
    /// Returns the code with this number, if it is known here.
    pub(crate) fn of_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    pub(crate) fn number(self) -> u32 {
        self as u32
    }
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    Missing,
    Invalid,
}

/// Returns the code of an invalid or missing parameter, if the operation has its own instead of the common ones.
pub(crate) fn of_parameter(operation: &str, parameter: &str, fault: Defect) -> Option<Code> {
    let is_invalid = fault == Defect::Invalid;
    match (operation, parameter) {
        ("CreateAccessToken", _) => Some(Code::AccessTokenParameters),
        (
            "CreateEntity" | "CreateNewFactor" | "CreateNewFactorPasskey",
            "Identity" | "identity",
        ) => is_invalid.then_some(Code::InvalidIdentity),
        ("CreateNewFactor", _) if parameter.starts_with("Binding.") => Some(Code::InvalidBinding),
        ("CreateNewFactor" | "UpdateFactor", _) if parameter.starts_with("Config.") => {
            Some(Code::InvalidConfig)
        }
        ("UpdateFactor" | "CreateChallenge" | "UpdateChallenge", "AuthPayload") => {
            Some(Code::InvalidRequest)
        }
        ("CreateChallenge", _) if parameter.starts_with("Details.") => Some(Code::InvalidDetails),
        ("CreateChallenge", "FactorSid" | "ExpirationDate" | "HiddenDetails")
        | ("CreateNewFactor" | "UpdateChallenge", "Metadata")
        | ("CreateWebhook" | "UpdateWebhook", "EventTypes")
        | ("ListEntity" | "ListFactor" | "ListChallenge", "PageSize" | "Page" | "PageToken") => {
            is_invalid.then_some(Code::InvalidRequest)
        }
        ("CreateRateLimit", "UniqueName") => is_invalid.then_some(Code::RateLimitName),
        ("CreateVerification", "TemplateCustomSubstitutions") => Some(Code::MissingSubstitution),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that the table in the documentation has every code, with the status that is sent.
    #[test]
    fn every_code_is_documented() {
        let table = include_str!("../errors.md");
        let table = table.split("## Not given").next().unwrap();
        let documented: Vec<(u32, u16)> = table
            .lines()
            .filter_map(|line| {
                let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
                Some((cells.next()?.parse().ok()?, cells.next()?.parse().ok()?))
            })
            .collect();
        let own = |code: &Code| (code.number(), code.status().as_u16());
        assert_eq!(documented, Code::ALL.iter().map(own).collect::<Vec<_>>());
    }
}
