//! Payloads of webhooks.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::{Host, Url, form_urlencoded};

use crate::records::identity::event::Event;
use crate::values::sid::WebhookSid;

/// A payload to a webhook.
pub(crate) struct Payload {
    /// The number of the delivery.
    pub(crate) number: u64,
    pub(crate) webhook_sid: WebhookSid,
    pub(crate) url: Url,
    pub(crate) parameters: Vec<(&'static str, String)>,
}

impl Payload {
    /// Returns the body, a form.
    pub(crate) fn body(&self) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.parameters);
        body.finish()
    }

    /// Returns the value of `X-Twilio-Signature`: the HMAC-SHA1 of the URL and the parameters, sorted by name. Names
    /// are unique.
    pub(crate) fn signature(&self, auth_token: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, auth_token.as_bytes());
        let mut signed = self.url.to_string();
        let mut parameters: Vec<_> = self.parameters.iter().collect();
        parameters.sort_unstable();
        for (name, value) in parameters {
            signed.push_str(name);
            signed.push_str(value);
        }
        STANDARD.encode(hmac::sign(&key, signed.as_bytes()))
    }
}

/// Returns the URL without its fragment, if it is on this machine.
pub(crate) fn address(url: &str) -> Option<Url> {
    let mut url = Url::parse(url).ok()?;
    url.set_fragment(None);
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    loopback.then_some(url)
}

impl Event {
    /// Returns the parameters of the event's payload: those that Twilio documents for all events, and the challenge,
    /// whose name is assumed. That both versions of webhooks receive the same parameters is assumed.
    pub(crate) fn parameters(&self, uuid: &str, account_sid: &str) -> Vec<(&'static str, String)> {
        let mut parameters = vec![
            ("uuid", uuid.to_owned()),
            ("type", self.event_type.to_string()),
            ("account_sid", account_sid.to_owned()),
            ("service_sid", self.service_sid.to_string()),
            ("entity_identity", self.identity.clone()),
            ("factor_sid", self.factor_sid.to_string()),
            ("factor_type", self.factor_type.to_owned()),
        ];
        if let Some(sid) = &self.challenge_sid {
            parameters.push(("challenge_sid", sid.to_string()));
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_this_machine_are_called() {
        for (url, called) in [
            ("http://127.0.0.1:8080/hook?a=b", "http://127.0.0.1:8080/hook?a=b"),
            ("http://localhost", "http://localhost/"),
            ("https://LOCALHOST/x#f", "https://localhost/x"),
            ("http://[::1]:1/", "http://[::1]:1/"),
            ("http://127.9.9.9/", "http://127.9.9.9/"),
            // These are other ways to write 127.0.0.1.
            ("http://2130706433/", "http://127.0.0.1/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
        ] {
            assert_eq!(address(url).unwrap().as_str(), called, "{url}");
        }
        for url in [
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
            "http://169.254.169.254/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "http://127.0.0.1@example.com/",
            "/hook",
        ] {
            assert!(address(url).is_none(), "{url}");
        }
    }

    /// The example in the documentation of `WebhookValidator`.
    #[test]
    fn the_signature_is_that_of_url_and_parameters_by_name() {
        let payload = Payload {
            number: 0,
            webhook_sid: WebhookSid::from(1),
            url: Url::parse("https://hooks.example.com/verify").unwrap(),
            parameters: vec![("uid", "1".into()), ("type", "challenge.approved".into())],
        };
        assert_eq!(
            payload.signature("0123456789abcdef0123456789abcdef"),
            "oVYqeksopGiDZrxU1OZwouT615Y="
        );
    }
}
