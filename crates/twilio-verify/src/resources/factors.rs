//! Factors: what an entity can prove its identity with.

use twilio_verify_api::types::{
    CreateNewFactorRequest, Factor, FactorSid, FactorType, NewFactor, NotificationPlatform,
    TotpAlgorithm, UpdateFactorRequest,
};
use twilio_verify_api::{Page, Request};

use crate::contexts::EntityContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request, setters};
use crate::request::paging::Range;

/// Factors of an entity: create, list, fetch, verify, update, delete.
///
/// From [`EntityContext::factors`]. Passkeys are created by
/// [`Passkeys`](crate::Passkeys); here they can be listed, fetched and deleted.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::FactorStatus;
///
/// let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
/// let factors = service.entity("customer-4f1d27a0").factors();
/// let factor = factors.create_totp("Maria's authenticator").send().await?;
/// let uri = factor.binding.and_then(|binding| binding.uri);
/// // Show the URI as a QR code. The person scans it, and types the first code.
/// let sid = factor.sid.ok_or("no SID")?;
/// let factor = factors.verify(sid, "123456").send().await?;
/// assert_eq!(factor.status, Some(FactorStatus::Verified));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Factors {
    entity: EntityContext,
}

impl EntityContext {
    /// Factors: create, list, fetch, verify, update, delete.
    pub fn factors(&self) -> Factors {
        Factors {
            entity: self.clone(),
        }
    }
}

impl Factors {
    /// Creates a factor of a device that receives pushes: by the name that
    /// people know it by, the device's public key (the DER form in base64, of
    /// algorithm ES256), the application on the device, such as its package
    /// name, and the version of the Verify SDK in it.
    ///
    /// Devices do so by themselves with an
    /// [access token](crate::ServiceContext::access_tokens).
    ///
    /// ```no_run
    /// # async fn example(entity: twilio_verify::EntityContext, public_key: String) -> Result<(), twilio_verify::Error> {
    /// use twilio_verify::NotificationPlatform;
    ///
    /// let factor = entity
    ///     .factors()
    ///     .create_push("Maria's phone", public_key, "com.example.owlbank", "1.3.0")
    ///     .notifications(NotificationPlatform::Fcm, "registration token")
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_push(
        &self,
        friendly_name: impl Into<String>,
        public_key: impl Into<String>,
        app_id: impl Into<String>,
        sdk_version: impl Into<String>,
    ) -> CreatePushFactor {
        let mut body = CreateNewFactorRequest::new(FactorType::Push, friendly_name);
        body.binding_alg = Some("ES256".to_owned());
        body.binding_public_key = Some(public_key.into());
        body.config_app_id = Some(app_id.into());
        body.config_sdk_version = Some(sdk_version.into());
        body.config_notification_platform = Some(NotificationPlatform::None);
        CreatePushFactor {
            entity: self.entity.clone(),
            body,
        }
    }

    /// Creates a factor of time-based codes, by the account name that an
    /// authenticator app shows. The answer's binding has the URI that such an
    /// app reads; it can't be read again.
    pub fn create_totp(&self, friendly_name: impl Into<String>) -> CreateTotpFactor {
        CreateTotpFactor {
            entity: self.entity.clone(),
            body: CreateNewFactorRequest::new(FactorType::Totp, friendly_name),
        }
    }

    /// Lists the entity's factors.
    pub fn list(&self) -> ListFactors {
        ListFactors {
            entity: self.entity.clone(),
            range: Range::default(),
        }
    }

    /// Fetches one factor.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such factor. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: FactorSid) -> Result<Factor, Error> {
        check::sid("sid", &sid)?;
        let (service, identity) = self.entity.path()?;
        call!(
            self.entity.service.client,
            fetch_factor(service, identity, &sid)
        )
    }

    /// Verifies a factor, which must be before it is challenged: by the
    /// current code of a time-based one, or by the token that a device signed.
    pub fn verify(&self, sid: FactorSid, auth_payload: impl Into<String>) -> UpdateFactor {
        let mut update = self.update(sid);
        let auth_payload: String = auth_payload.into();
        update.body.auth_payload = Some(auth_payload.into());
        update
    }

    /// Changes a factor. What isn't set stays as it is.
    pub fn update(&self, sid: FactorSid) -> UpdateFactor {
        UpdateFactor {
            entity: self.entity.clone(),
            sid,
            body: UpdateFactorRequest::new(),
        }
    }

    /// Deletes a factor: it can't be challenged any more.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: FactorSid) -> Result<(), Error> {
        check::sid("sid", &sid)?;
        let (service, identity) = self.entity.path()?;
        call!(
            self.entity.service.client,
            delete_factor(service, identity, &sid)
        )
    }
}

/// Creates a factor of any kind.
async fn create(entity: &EntityContext, body: &CreateNewFactorRequest) -> Result<NewFactor, Error> {
    check::value("friendly_name", body.friendly_name.expose())?;
    check::body_by(body, setter)?;
    let (service, identity) = entity.path()?;
    call!(
        entity.service.client,
        create_new_factor(service, identity, body)
    )
}

