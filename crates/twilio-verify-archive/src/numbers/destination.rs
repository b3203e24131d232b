//! Parses destinations: numbers and e-mail addresses.

/// How many digits at the end of a number are removed.
pub(crate) const CUT: usize = 4;

/// The parts of a destination.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination<'a> {
    /// A number: the text before its digits (`+`, `whatsapp:+`), and the digits.
    Number { before: &'a str, digits: &'a str },
    /// An e-mail address, with its domain.
    Email { domain: &'a str },
    /// Anything else.
    Other,
}

impl<'a> Destination<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        if let Some((_, domain)) = text.rsplit_once('@') {
            return if domain.is_empty() { Self::Other } else { Self::Email { domain } };
        }
        let scheme = text.split_once(':').map_or(0, |(scheme, _)| scheme.len() + 1);
        let plus = usize::from(text[scheme..].starts_with('+'));
        let (before, digits) = text.split_at(scheme + plus);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Other;
        }
        Self::Number { before, digits }
    }

    /// Returns what is not personal data: a number without its last digits, an e-mail's domain.
    pub(crate) fn cut(self) -> Option<String> {
        match self {
            Self::Number { before, digits } => {
                let kept = &digits[..digits.len().saturating_sub(CUT)];
                Some(format!("{before}{kept}"))
            }
            Self::Email { domain } => Some(format!("@{domain}")),
            Self::Other => None,
        }
    }
}

/// Returns the digits after the `+` of a number or its kept part. `None` for anything else.
pub(crate) fn digits_after_plus(kept: &str) -> Option<&str> {
    kept.strip_prefix('+').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::Destination;

    #[test]
    fn what_is_kept() {
        for (destination, kept) in [
            ("+573003003030", Some("+57300300")),
            ("whatsapp:+573003003030", Some("whatsapp:+57300300")),
            ("573003003030", Some("57300300")),
            ("+1234", Some("+")),
            ("+12", Some("+")),
            ("someone@example.com", Some("@example.com")),
            ("mailto:a@b@example.com", Some("@example.com")),
            ("someone@", None),
            ("+57 300 300 3030", None),
            ("+5730030030x0", None),
            ("client:alice", None),
            ("+", None),
            ("", None),
            ("٣٤٥٦٧٨", None),
        ] {
            assert_eq!(Destination::of(destination).cut().as_deref(), kept, "{destination}");
        }
    }
}
