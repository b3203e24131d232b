//! Verifications: a code is sent to a person, and their input is checked.

use twilio_verify_api::requests::{
    CheckVerification, FetchVerification, StartVerification, UpdateVerification,
};
use twilio_verify_api::types::{Channel, Verification, VerificationResolution, VerificationSid};
use twilio_verify_api::{IntoValue, Redacted};

use crate::client::client::Client;
use crate::contexts::ServiceContext;
use crate::error::Error;

/// Verifications of a service: start, check, fetch, cancel, approve.
///
/// Returned by [`ServiceContext::verifications`].
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::Channel;
///
/// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// verify.verifications().start("+573003003030", Channel::Sms).locale("es").send().await?;
/// // The person reads the code and enters it.
/// let check = verify.verifications().check("+573003003030", "123456").send().await?;
/// assert!(check.is_approved());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Verifications(ServiceContext);

impl ServiceContext {
    /// Returns the verifications of the service: start, check, fetch, cancel, approve.
    pub fn verifications(&self) -> Verifications {
        Verifications(self.clone())
    }
}

impl Verifications {
    /// Sends a code to a phone number in E.164 format, or to an e-mail address. While a
    /// verification to the same destination is pending, the code is sent once more.
    pub fn start(
        &self,
        to: impl Into<String>,
        channel: impl IntoValue<Channel>,
    ) -> StartVerification<Client> {
        let (client, service) = self.0.parts();
        StartVerification::new(client, service, to, channel)
    }

    /// Checks the code that a person entered, by the destination that it was sent to. A wrong code
    /// is not an error: ask [`is_approved`](crate::VerificationCheck::is_approved). The compiler
    /// warns about an ignored response.
    ///
    /// ```compile_fail
    /// #![deny(unused_must_use)]
    /// async fn example(verify: twilio_verify::Verifications) -> Result<(), twilio_verify::Error> {
    ///     verify.check("+573003003030", "123456").send().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn check(
        &self,
        to: impl Into<String>,
        code: impl Into<String>,
    ) -> CheckVerification<Client> {
        self.check_by().to(to).code(code)
    }

    /// Checks the code that a person entered, by the SID of the verification.
    pub fn check_sid(
        &self,
        sid: impl IntoValue<VerificationSid>,
        code: impl Into<String>,
    ) -> CheckVerification<Client> {
        self.check_by().sid(sid).code(code)
    }

    /// Checks a silent network authentication, which has no code, by the phone number. If the
    /// verification was started with `enable_sna_client_token`, add the token that the person's
    /// device received.
    ///
    /// ```no_run
    /// # async fn example(verify: twilio_verify::Verifications) -> Result<(), twilio_verify::Error> {
    /// let check = verify.check_sna("+573003003030").sna_client_token("token").send().await?;
    /// println!("{}", check.is_approved());
    /// # Ok(())
    /// # }
    /// ```
    pub fn check_sna(&self, to: impl Into<String>) -> CheckVerification<Client> {
        self.check_by().to(to)
    }

    /// Checks a silent network authentication, as [`check_sna`](Self::check_sna), by the SID of the
    /// verification.
    pub fn check_sna_sid(&self, sid: impl IntoValue<VerificationSid>) -> CheckVerification<Client> {
        self.check_by().sid(sid)
    }

    fn check_by(&self) -> CheckVerification<Client> {
        let (client, service) = self.0.parts();
        CheckVerification::new(client, service)
    }

    /// Fetches a verification, by its SID or by its destination.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error once the verification is approved or
    /// expired. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(
        &self,
        verification: impl Into<VerificationRef>,
    ) -> Result<Verification, Error> {
        let (client, service) = self.0.parts();
        let verification = verification.into().into_text();
        FetchVerification::new(client, service, verification).send().await
    }

    /// Cancels a pending verification, by its SID or by its destination.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn cancel(
        &self,
        verification: impl Into<VerificationRef>,
    ) -> Result<Verification, Error> {
        self.update(verification.into(), VerificationResolution::Canceled).await
    }

    /// Approves a pending verification without a check, by its SID or by its destination: for codes
    /// that are checked elsewhere.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn approve(
        &self,
        verification: impl Into<VerificationRef>,
    ) -> Result<Verification, Error> {
        self.update(verification.into(), VerificationResolution::Approved).await
    }

    async fn update(
        &self,
        verification: VerificationRef,
        status: VerificationResolution,
    ) -> Result<Verification, Error> {
        let (client, service) = self.0.parts();
        let verification = verification.into_text();
        UpdateVerification::new(client, service, verification, status).send().await
    }
}

/// Identifies a verification: by its SID, or as the pending one to a destination. Texts convert to
/// destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerificationRef {
    /// The verification with this SID.
    Sid(VerificationSid),
    /// The pending verification to this phone number or e-mail address.
    To(Redacted<String>),
}

impl VerificationRef {
    fn into_text(self) -> String {
        match self {
            Self::Sid(sid) => sid.into(),
            Self::To(to) => to.into_inner(),
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
