//! Passkeys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A passkey, possibly still being created. It has no `Debug`, because its identifier identifies its owner.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Passkey {
    pub(crate) config: PasskeyConfig,
    /// The challenge that the browser must return when it creates the passkey.
    pub(crate) challenge: String,
    pub(crate) expiration_date: DateTime<Utc>,
    /// The identifier in base64url; `None` until the passkey is created.
    pub(crate) credential_id: Option<String>,
    pub(crate) transports: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PasskeyConfig {
    pub(crate) relying_party: RelyingParty,
    pub(crate) authenticator_attachment: String,
    pub(crate) discoverable_credentials: String,
    pub(crate) user_verification: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RelyingParty {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) origins: Vec<String>,
}

/// A request that asks an authenticator to sign a challenge.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PasskeyRequest {
    pub(crate) challenge: String,
    /// The argument of `navigator.credentials.get()`.
    pub(crate) options: Value,
}

impl Passkey {
    pub(crate) fn config(&self) -> Value {
        json!(self.config)
    }

    /// Returns the descriptor for a browser.
    pub(crate) fn descriptor(&self) -> Option<Value> {
        let id = self.credential_id.as_ref()?;
        Some(json!({ "type": "public-key", "id": id, "transports": self.transports }))
    }

    pub(crate) fn takes(&self, attachment: &str) -> bool {
        let own = self.config.authenticator_attachment.as_str();
        own == "any" || own == attachment
    }

    pub(crate) fn allows(&self, origin: &str) -> bool {
        let mut origins = self.config.relying_party.origins.iter();
        origins.any(|allowed| allowed == origin)
    }
}
