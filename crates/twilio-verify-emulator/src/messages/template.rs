//! Templates: the texts of messages in several languages.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::TemplateSid;

/// A template: the text of a message, in one or more languages.
///
/// An emulator has the templates of [`EmulatorBuilder::template`](crate::EmulatorBuilder::template), and
/// [`DEFAULT_TEMPLATES`], as Twilio offers some to every account.
///
/// ```
/// use twilio_verify_emulator::{Template, TemplateSid};
///
/// let template = Template::new(TemplateSid::from_u128(0xa1), "Parcel")
///     .channels(["sms"])
///     .translation("en", "{{code}} opens the locker of {{friendly_name}}.")
///     .translation("de", "{{code}} öffnet das Fach von {{friendly_name}}.");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Template {
    pub(crate) sid: TemplateSid,
    pub(crate) friendly_name: String,
    pub(crate) channels: Vec<String>,
    pub(crate) translations: BTreeMap<String, Translation>,
    /// The language that is used if there is no text in the requested one.
    pub(crate) default_locale: Option<String>,
    /// Whether Twilio offers it to all accounts.
    pub(crate) is_offered: bool,
}

/// The text of a template in a language.
#[derive(Debug, Clone)]
pub(crate) struct Translation {
    pub(crate) text: String,
    pub(crate) is_approved: bool,
}

impl Template {
    /// Creates a template without a text, for SMS and calls. The name is for display.
    pub fn new(sid: TemplateSid, friendly_name: impl Into<String>) -> Self {
        Self {
            sid,
            friendly_name: friendly_name.into(),
            channels: vec!["sms".into(), "voice".into()],
            translations: BTreeMap::new(),
            default_locale: None,
            is_offered: false,
        }
    }

    /// Sets the channels that the template can be used for: `sms`, and `voice` for calls. Default: both.
    pub fn channels(mut self, channels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.channels = channels.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the text of a language, such as `es` or `pt-BR`. The first text is used for languages without their own.
    ///
    /// `{{code}}` is replaced by the code, `{{friendly_name}}` by the name of the service or the custom name of a
    /// verification, and any other name in such braces by a custom substitution of a verification; if that is missing,
    /// the start is rejected with 60224.
    pub fn translation(self, locale: impl Into<String>, text: impl Into<String>) -> Self {
        self.add(locale.into(), Translation { text: text.into(), is_approved: true })
    }

    /// Adds a text as [`Self::translation`] does, but one that Twilio has not approved yet: a start in its language is
    /// rejected with 60201.
    pub fn unapproved_translation(
        self,
        locale: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        self.add(locale.into(), Translation { text: text.into(), is_approved: false })
    }

    fn add(mut self, locale: String, translation: Translation) -> Self {
        self.default_locale.get_or_insert_with(|| locale.clone());
        self.translations.insert(locale, translation);
        self
    }

    /// Returns the text in a language, or in the default one, and its language. `es` is used for `es-MX`.
    pub(crate) fn text(&self, locale: Option<&str>) -> Option<(&str, &Translation)> {
        let own = locale.and_then(|locale| self.translations.get_key_value(locale));
        let language = || {
            let (language, _) = locale?.split_once('-')?;
            self.translations.get_key_value(language)
        };
        own.or_else(language)
            .or_else(|| self.translations.get_key_value(self.default_locale.as_ref()?))
            .map(|(locale, translation)| (locale.as_str(), translation))
    }
}

impl Record for Template {
    type Key = TemplateSid;

    fn key(&self) -> TemplateSid {
        self.sid
    }

    fn is_within(&self, _: &Parent) -> bool {
        false
    }
}

/// The templates that every emulator has: for codes of any kind, for a sign-in, and for a payment, with `{{amount}}`
/// and `{{payee}}`. They have texts in `en`, the default, `de`, `es`, `fr` and `pt-BR`. Neither texts nor SIDs are
/// Twilio's.
pub const DEFAULT_TEMPLATES: [TemplateSid; 3] = [
    TemplateSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0001),
    TemplateSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0002),
    TemplateSid::from_u128(0xa000_0000_0000_0000_0000_0000_0000_0003),
];

/// The account that owns the default templates.
pub(crate) const OFFERING_ACCOUNT: &str = "ACffffffffffffffffffffffffffffffff";

/// The creation date of the templates; it is arbitrary.
pub(crate) const DATE: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Returns the templates of [`DEFAULT_TEMPLATES`].
pub(crate) fn default_templates() -> [Template; 3] {
    let [code, sign_in, payment] = DEFAULT_TEMPLATES.map(|sid| Template::new(sid, ""));
    [
        named(code, "Code")
            .translation("en", "{{code}} is your code for {{friendly_name}}.")
            .translation("de", "{{code}} ist Ihr Code für {{friendly_name}}.")
            .translation("es", "{{code}} es su código para {{friendly_name}}.")
            .translation("fr", "{{code}} est votre code pour {{friendly_name}}.")
            .translation("pt-BR", "{{code}} é o seu código para {{friendly_name}}."),
        named(sign_in, "Sign-in")
            .translation("en", "Sign in to {{friendly_name}} with {{code}}.")
            .translation("de", "Melden Sie sich bei {{friendly_name}} mit {{code}} an.")
            .translation("es", "Entre en {{friendly_name}} con {{code}}.")
            .translation("fr", "Connectez-vous à {{friendly_name}} avec {{code}}.")
            .translation("pt-BR", "Entre em {{friendly_name}} com {{code}}."),
        named(payment, "Payment")
            .translation("en", "{{code}} confirms your payment of {{amount}} to {{payee}}.")
            .translation("de", "{{code}} bestätigt Ihre Zahlung von {{amount}} an {{payee}}.")
            .translation("es", "{{code}} confirma su pago de {{amount}} a {{payee}}.")
            .translation("fr", "{{code}} confirme votre paiement de {{amount}} à {{payee}}.")
            .translation("pt-BR", "{{code}} confirma o seu pagamento de {{amount}} a {{payee}}."),
    ]
}

fn named(template: Template, name: &str) -> Template {
    Template { friendly_name: name.into(), is_offered: true, ..template }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_in_the_language_asked_for_or_the_first_one() {
        let template = Template::new(TemplateSid::from_u128(1), "Parcel")
            .translation("en", "Hello")
            .translation("de", "Hallo");
        for (locale, expected) in [
            (Some("de"), ("de", "Hallo")),
            (Some("de-AT"), ("de", "Hallo")),
            (Some("fr"), ("en", "Hello")),
            (None, ("en", "Hello")),
        ] {
            let (locale, translation) = template.text(locale).unwrap();
            assert_eq!((locale, translation.text.as_str()), expected);
        }
        assert!(Template::new(TemplateSid::from_u128(1), "").text(None).is_none());
    }

    #[test]
    fn every_default_template_has_the_same_languages_and_a_code_in_each_text() {
        for template in default_templates() {
            let locales: Vec<_> = template.translations.keys().collect();
            assert_eq!(locales, ["de", "en", "es", "fr", "pt-BR"]);
            assert_eq!(template.default_locale.as_deref(), Some("en"));
            let mut texts = template.translations.values();
            assert!(texts.all(|translation| translation.text.contains("{{code}}")));
        }
    }
}