/// The setter of a body's field.
fn setter(field: &str) -> &str {
    field.strip_prefix("config_").unwrap_or(field)
}

/// A factor of a device, to be created. From [`Factors::create_push`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreatePushFactor {
    entity: EntityContext,
    body: CreateNewFactorRequest,
}

impl CreatePushFactor {
    /// The service that carries pushes to the device, and the token under
    /// which it knows the device. Default: none, for a device that asks for
    /// its challenges itself.
    pub fn notifications(
        mut self,
        platform: NotificationPlatform,
        token: impl Into<String>,
    ) -> Self {
        let token: String = token.into();
        self.body.config_notification_platform = Some(platform);
        self.body.config_notification_token = Some(token.into());
        self
    }

    setters! {
        /// What to store with the factor: a JSON object.
        json metadata;
    }

    /// Creates the factor.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity or another value is malformed. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<NewFactor, Error> {
        let body = &self.body;
        let texts = [
            ("public_key", &body.binding_public_key),
            ("app_id", &body.config_app_id),
            ("sdk_version", &body.config_sdk_version),
        ];
        for (field, text) in texts {
            check::value(field, text.as_deref().unwrap_or_default())?;
        }
        if let Some(platform) = &body.config_notification_platform {
            check::value("notifications", platform.as_str())?;
        }
        if let Some(token) = &body.config_notification_token {
            check::value("notifications", token.expose())?;
        }
        create(&self.entity, body).await
    }
}

/// The settings that factors of time-based codes are created with, and can be
/// changed to.
macro_rules! totp_settings {
    () => {
        setters! {
            /// Time-based codes: for how many seconds a code holds, from 20 to
            /// 60. Default: the service's, which is 30 unless it was changed.
            number time_step => config_time_step;
            /// Time-based codes: how many codes before and after the present
            /// one are taken, from 0 to 2. Default: the service's, which is 1
            /// unless it was changed.
            number skew => config_skew;
            /// Time-based codes: how many digits a code has, from 3 to 8.
            /// Default: the service's, which is 6 unless it was changed.
            number code_length => config_code_length;
            /// Time-based codes: the hash that they are derived with. Default:
            /// SHA-1, the one that all authenticator apps know.
            value algorithm: TotpAlgorithm => config_alg;
        }
    };
}

/// A factor of time-based codes, to be created. From [`Factors::create_totp`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateTotpFactor {
    entity: EntityContext,
    body: CreateNewFactorRequest,
}

impl CreateTotpFactor {
    setters! {
        /// A secret of one's own, in Base32. Default: one that Twilio makes,
        /// and returns this once.
        text secret => binding_secret;
        /// What to store with the factor: a JSON object.
        json metadata;
    }
    totp_settings!();

    /// Creates the factor.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity is malformed, the secret is no
    /// Base32, or a setting is out of its range. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<NewFactor, Error> {
        if let Some(secret) = &self.body.binding_secret {
            check::base32("secret", secret)?;
        }
        if let Some(algorithm) = &self.body.config_alg {
            check::value("algorithm", algorithm.as_str())?;
        }
        create(&self.entity, &self.body).await
    }
}

/// A factor, to be verified or changed. From [`Factors::verify`] and
/// [`Factors::update`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct UpdateFactor {
    entity: EntityContext,
    sid: FactorSid,
    body: UpdateFactorRequest,
}

impl UpdateFactor {
    setters! {
        /// The name that people know the factor by.
        text friendly_name;
        /// Push: the service that carries pushes to the device.
        value notification_platform: NotificationPlatform => config_notification_platform;
        /// Push: the token under which that service knows the device now.
        text notification_token => config_notification_token;
        /// Push: the version of the Verify SDK that the device runs.
        text sdk_version => config_sdk_version;
    }
    totp_settings!();

    /// Verifies or changes the factor. The answer's `status` tells whether it
    /// is verified.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity or another value is malformed.
    /// [`is_not_found`](Error::is_not_found) if there is no such factor. Of
    /// kind [`Refused`](crate::ErrorKind::Refused) with code 60306 for a
    /// request that doesn't fit the factor. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Factor, Error> {
        check::sid("sid", &self.sid)?;
        let body = &self.body;
        if let Some(auth_payload) = &body.auth_payload {
            check::value("auth_payload", auth_payload.expose())?;
        }
        if let Some(platform) = &body.config_notification_platform {
            check::value("notification_platform", platform.as_str())?;
        }
        if let Some(algorithm) = &body.config_alg {
            check::value("algorithm", algorithm.as_str())?;
        }
        check::body_by(body, setter)?;
        let (service, identity) = self.entity.path()?;
        call!(
            self.entity.service.client,
            update_factor(service, identity, &self.sid, body)
        )
    }
}

/// A list of factors, to be read. From [`Factors::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListFactors {
    entity: EntityContext,
    range: Range,
}

impl ListFactors {
    list!(Factor, entity.service);

    fn first(&self) -> Result<Request<Page<Factor>>, Error> {
        let page_size = self.range.page_size()?;
        let (service, identity) = self.entity.path()?;
        request!(
            self.entity.service.client,
            list_factor(service, identity, None, page_size, None)
        )
    }
}
