//! How a device registers itself as a factor.

use serde_json::json;

use crate::api::Api;
use crate::device::Device;

impl Device {
    /// The form that creates its factor.
    pub(crate) fn form(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("FriendlyName", "Maria's phone"),
            ("FactorType", "push"),
            ("Binding.Alg", "ES256"),
            ("Binding.PublicKey", &self.public_key),
            ("Config.AppId", "com.example.owlbank"),
            ("Config.NotificationPlatform", "fcm"),
            ("Config.NotificationToken", "registration-token-of-32-characters"),
            ("Config.SdkVersion", "1.3.0"),
        ]
    }

    /// Creates and verifies its factor; returns the factor's SID.
    pub(crate) async fn register(&self, api: &Api, entity: &str) -> String {
        let factors = format!("{entity}/Factors");
        let factor = api.post(&factors, &self.form()).await.created();
        let token = self.sign(&json!({ "sid": factor["sid"] }));
        let url = factor["url"].as_str().unwrap();
        let verified = api.post(url, &[("AuthPayload", &token)]).await.ok();
        assert_eq!(verified["status"], "verified");
        factor["sid"].as_str().unwrap().to_owned()
    }
}
