//! Passkeys: factors of WebAuthn, created and used by a browser.

use twilio_verify_api::Redacted;
use twilio_verify_api::types::{
    ApprovePasskeysChallengeRequest, AuthenticatorAttachment, CreateNewPasskeysFactorRequest,
    CreatePasskeysChallengeRequest, Factor, FactorSid, NewFactor, NewPasskeysConfig,
    NewRelyingParty, PasskeysAssertion, PasskeysAttestation, PasskeysChallenge,
    PasskeysRequirement, PublicKeyCredentialType, VerifyPasskeysFactorRequest,
};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, setters};

/// Passkeys of a service: create and verify a factor, create and approve a
/// challenge.
///
/// From [`ServiceContext::passkeys`]. Each needs two steps, with the browser
/// between them: what the first answers as `options` goes to
/// `navigator.credentials`, and what that returns goes to the second.
///
/// ```no_run
/// # async fn example(
/// #     client: twilio_verify::Client,
/// #     created: serde_json::Value,
/// #     used: serde_json::Value,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{AuthenticatorAttachment, ChallengeStatus};
///
/// let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
/// let passkeys = service.passkeys();
///
/// let factor = passkeys.create_factor("Maria's laptop", "customer-4f1d27a0").send().await?;
/// // `created` is what the browser makes of `factor.options`.
/// let attestation = serde_json::from_value(created["response"].clone())?;
/// let id = created["id"].as_str().ok_or("no id")?;
/// passkeys.verify_factor(attestation).id(id).raw_id(id).send().await?;
///
/// let challenge = passkeys.create_challenge().identity("customer-4f1d27a0").send().await?;
/// // `used` is what the browser makes of `challenge.options`.
/// let assertion = serde_json::from_value(used["response"].clone())?;
/// let id = used["id"].as_str().ok_or("no id")?;
/// let challenge = passkeys
///     .approve_challenge(id, id, AuthenticatorAttachment::Platform, assertion)
///     .send()
///     .await?;
/// assert_eq!(challenge.status, Some(ChallengeStatus::Approved));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Passkeys {
    service: ServiceContext,
}

impl ServiceContext {
    /// Passkeys: create and verify a factor, create and approve a challenge.
    pub fn passkeys(&self) -> Passkeys {
        Passkeys {
            service: self.clone(),
        }
    }
}

impl Passkeys {
    /// Begins to create a passkey: by the name that people know it by, and the
    /// identity of its entity. The answer's `options` are for
    /// `navigator.credentials.create()`.
    pub fn create_factor(
        &self,
        friendly_name: impl Into<String>,
        identity: impl Into<String>,
    ) -> CreatePasskeysFactor {
        CreatePasskeysFactor {
            service: self.service.clone(),
            body: CreateNewPasskeysFactorRequest::new(friendly_name, identity),
        }
    }

    /// Verifies a passkey that a browser created: by the `response` of what
    /// the browser returned.
    pub fn verify_factor(&self, response: PasskeysAttestation) -> VerifyPasskeysFactor {
        let mut body = VerifyPasskeysFactorRequest::new(response);
        body.type_ = Some(PublicKeyCredentialType::PublicKey);
        VerifyPasskeysFactor {
            service: self.service.clone(),
            body,
        }
    }

    /// Begins to use a passkey. The answer's `options` are for
    /// `navigator.credentials.get()`.
    ///
    /// With neither an identity nor a factor, any discoverable passkey of the
    /// service will do.
    pub fn create_challenge(&self) -> CreatePasskeysChallenge {
        CreatePasskeysChallenge {
            service: self.service.clone(),
            body: CreatePasskeysChallengeRequest::new(),
        }
    }

    /// Answers a challenge with a passkey that a browser used: by the parts of
    /// what the browser returned.
    pub fn approve_challenge(
        &self,
        id: impl Into<String>,
        raw_id: impl Into<String>,
        authenticator_attachment: AuthenticatorAttachment,
        response: PasskeysAssertion,
    ) -> ApprovePasskeysChallenge {
        let mut body =
            ApprovePasskeysChallengeRequest::new(authenticator_attachment, id, raw_id, response);
        body.type_ = Some(PublicKeyCredentialType::PublicKey);
        ApprovePasskeysChallenge {
            service: self.service.clone(),
            body,
        }
    }
}

