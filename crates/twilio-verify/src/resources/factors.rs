//! Factors: the means by which an entity proves its identity.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    CreatePushFactor, CreateTotpFactor, DeleteFactor, FetchFactor, ListFactors, UpdateFactor,
};
use twilio_verify_api::types::{Factor, FactorSid, FactorType, NotificationPlatform};

use crate::client::client::Client;
use crate::contexts::EntityContext;
use crate::error::Error;

/// Factors of an entity: create, list, fetch, verify, update, delete.
///
/// Returned by [`EntityContext::factors`]. Passkeys are created with [`Passkeys`](crate::Passkeys);
/// here they can be listed, fetched and deleted.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// let factors = service.entity("customer-4f1d27a0").factors();
/// let factor = factors.create_totp("Maria's authenticator").send().await?;
/// let uri = factor.binding.and_then(|binding| binding.uri);
/// // Show the URI as a QR code. The person scans it and enters the first code.
/// let factor = factors.verify(factor.sid.ok_or("no SID")?, "123456").send().await?;
/// assert!(factor.is_verified());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Factors(EntityContext);

impl EntityContext {
    /// Returns the factors of the entity: create, list, fetch, verify, update, delete.
    pub fn factors(&self) -> Factors {
        Factors(self.clone())
    }
}

impl Factors {
    /// Creates a factor for a device that receives push notifications: its name, which people read,
    /// its public key (ES256, DER in base64), the application on it, such as the package name, and
    /// the version of the Verify SDK in that application.
    ///
    /// A device can do this itself with an [access token](crate::ServiceContext::access_tokens).
    pub fn create_push(
        &self,
        friendly_name: impl Into<String>,
        public_key: impl Into<String>,
        app_id: impl Into<String>,
        sdk_version: impl Into<String>,
    ) -> CreatePushFactor<Client> {
        let (client, service, identity) = self.0.parts();
        CreatePushFactor::new(client, service, identity, friendly_name, FactorType::Push)
            .key_algorithm("ES256")
            .public_key(public_key)
            .app_id(app_id)
            .sdk_version(sdk_version)
            .notification_platform(NotificationPlatform::None)
    }

    /// Creates a factor for time-based codes, with the account name that an authenticator app
    /// shows. The response's binding has the URI that such an app reads; it can't be fetched again.
    pub fn create_totp(&self, friendly_name: impl Into<String>) -> CreateTotpFactor<Client> {
        let (client, service, identity) = self.0.parts();
        CreateTotpFactor::new(client, service, identity, friendly_name, FactorType::Totp)
    }

    /// Lists the entity's factors.
    pub fn list(&self) -> ListFactors<Client> {
        let (client, service, identity) = self.0.parts();
        ListFactors::new(client, service, identity)
    }

    /// Fetches one factor.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such factor.
    pub async fn fetch(&self, sid: impl IntoValue<FactorSid>) -> Result<Factor, Error> {
        let (client, service, identity) = self.0.parts();
        FetchFactor::new(client, service, identity, sid).send().await
    }

    /// Verifies a factor, with the current code of a time-based factor or with the token that a
    /// device signed. Only a verified factor can be challenged. A wrong code is not an error, and
    /// leaves the factor unverified: ask [`is_verified`](crate::Factor::is_verified). After five
    /// wrong codes, the error has the code
    /// [`MAX_FACTOR_ATTEMPTS`](crate::codes::MAX_FACTOR_ATTEMPTS).
    pub fn verify(
        &self,
        sid: impl IntoValue<FactorSid>,
        auth_payload: impl Into<String>,
    ) -> UpdateFactor<Client> {
        self.update(sid).auth_payload(auth_payload)
    }

    /// Changes a factor. Values that are not set stay unchanged.
    pub fn update(&self, sid: impl IntoValue<FactorSid>) -> UpdateFactor<Client> {
        let (client, service, identity) = self.0.parts();
        UpdateFactor::new(client, service, identity, sid)
    }

    /// Deletes a factor: it can't be challenged any more.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: impl IntoValue<FactorSid>) -> Result<(), Error> {
        let (client, service, identity) = self.0.parts();
        DeleteFactor::new(client, service, identity, sid).send().await
    }
}
