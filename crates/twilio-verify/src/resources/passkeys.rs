//! Passkeys: WebAuthn factors, which a browser creates and uses.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    ApprovePasskeysChallenge, CreatePasskeysChallenge, CreatePasskeysFactor, VerifyPasskeysFactor,
};
use twilio_verify_api::types::{
    AuthenticatorAttachment, PasskeysAssertion, PasskeysAttestation, PublicKeyCredentialType,
};

use crate::client::client::Client;
use crate::contexts::ServiceContext;

/// Passkeys of a service: create and verify a factor, create and approve a challenge.
///
/// Returned by [`ServiceContext::passkeys`]. To create or use a passkey takes two steps, with the
/// browser between them: the `options` of the first response go to `navigator.credentials`, and its
/// result goes to the second request.
///
/// ```no_run
/// # async fn example(
/// #     client: twilio_verify::Client,
/// #     created: serde_json::Value,
/// #     used: serde_json::Value,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{AuthenticatorAttachment, ChallengeStatus};
///
/// let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
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
pub struct Passkeys(ServiceContext);

impl ServiceContext {
    /// Returns the passkeys of the service: create and verify a factor, create and approve a
    /// challenge.
    pub fn passkeys(&self) -> Passkeys {
        Passkeys(self.clone())
    }
}

impl Passkeys {
    /// Begins to create a passkey, with a name, which people read, and the identity of its entity.
    /// The response's `options` are for `navigator.credentials.create()`.
    pub fn create_factor(
        &self,
        friendly_name: impl Into<String>,
        identity: impl Into<String>,
    ) -> CreatePasskeysFactor<Client> {
        let (client, service) = self.0.parts();
        CreatePasskeysFactor::new(client, service, friendly_name, identity)
    }

    /// Verifies a passkey that a browser created, with the `response` in the browser's result.
    pub fn verify_factor(&self, response: PasskeysAttestation) -> VerifyPasskeysFactor<Client> {
        let (client, service) = self.0.parts();
        VerifyPasskeysFactor::new(client, service, response)
            .credential_type(PublicKeyCredentialType::PublicKey)
    }

    /// Begins to use a passkey. The response's `options` are for `navigator.credentials.get()`.
    ///
    /// With neither an identity nor a factor, any discoverable passkey of the service is accepted.
    pub fn create_challenge(&self) -> CreatePasskeysChallenge<Client> {
        let (client, service) = self.0.parts();
        CreatePasskeysChallenge::new(client, service)
    }

    /// Answers a challenge with a passkey that a browser used, with the parts of the browser's
    /// result.
    pub fn approve_challenge(
        &self,
        id: impl Into<String>,
        raw_id: impl Into<String>,
        authenticator_attachment: impl IntoValue<AuthenticatorAttachment>,
        response: PasskeysAssertion,
    ) -> ApprovePasskeysChallenge<Client> {
        let (client, service) = self.0.parts();
        let attachment = authenticator_attachment;
        ApprovePasskeysChallenge::new(client, service, id, raw_id, attachment, response)
            .credential_type(PublicKeyCredentialType::PublicKey)
    }
}
