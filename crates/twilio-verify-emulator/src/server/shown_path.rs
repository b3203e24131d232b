//! Paths of requests as logs show them.

/// Replaces each parameter of a path that is not a SID by `{Name}`, or by `…` without a template: it may be a phone
/// number, an e-mail address or an identity.
pub(crate) fn shown_path(template: Option<&str>, path: &str) -> String {
    let mut names = template.map(|template| template.split('/'));
    let shown = path.split('/').map(|segment| {
        let name = names.as_mut().and_then(Iterator::next);
        match name {
            Some(name) if name == segment || !is_sid(segment) => name,
            None if !is_version(segment) && !is_sid(segment) && !segment.is_empty() => "…",
            _ => segment,
        }
    });
    shown.collect::<Vec<_>>().join("/")
}

/// Whether a text is two capital letters and 32 hexadecimal digits.
fn is_sid(text: &str) -> bool {
    text.split_at_checked(2).is_some_and(|(prefix, digits)| {
        prefix.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == 32
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_version(segment: &str) -> bool {
    segment == "v2"
}

#[cfg(test)]
mod tests {
    use super::shown_path;

    #[test]
    fn of_parameters_only_sids_are_shown() {
        let service = "VA0123456789abcdef0123456789abcdef";
        let template = "/v2/Services/{ServiceSid}/Verifications/{Sid}";
        for (template, path, shown) in [
            (Some("/v2/Services"), "/v2/Services".to_owned(), "/v2/Services".to_owned()),
            (
                Some(template),
                format!("/v2/Services/{service}/Verifications/+573003003030"),
                format!("/v2/Services/{service}/Verifications/{{Sid}}"),
            ),
            (
                Some("/v2/SafeList/Numbers/{PhoneNumber}"),
                "/v2/SafeList/Numbers/%2B573003003030".to_owned(),
                "/v2/SafeList/Numbers/{PhoneNumber}".to_owned(),
            ),
            (None, format!("/v2/alice/{service}/3003003030"), format!("/v2/…/{service}/…")),
        ] {
            assert_eq!(shown_path(template, &path), shown);
        }
    }
}
