//! Names commands and flags as twilio-cli does, where it has them.

/// Resources whose name is shorter than their path.
const SHORTER: [(&str, &str); 1] = [("safe-list numbers", "safe-list")];

/// The first words of operation ids, and twilio-cli's verbs for them.
const VERBS: [(&str, &str); 5] = [
    ("Create", "create"),
    ("Delete", "remove"),
    ("Fetch", "fetch"),
    ("List", "list"),
    ("Update", "update"),
];

/// Returns the words that name a resource: those of the path after the resource
/// that contains it.
pub(crate) fn resource(path: &str) -> Vec<String> {
    let mut segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if segments.last().is_some_and(|last| is_parameter(last)) {
        segments.pop();
    }
    let own = segments
        .iter()
        .rposition(|segment| is_parameter(segment) || is_version(segment))
        .map_or(0, |last| last + 1);
    let words: Vec<String> = segments.into_iter().skip(own).map(kebab).collect();
    let name = words.join(" ");
    match SHORTER.iter().find(|(long, _)| *long == name) {
        Some((_, short)) => vec![(*short).to_owned()],
        None => words,
    }
}

/// Returns the verb of an operation, by its id or else by its method and path.
pub(crate) fn verb(id: &str, method: &str, path: &str) -> &'static str {
    let named = VERBS.iter().find(|(word, _)| {
        id.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_lowercase()))
    });
    if let Some((_, verb)) = named {
        return verb;
    }
    match (method, path.ends_with('}')) {
        ("get", true) => "fetch",
        ("get", false) => "list",
        ("delete", _) => "remove",
        ("post", false) => "create",
        _ => "update",
    }
}

/// Converts a name of the API to lower case, with dashes between its words. Dots
/// are kept: `Config.NotificationToken` is `config.notification-token`.
pub(crate) fn kebab(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 4);
    let mut previous: Option<char> = None;
    for (index, character) in characters.iter().copied().enumerate() {
        let next = characters.get(index + 1);
        let begins = character.is_uppercase()
            && previous.is_some_and(|previous| {
                previous.is_lowercase()
                    || previous.is_numeric()
                    || previous.is_uppercase() && next.is_some_and(|next| next.is_lowercase())
            });
        if begins {
            text.push('-');
        }
        match character {
            '_' | ' ' => text.push('-'),
            character => text.extend(character.to_lowercase()),
        }
        previous = Some(character);
    }
    text
}

/// Returns the last word of a name of the API, in upper case.
pub(crate) fn last_word(name: &str) -> String {
    let name = kebab(name);
    let word = name.rsplit(['-', '.']).next().unwrap_or(&name);
    word.to_uppercase()
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// Whether a segment is a version, such as `v2`.
fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{kebab, resource, verb};

    #[test]
    fn names_are_those_of_twilio_cli() {
        for (name, expected) in [
            ("FriendlyName", "friendly-name"),
            ("friendly_name", "friendly-name"),
            ("Config.NotificationToken", "config.notification-token"),
            ("Passkeys.RelyingParty.Id", "passkeys.relying-party.id"),
            ("Psd2Enabled", "psd2-enabled"),
            ("clientDataJSON", "client-data-json"),
            ("JSONBody", "json-body"),
            ("rawId", "raw-id"),
            ("To", "to"),
        ] {
            assert_eq!(kebab(name), expected);
        }
    }

    #[test]
    fn a_resource_is_named_by_its_own_part_of_the_path() {
        for (path, expected) in [
            ("/v2/Services", "services"),
            ("/v2/Services/{Sid}", "services"),
            ("/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets/{Sid}", "buckets"),
            ("/v2/Services/{ServiceSid}/Passkeys/VerifyFactor", "passkeys verify-factor"),
            ("/v2/Attempts/Summary", "attempts summary"),
            ("/v2/SafeList/Numbers/{PhoneNumber}", "safe-list"),
        ] {
            assert_eq!(resource(path).join(" "), expected);
        }
    }

    #[test]
    fn a_verb_is_that_of_the_id_or_else_of_the_method() {
        for (id, method, path, expected) in [
            ("CreateNewFactor", "post", "/v2/Things", "create"),
            ("DeleteThing", "delete", "/v2/Things/{Sid}", "remove"),
            ("UpdatePasskeysFactor", "post", "/v2/Things", "update"),
            ("Listen", "get", "/v2/Things/{Sid}", "fetch"),
            ("ThingsGet", "get", "/v2/Things", "list"),
            ("Approve", "post", "/v2/Things", "create"),
            ("Change", "patch", "/v2/Things", "update"),
        ] {
            assert_eq!(verb(id, method, path), expected, "{id}");
        }
    }
}
