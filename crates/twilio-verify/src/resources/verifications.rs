//! Verifications: a code is sent to a person, and what they answer is checked.

use twilio_verify_api::Redacted;
use twilio_verify_api::types::{
    Channel, CreateVerificationCheckRequest, CreateVerificationRequest, RiskCheck, TemplateSid,
    UpdateVerificationRequest, Verification, VerificationCheck, VerificationResolution,
    VerificationSid,
};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, setters};

/// Verifications of a service: start, check, fetch, cancel, approve.
///
/// From [`ServiceContext::verifications`].
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{Channel, VerificationStatus};
///
/// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
/// verify.verifications().start("+573003003030", Channel::Sms).locale("es").send().await?;
/// // The person reads the code, and types it.
/// let check = verify.verifications().check("+573003003030", "123456").send().await?;
/// assert_eq!(check.status, Some(VerificationStatus::Approved));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Verifications {
    service: ServiceContext,
}

impl ServiceContext {
    /// Verifications: start, check, fetch, cancel, approve.
    pub fn verifications(&self) -> Verifications {
        Verifications {
            service: self.clone(),
        }
    }
}

impl Verifications {
    /// Sends a code to a phone number in E.164 format, or to an e-mail
    /// address. While a verification to the same destination is pending, the
    /// code is sent once more.
    pub fn start(&self, to: impl Into<String>, channel: Channel) -> StartVerification {
        StartVerification {
            service: self.service.clone(),
            body: CreateVerificationRequest::new(channel, to),
        }
    }

    /// Checks what a person answered, by the destination that the code was
    /// sent to.
    pub fn check(&self, to: impl Into<String>, code: impl Into<String>) -> CheckVerification {
        let mut check = self.check_by(code);
        let to: String = to.into();
        check.body.to = Some(to.into());
        check
    }

    /// Checks what a person answered, by the verification.
    pub fn check_sid(&self, sid: VerificationSid, code: impl Into<String>) -> CheckVerification {
        let mut check = self.check_by(code);
        check.body.verification_sid = Some(sid);
        check
    }

    fn check_by(&self, code: impl Into<String>) -> CheckVerification {
        let mut body = CreateVerificationCheckRequest::new();
        let code: String = code.into();
        body.code = Some(code.into());
        CheckVerification {
            service: self.service.clone(),
            body,
        }
    }

    /// Checks a silent network authentication, which has no code: by the
    /// token that the person's device gave.
    pub fn check_sna(&self, sna_client_token: impl Into<String>) -> CheckVerification {
        let mut body = CreateVerificationCheckRequest::new();
        let token: String = sna_client_token.into();
        body.sna_client_token = Some(token.into());
        CheckVerification {
            service: self.service.clone(),
            body,
        }
    }

    /// Fetches a verification, by its SID or by its destination.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) once the verification is
    /// approved, canceled or expired: then it is gone. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(
        &self,
        verification: impl Into<VerificationRef>,
    ) -> Result<Verification, Error> {
        let verification = verification.into();
        let id = verification.checked()?;
        call!(
            self.service.client,
            fetch_verification(self.service.sid()?, id)
        )
    }

    /// Cancels a pending verification, by its SID or by its destination.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn cancel(
        &self,
        verification: impl Into<VerificationRef>,
    ) -> Result<Verification, Error> {
        self.update(verification.into(), VerificationResolution::Canceled)
            .await
    }

    /// Approves a pending verification without a check, by its SID or by its
    /// destination: for codes that are checked elsewhere.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn approve(
        &self,
        verification: impl Into<VerificationRef>,
    ) -> Result<Verification, Error> {
        self.update(verification.into(), VerificationResolution::Approved)
            .await
    }

    async fn update(
        &self,
        verification: VerificationRef,
        status: VerificationResolution,
    ) -> Result<Verification, Error> {
        let id = verification.checked()?;
        let body = UpdateVerificationRequest::new(status);
        call!(
            self.service.client,
            update_verification(self.service.sid()?, id, &body)
        )
    }
}

/// Which verification is meant: the one of a SID, or the pending one to a
/// destination. Texts become destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerificationRef {
    /// The one of this SID.
    Sid(VerificationSid),
    /// The pending one to this phone number or e-mail address.
    To(Redacted<String>),
}

