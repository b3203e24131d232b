//! Verify services: what verifications, factors and limits belong to.

use twilio_verify_api::types::{
    AuthenticatorAttachment, CreateServiceRequest, CredentialSid, MessagingServiceSid,
    PasskeysRequirement, Service, ServiceSid, TemplateSid, UpdateServiceRequest,
};
use twilio_verify_api::{Page, Request};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request, setters};
use crate::request::paging::Range;

/// Verify services: create, list, fetch, update, delete.
///
/// From [`Client::services`]. What is within a service is reached by
/// [`Client::service`].
#[derive(Clone, Debug)]
pub struct Services {
    client: Client,
}

impl Client {
    /// Verify services: create, list, fetch, update, delete.
    pub fn services(&self) -> Services {
        Services {
            client: self.clone(),
        }
    }
}

impl Services {
    /// Creates a service, with a name of up to 32 characters, which people
    /// read in messages.
    ///
    /// ```no_run
    /// # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
    /// let service = client
    ///     .services()
    ///     .create("Owl Bank")
    ///     .code_length(6)
    ///     .lookup_enabled(true)
    ///     .send()
    ///     .await?;
    /// println!("{:?}", service.sid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, friendly_name: impl Into<String>) -> CreateService {
        CreateService {
            client: self.client.clone(),
            body: CreateServiceRequest::new(friendly_name),
        }
    }

    /// Lists the account's services.
    pub fn list(&self) -> ListServices {
        ListServices {
            client: self.client.clone(),
            range: Range::default(),
        }
    }

    /// Fetches one service.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such service. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: ServiceSid) -> Result<Service, Error> {
        check::sid("sid", &sid)?;
        call!(self.client, fetch_service(&sid))
    }

    /// Changes a service. What isn't set stays as it is.
    pub fn update(&self, sid: ServiceSid) -> UpdateService {
        UpdateService {
            client: self.client.clone(),
            sid,
            body: UpdateServiceRequest::new(),
        }
    }

    /// Deletes a service, and all that belongs to it.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such service. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn delete(&self, sid: ServiceSid) -> Result<(), Error> {
        check::sid("sid", &sid)?;
        call!(self.client, delete_service(&sid))
    }
}

/// A service, to be created. From [`Services::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateService {
    client: Client,
    body: CreateServiceRequest,
}

/// How the setter of a field is called that bears another name.
fn setter(field: &str) -> &str {
    match field {
        "default_template_sid" => "default_template",
        "push_apn_credential_sid" => "push_apn_credential",
        "push_fcm_credential_sid" => "push_fcm_credential",
        "whatsapp_msg_service_sid" => "whatsapp_messaging_service",
        field => field,
    }
}

/// The settings that services are created with and can be changed to.
macro_rules! service_settings {
    () => {
        setters! {
            /// How many digits a code has, from 4 to 10. Default: 6.
            number code_length;
            /// Whether a number is looked up before a code is sent to it.
            /// Default: no.
            flag lookup_enabled;
            /// Whether no SMS is tried to numbers that are landlines. Needs
            /// lookups. Default: no.
            flag skip_sms_to_landlines;
            /// Whether the person has to press a key before a call tells the
            /// code. Default: no.
            flag dtmf_input_required;
            /// The service's name as a call speaks it. Default: the friendly
            /// name.
            text tts_name;
            /// Whether verifications are of payments, with an amount and a
            /// payee (PSD2). Default: no.
            flag psd2_enabled;
            /// Whether messages warn not to share the code. Default: no.
            flag do_not_share_warning_enabled;
            /// Whether a verification may bring its own code. Default: no.
            flag custom_code_enabled;
            /// Push: whether the challenge's date is part of the notification.
            flag push_include_date;
            /// Push: the credential for Apple's service.
            value push_apn_credential: CredentialSid => push_apn_credential_sid;
            /// Push: the credential for Google's service.
            value push_fcm_credential: CredentialSid => push_fcm_credential_sid;
            /// TOTP: who issues the codes, as authenticator apps show it.
            /// Default: the friendly name.
            text totp_issuer;
            /// TOTP: for how many seconds a code holds, from 20 to 60.
            /// Default: 30.
            number totp_time_step;
            /// TOTP: how many digits a code has, from 3 to 8. Default: 6.
            number totp_code_length;
            /// TOTP: how many codes before and after the present one are
            /// taken, from 0 to 2. Default: 1.
            number totp_skew;
            /// The template of messages. Default: Twilio's own.
            value default_template: TemplateSid => default_template_sid;
            /// WhatsApp: the messaging service that messages are sent by.
            value whatsapp_messaging_service: MessagingServiceSid => whatsapp_msg_service_sid;
            /// WhatsApp: the number that messages come from.
            text whatsapp_from;
            /// Passkeys: the relying party's id, its domain.
            text passkeys_relying_party_id;
            /// Passkeys: the relying party's name, as people read it.
            text passkeys_relying_party_name;
            /// Passkeys: the origins that may ask, separated by commas.
            text passkeys_relying_party_origins;
            /// Passkeys: which authenticators may be used.
            value passkeys_authenticator_attachment: AuthenticatorAttachment;
            /// Passkeys: whether credentials must be discoverable, so that no
            /// name has to be typed.
            value passkeys_discoverable_credentials: PasskeysRequirement;
            /// Passkeys: whether the authenticator must verify the person.
            value passkeys_user_verification: PasskeysRequirement;
            /// Whether the service's events go to the account's event sinks.
            flag verify_event_subscription_enabled;
        }
    };
}

impl CreateService {
    service_settings!();

    /// Creates the service.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if a value is out of its range. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Service, Error> {
        check::body_by(&self.body, setter)?;
        call!(self.client, create_service(&self.body))
    }
}

/// A service, to be changed. From [`Services::update`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct UpdateService {
    client: Client,
    sid: ServiceSid,
    body: UpdateServiceRequest,
}

impl UpdateService {
    setters! {
        /// The service's name, up to 32 characters, which people read in
        /// messages.
        text friendly_name;
    }
    service_settings!();

    /// Changes the service.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if a value is out of its range.
    /// [`is_not_found`](Error::is_not_found) if there is no such service. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Service, Error> {
        check::sid("sid", &self.sid)?;
        check::body_by(&self.body, setter)?;
        call!(self.client, update_service(&self.sid, &self.body))
    }
}

/// A list of services, to be read. From [`Services::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListServices {
    client: Client,
    range: Range,
}

impl ListServices {
    list!(Service);

    fn first(&self) -> Result<Request<Page<Service>>, Error> {
        let page_size = self.range.page_size()?;
        request!(self.client, list_service(None, page_size, None))
    }
}
