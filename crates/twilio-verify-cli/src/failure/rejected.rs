//! Finds the parameters that a message of Twilio's rejects.
//!
//! A message is only searched for names: what is shown is a flag of the command, never a part of the
//! message, which may repeat a phone number or a code.

use clap::Command;

use crate::failure::flags;

/// The most words of a name, such as "friendly name".
const LONGEST: usize = 3;

/// Words that precede a name: "Missing required parameter To", "Invalid friendly name".
const BEFORE: [&str; 7] =
    ["field", "invalid", "missing", "parameter", "parameters", "param", "params"];

/// Words that follow a name: "Factor type invalid or not provided", "Identity is required".
const AFTER: [&str; 18] = [
    "are",
    "can't",
    "cannot",
    "contains",
    "disabled",
    "exists",
    "has",
    "invalid",
    "is",
    "missing",
    "must",
    "not",
    "only",
    "parameter",
    "parameters",
    "param",
    "params",
    "required",
];

/// A word of a message.
struct Word<'a> {
    text: &'a str,
    /// Whether the word is in quotes.
    quoted: bool,
    /// Whether the word ends with a colon: "Invalid parameter: To" has a name after it, "`To`: 1" a value.
    colon: bool,
    /// Whether the word ends with a comma: another name may follow, as in "To, Channel".
    comma: bool,
}