/// What a browser returned: no part that is there may be empty.
fn returned<const N: usize>(
    parts: [(&'static str, Option<&Redacted<String>>); N],
) -> Result<(), Error> {
    parts
        .into_iter()
        .filter_map(|(field, part)| Some((field, part?)))
        .try_for_each(|(field, part)| check::value(field, part.expose()))
}

/// A passkey, to be created. From [`Passkeys::create_factor`].
///
/// What isn't set is as the service has it.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreatePasskeysFactor {
    service: ServiceContext,
    body: CreateNewPasskeysFactorRequest,
}

impl CreatePasskeysFactor {
    fn config(&mut self) -> &mut NewPasskeysConfig {
        self.body.config.get_or_insert_default()
    }

    fn relying_party(&mut self) -> &mut NewRelyingParty {
        self.config().relying_party.get_or_insert_default()
    }

    /// The relying party's id: the domain that the passkey is bound to, such as
    /// `example.com`.
    pub fn relying_party_id(mut self, id: impl Into<String>) -> Self {
        self.relying_party().id = Some(id.into());
        self
    }

    /// The relying party's name, as people read it.
    pub fn relying_party_name(mut self, name: impl Into<String>) -> Self {
        self.relying_party().name = Some(name.into());
        self
    }

    /// The origins that may ask for the passkey, such as
    /// `https://login.example.com`: the domain, or one beneath it.
    pub fn relying_party_origins<T: Into<String>>(
        mut self,
        origins: impl IntoIterator<Item = T>,
    ) -> Self {
        self.relying_party().origins = origins.into_iter().map(Into::into).collect();
        self
    }

    /// Which authenticators may be used.
    pub fn authenticator_attachment(mut self, attachment: AuthenticatorAttachment) -> Self {
        self.config().authenticator_attachment = Some(attachment);
        self
    }

    /// Whether the passkey must be discoverable, so that no name has to be
    /// typed.
    pub fn discoverable_credentials(mut self, requirement: PasskeysRequirement) -> Self {
        self.config().discoverable_credentials = Some(requirement);
        self
    }

    /// Whether the authenticator must verify the person, by a PIN or a
    /// fingerprint.
    pub fn user_verification(mut self, requirement: PasskeysRequirement) -> Self {
        self.config().user_verification = Some(requirement);
        self
    }

    /// Creates the passkey, unverified as yet.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the name is empty, or the identity malformed. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<NewFactor, Error> {
        check::value("friendly_name", self.body.friendly_name.expose())?;
        check::identity("identity", &self.body.identity)?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            create_new_factor_passkey(self.service.sid()?, &self.body)
        )
    }
}

/// A passkey, to be verified. From [`Passkeys::verify_factor`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct VerifyPasskeysFactor {
    service: ServiceContext,
    body: VerifyPasskeysFactorRequest,
}

impl VerifyPasskeysFactor {
    setters! {
        /// The passkey's `id`, in base64url.
        text id;
        /// The passkey's `rawId`, in base64url.
        text raw_id;
        /// Where the passkey lives.
        value authenticator_attachment: AuthenticatorAttachment;
    }

    /// Verifies the passkey.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if a part is empty. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Factor, Error> {
        let body = &self.body;
        let response = &body.response;
        returned([
            ("id", body.id.as_ref()),
            ("raw_id", body.raw_id.as_ref()),
            (
                "response.attestation_object",
                response.attestation_object.as_ref(),
            ),
            (
                "response.client_data_json",
                response.client_data_json.as_ref(),
            ),
        ])?;
        check::body(body)?;
        call!(
            self.service.client,
            update_passkeys_factor(self.service.sid()?, body)
        )
    }
}

/// A challenge by passkey, to be created. From [`Passkeys::create_challenge`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreatePasskeysChallenge {
    service: ServiceContext,
    body: CreatePasskeysChallengeRequest,
}

impl CreatePasskeysChallenge {
    setters! {
        /// The identity of the entity to challenge.
        text identity;
        /// The passkey to answer with. Default: any of the entity's.
        value factor: FactorSid => factor_sid;
    }

    /// Creates the challenge.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity or the factor's SID is malformed. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<PasskeysChallenge, Error> {
        if let Some(identity) = &self.body.identity {
            check::identity("identity", identity)?;
        }
        if let Some(factor) = &self.body.factor_sid {
            check::sid("factor", factor)?;
        }
        check::body(&self.body)?;
        call!(
            self.service.client,
            create_challenge_passkeys(self.service.sid()?, &self.body)
        )
    }
}

/// A challenge by passkey, to be answered. From
/// [`Passkeys::approve_challenge`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct ApprovePasskeysChallenge {
    service: ServiceContext,
    body: ApprovePasskeysChallengeRequest,
}

impl ApprovePasskeysChallenge {
    /// Answers the challenge.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if a part is empty. Of kind
    /// [`Refused`](crate::ErrorKind::Refused) with code 60324 if the challenge
    /// failed. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<PasskeysChallenge, Error> {
        let body = &self.body;
        let response = &body.response;
        returned([
            ("id", Some(&body.id)),
            ("raw_id", Some(&body.raw_id)),
            (
                "response.authenticator_data",
                Some(&response.authenticator_data),
            ),
            (
                "response.client_data_json",
                Some(&response.client_data_json),
            ),
            ("response.signature", Some(&response.signature)),
            ("response.user_handle", response.user_handle.as_ref()),
        ])?;
        check::body(body)?;
        call!(
            self.service.client,
            update_challenge_passkeys(self.service.sid()?, body)
        )
    }
}