impl VerificationRef {
    /// What stands in the path, if it can be sent.
    fn checked(&self) -> Result<&str, Error> {
        match self {
            Self::Sid(sid) => {
                check::sid("verification", sid)?;
                Ok(sid.as_str())
            }
            Self::To(to) => {
                check::destination("verification", to.expose())?;
                Ok(to.expose())
            }
        }
    }
}

impl From<VerificationSid> for VerificationRef {
    fn from(sid: VerificationSid) -> Self {
        Self::Sid(sid)
    }
}

impl From<&str> for VerificationRef {
    fn from(to: &str) -> Self {
        Self::To(Redacted::new(to.to_owned()))
    }
}

impl From<String> for VerificationRef {
    fn from(to: String) -> Self {
        Self::To(Redacted::new(to))
    }
}

/// A verification, to be started. From [`Verifications::start`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct StartVerification {
    service: ServiceContext,
    body: CreateVerificationRequest,
}

impl StartVerification {
    setters! {
        /// The service's name in this message, in place of its friendly name.
        text custom_friendly_name;
        /// The whole message, where Twilio allows it for the account.
        text custom_message;
        /// The keys that a call presses once it is answered: for extensions.
        text send_digits;
        /// The language of the message, such as `es` or `pt-BR`. Default: the
        /// one of the destination's country.
        text locale;
        /// A code of one's own, of 4 to 10 characters, in place of one that
        /// Twilio makes. The service must allow it.
        text custom_code;
        /// The amount of a payment (PSD2), as the person reads it. Goes with a
        /// payee, and must be the same in the check.
        text amount;
        /// The payee of a payment (PSD2). Goes with an amount, and must be the
        /// same in the check.
        text payee;
        /// The keys of the service's rate limits, by the limit's unique name,
        /// such as `("end_user_ip", "203.0.113.7")`.
        map rate_limits;
        /// The channel's own settings.
        json channel_configuration;
        /// The hash that lets an Android app read the SMS by itself.
        text app_hash;
        /// The template of the message. Default: the service's.
        value template: TemplateSid => template_sid;
        /// What stands in for the template's variables, by their names.
        map template_custom_substitutions;
        /// The IP address of the person's device: for fraud checks.
        text device_ip;
        /// Whether the answer has a token for silent network authentication.
        flag enable_sna_client_token;
        /// Whether Fraud Guard looks at this verification.
        value risk_check: RiskCheck;
        /// Labels of one's own, by their names.
        map tags;
    }

    /// Sends the code.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the destination or another value is malformed.
    /// Of kind [`Refused`](crate::ErrorKind::Refused) with a code of
    /// [`codes`](crate::codes) for all that Twilio refuses: 60203 after 5 sends
    /// to one destination within 10 minutes, 60205 for an SMS to a landline,
    /// 60410 by Fraud Guard.
    pub async fn send(self) -> Result<Verification, Error> {
        check::destination("to", self.body.to.expose())?;
        check::value("channel", self.body.channel.as_str())?;
        check::body_by(&self.body, |field| match field {
            "template_sid" => "template",
            field => field,
        })?;
        call!(
            self.service.client,
            create_verification(self.service.sid()?, &self.body)
        )
    }
}

/// A check of what a person answered. From [`Verifications::check`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CheckVerification {
    service: ServiceContext,
    body: CreateVerificationCheckRequest,
}

impl CheckVerification {
    setters! {
        /// The amount that the verification was started with (PSD2).
        text amount;
        /// The payee that the verification was started with (PSD2).
        text payee;
    }

    /// Checks the code. A wrong one is no error: the answer's `status` is
    /// `pending` then, and `approved` for the right one.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the destination or the code is malformed.
    /// [`is_not_found`](Error::is_not_found) once the verification is
    /// approved, canceled or expired. Code 60202 after 5 checks.
    pub async fn send(self) -> Result<VerificationCheck, Error> {
        if let Some(to) = &self.body.to {
            check::destination("to", to.expose())?;
        }
        check::body_by(&self.body, |field| match field {
            "verification_sid" => "sid",
            field => field,
        })?;
        call!(
            self.service.client,
            create_verification_check(self.service.sid()?, &self.body)
        )
    }
}
