//! The text of messages.

/// The parts of a message.
pub(crate) struct Content<'a> {
    /// The sender's name.
    pub(crate) name: &'a str,
    pub(crate) code: &'a str,
    /// The language, such as `es` or `pt-BR`.
    pub(crate) locale: &'a str,
    /// A text with `{{code}}`, in place of the default.
    pub(crate) text: Option<&'a str>,
    /// Values of the text's other placeholders.
    pub(crate) substitutions: &'a [(String, String)],
    /// The amount and the payee of a payment.
    pub(crate) payment: Option<(&'a str, &'a str)>,
    pub(crate) warns: bool,
    /// The hash by which an Android app can read the message.
    pub(crate) app_hash: Option<&'a str>,
}

/// The sentences of a language: for a code, for the code of a payment, and for a warning.
struct Language {
    code: &'static str,
    text: &'static str,
    payment: &'static str,
    warning: &'static str,
}

/// English comes first, as the default for all other languages.
const LANGUAGES: [Language; 5] = [
    Language {
        code: "en",
        text: "Your {{friendly_name}} verification code is: {{code}}",
        payment: "Your {{friendly_name}} code to approve the payment of {{amount}} to {{payee}} is: {{code}}",
        warning: "Don't share this code with anyone.",
    },
    Language {
        code: "es",
        text: "Tu código de verificación de {{friendly_name}} es: {{code}}",
        payment: "Tu código de {{friendly_name}} para aprobar el pago de {{amount}} a {{payee}} es: {{code}}",
        warning: "No compartas este código con nadie.",
    },
    Language {
        code: "pt",
        text: "Seu código de verificação de {{friendly_name}} é: {{code}}",
        payment: "Seu código de {{friendly_name}} para aprovar o pagamento de {{amount}} a {{payee}} é: {{code}}",
        warning: "Não compartilhe este código com ninguém.",
    },
    Language {
        code: "fr",
        text: "Votre code de vérification {{friendly_name}} est : {{code}}",
        payment: "Votre code {{friendly_name}} pour approuver le paiement de {{amount}} à {{payee}} est : {{code}}",
        warning: "Ne communiquez ce code à personne.",
    },
    Language {
        code: "de",
        text: "Dein Bestätigungscode für {{friendly_name}} lautet: {{code}}",
        payment: "Dein Code von {{friendly_name}} für die Zahlung von {{amount}} an {{payee}} lautet: {{code}}",
        warning: "Gib diesen Code an niemanden weiter.",
    },
];

impl Content<'_> {
    /// Returns the text of the message.
    pub(crate) fn text(&self) -> String {
        let language = self.locale.split('-').next().unwrap_or_default();
        let found = LANGUAGES.iter().find(|own| own.code == language);
        let language = found.unwrap_or(&LANGUAGES[0]);
        let template = match (self.text, self.payment) {
            (Some(text), _) => text,
            (None, Some(_)) => language.payment,
            (None, None) => language.text,
        };
        let mut text = self.fill(template);
        if self.warns {
            text.push_str(". ");
            text.push_str(language.warning);
        }
        match self.app_hash {
            Some(hash) => format!("<#> {text}\n{hash}"),
            None => text,
        }
    }

    /// Whether every placeholder of the text has a value.
    pub(crate) fn is_complete(&self) -> bool {
        let parts = self.text.unwrap_or_default().split("{{").skip(1);
        let mut names = parts.filter_map(|part| Some(part.split_once("}}")?.0.trim()));
        names.all(|name| self.value(name).is_some())
    }

    /// Replaces placeholders such as `{{name}}` in one pass. A value that looks like a placeholder is not replaced
    /// again, and a placeholder without a value is kept.
    fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            text.push_str(before);
            let place = after.split_once("}}");
            let value = place.and_then(|(name, _)| self.value(name.trim()));
            match (place, value) {
                (Some((_, after)), Some(value)) => {
                    text.push_str(value);
                    rest = after;
                }
                _ => {
                    text.push_str("{{");
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        text
    }

    fn value(&self, name: &str) -> Option<&str> {
        let (amount, payee) = self.payment.unzip();
        match name {
            "code" => Some(self.code),
            "friendly_name" => Some(self.name),
            "amount" => amount,
            "payee" => payee,
            _ => {
                let mut own = self.substitutions.iter();
                own.find(|(own, _)| own == name).map(|(_, value)| value.as_str())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: Content<'_> = Content {
        name: "Shop",
        code: "123456",
        locale: "en",
        text: None,
        substitutions: &[],
        payment: None,
        warns: false,
        app_hash: None,
    };

    #[test]
    fn a_message_is_in_its_language_or_in_english() {
        for (locale, text) in [
            ("en-GB", "Your Shop verification code is: 123456"),
            ("es", "Tu código de verificación de Shop es: 123456"),
            ("pt-BR", "Seu código de verificação de Shop é: 123456"),
            ("tl", "Your Shop verification code is: 123456"),
        ] {
            assert_eq!(Content { locale, ..CONTENT }.text(), text);
        }
    }

    #[test]
    fn every_language_has_every_value() {
        for language in &LANGUAGES {
            let content = Content {
                locale: language.code,
                payment: Some(("€39.99", "Acme")),
                warns: true,
                app_hash: Some("fA8kQ2xZ7Lp"),
                ..CONTENT
            };
            let text = content.text();
            for part in ["Shop", "123456", "€39.99", "Acme", language.warning, "\nfA8kQ2xZ7Lp"] {
                assert!(text.contains(part), "{text}");
            }
            assert!(!text.contains("{{"), "{text}");
        }
    }

    #[test]
    fn places_of_a_text_are_filled_once() {
        let substitutions = [("branch".to_owned(), "{{code}}".to_owned())];
        let content = Content {
            text: Some("{{ code }} at {{branch}}, {{other}} {{"),
            substitutions: &substitutions,
            ..CONTENT
        };
        assert_eq!(content.text(), "123456 at {{code}}, {{other}} {{");
        assert!(!content.is_complete());
        assert!(Content { text: Some("{{ code }} at {{branch}} {{"), ..content }.is_complete());
    }
}