impl<'a> Word<'a> {
    fn of(raw: &'a str) -> Self {
        let text = raw.split(['[', '(', '=']).next().unwrap_or(raw);
        Self {
            text: text.trim_matches(|c: char| !c.is_alphanumeric()),
            quoted: raw.starts_with(['`', '\'', '"']),
            colon: raw.ends_with(':'),
            comma: raw.ends_with(','),
        }
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    /// Whether the word has the form of a name of the API, such as `CodeLength` or `config.app_id`.
    fn is_a_name(&self) -> bool {
        let inner = self.text.strip_prefix(|_: char| true).unwrap_or_default();
        inner.contains(['.', '_'])
            || inner.contains(char::is_lowercase) && inner.contains(char::is_uppercase)
    }
}

/// Returns the command's flags for the parameters that a message of Twilio's names.
pub(super) fn flags(message: &str, command: &Command) -> Vec<String> {
    let words: Vec<Word<'_>> = message.split_whitespace().map(Word::of).collect();
    let mut found: Vec<String> = Vec::new();
    // The start of a name that follows another one: "To, Channel", "Amount and Payee".
    let mut following = None;
    let mut start = 0;
    while start < words.len() {
        let name = (1..=LONGEST.min(words.len() - start)).rev().find_map(|length| {
            let end = start + length;
            let flag = flag(&words[start..end], command)?;
            (following == Some(start) || is_named(&words, start, end)).then_some((flag, end))
        });
        let Some((flag, end)) = name else {
            start += 1;
            continue;
        };
        if !found.contains(&flag) {
            found.push(flag);
        }
        if words[end - 1].colon {
            break;
        }
        following = match words.get(end) {
            _ if words[end - 1].comma => Some(end),
            Some(word) if word.is_one_of(&["and", "or"]) => Some(end + 1),
            _ => None,
        };
        start = end;
    }
    found
}

/// Returns the flag for these words, or for an object that contains them: `--config` for
/// `config.app_id`.
fn flag(words: &[Word<'_>], command: &Command) -> Option<String> {
    let name: String = words.iter().map(|word| flags::letters(word.text)).collect();
    let mut name = name.as_str();
    loop {
        if let Some(flag) = flags::of_parameter(command, name) {
            return Some(flag);
        }
        name = name.rsplit_once('.')?.0;
    }
}

/// Whether the words from `start` to `end` are a name, rather than words of a sentence.
fn is_named(words: &[Word<'_>], start: usize, end: usize) -> bool {
    let (before, after) = (start.checked_sub(1).map(|index| &words[index]), words.get(end));
    if let [word] = &words[start..end] {
        if word.quoted || word.is_a_name() {
            return true;
        }
        // "to" is a word of most sentences.
        if word.text == "to" {
            return false;
        }
    }
    before.is_some_and(|word| word.is_one_of(&BEFORE) || word.colon && after.is_none())
        || after.is_some_and(|word| word.is_one_of(&AFTER))
}

#[cfg(test)]
mod tests {
    use super::flags;
    use crate::cli;

    /// Returns the flags that a message names, of the command with these words.
    fn named(words: &str, message: &str) -> String {
        let mut command = cli::tree().command();
        command.build();
        for word in words.split(' ') {
            command = command.find_subcommand(word).unwrap().clone();
        }
        flags(message, &command).join(" ")
    }

    #[test]
    fn a_rejected_parameter_is_found_in_every_wording() {
        for (words, message, expected) in [
            ("verifications start", "Invalid parameter: To", "--to"),
            ("verifications start", "Invalid parameter `To`: +573003003030", "--to"),
            ("verifications start", "Missing required parameter To in the post body", "--to"),
            ("verifications start", "Invalid 'To' Phone Number: +573003003030", "--to"),
            ("verifications start", "Invalid parameters: To, Channel", "--to --channel"),
            ("verifications start", "To is required", "--to"),
            ("verifications start", "Invalid parameter `To`: 'channel' of the locale", "--to"),
            ("verifications start", "Invalid parameter: To channel", "--to"),
            ("verifications start", "'Amount' and 'Payee' params are required", "--amount --payee"),
            ("verifications start", "Invalid parameters Amount and Payee", "--amount --payee"),
            ("verifications start", "AppHash only with SMS", "--app-hash"),
            ("verifications start", "TemplateSid only for SMS", "--template-sid"),
            ("verifications start", "Delivery channel disabled", "--channel"),
            ("verifications start", "Call channel not supported with PSD2", "--channel"),
            ("verifications check", "Invalid parameter: Code", "--code"),
            ("verifications check", "Invalid parameter: VerificationSid", "--verification-sid"),
            ("attempts list", "Invalid parameter: DateCreatedAfter", "--date-created-after"),
            ("services create", "Invalid parameter: FriendlyName", "--friendly-name"),
            ("services create", "Friendly name contains a restricted word", "--friendly-name"),
            ("services create", "CodeLength must be between 4 and 10", "--code-length"),
            ("rate-limits create", "Invalid rate limit UniqueName", "--unique-name"),
            ("rate-limits create", "Rate limit with the given unique name exists", "--unique-name"),
            ("buckets create", "Bucket with the given interval exists", "--interval"),
            (
                "messaging-configurations create",
                "Messaging Configuration for the country exists",
                "--country",
            ),
            ("access-tokens create", "Invalid access token parameters: Identity", "--identity"),
            ("factors create", "Factor type invalid or not provided", "--factor-type"),
            ("factors create", "Invalid parameter: Config.AppId", "--config.app-id"),
            ("entities create", "Entity identity invalid", "--identity"),
            ("challenges create", "Invalid parameter: Details.Fields", "--details.fields"),
            ("webhooks create", "Invalid parameter: EventTypes[0]", "--event-types"),
            ("safe-list create", "Invalid phone number", "--phone-number"),
            ("safe-list create", "Invalid parameter: PhoneNumber", "--phone-number"),
            ("services list", "Page size invalid or not provided", "--page-size"),
        ] {
            assert_eq!(named(words, message), expected, "{words}: {message}");
        }
    }

    #[test]
    fn words_of_a_sentence_are_not_names() {
        for message in [
            "Invalid parameter",
            "SMS is not supported by landline phone number",
            "Messages to China require vetting",
            "Max send attempts reached",
            "A Mailer must be associated with the service",
            "Verification delivery attempt blocked, see the code and the locale",
            "Invalid to +573003003030",
            "Rejected: a code of the channel",
            "",
            ": :: ' ` [",
        ] {
            assert_eq!(named("verifications start", message), "", "{message}");
        }
    }
}
