//! Writes the help of a command that comes from the document.

use crate::operations::checks;
use crate::operations::operation::{Kind, Operation, Parameter, Place, Schema};
use crate::operations::read::{self, limits};
use crate::output::formula;
use crate::values::dates;

/// The note on enums.
const OPEN: &str = "Values other than the possible ones are sent too, as Twilio adds new ones.";

/// Examples by operation.
const EXAMPLES: [(&str, &str); 2] = [
    (
        "CreateService",
        "\
Examples:
  twilio-verify services create --friendly-name \"Owl Bank\" --code-length 6 --lookup-enabled
  twilio-verify services create --friendly-name Owl --totp.issuer Owl --totp.skew 1 -o json",
    ),
    (
        "UpdateService",
        "\
Examples:
  twilio-verify services update VA… --lookup-enabled --skip-sms-to-landlines
  twilio-verify services update --sid VA… --lookup-enabled=false --push.include-date=false",
    ),
];

/// Returns the operation's description, without the full stop of a single sentence.
pub(super) fn about(operation: &Operation) -> String {
    let about = match operation.about.is_empty() {
        true => &operation.id,
        false => &operation.about,
    };
    one_sentence(about).to_owned()
}

fn one_sentence(text: &str) -> &str {
    match text.strip_suffix('.') {
        Some(sentence) if !sentence.contains(". ") => sentence,
        _ => text,
    }
}

/// Returns the text after the arguments: notes and examples.
pub(super) fn notes(operation: &Operation) -> Option<String> {
    let has_open_enum = operation
        .parameters
        .iter()
        .any(|parameter| !single(parameter).known.is_empty() && checks::is_open(parameter));
    let is_list = operation.response.as_ref().is_some_and(|response| response.list.is_some());
    let examples = EXAMPLES.iter().find(|(id, _)| *id == operation.id);
    let notes: Vec<&str> = [
        has_open_enum.then_some(OPEN),
        has_date(operation).then_some(dates::FORMS),
        is_list.then_some(formula::HELP),
        examples.map(|(_, examples)| *examples),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!notes.is_empty()).then(|| notes.join("\n\n"))
}

/// Whether a parameter of a query is a date.
fn has_date(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter();
    parameters.any(|parameter| {
        parameter.place == Place::Query && matches!(parameter.schema.kind, Kind::Instant)
    })
}

/// Returns the name of the value in the help.
pub(super) fn value_name(parameter: &'static Parameter) -> &'static str {
    let schema = single(parameter);
    match schema.kind {
        Kind::Integer | Kind::Number => "N",
        Kind::Boolean => "BOOL",
        Kind::Instant => "DATE",
        Kind::Country => "COUNTRY",
        Kind::Json if matches!(parameter.schema.kind, Kind::List(_)) => "JSON",
        Kind::Json => "JSON|NAME=VALUE",
        Kind::Text | Kind::List(_) if read::sid_prefix(schema).is_some() => "SID",
        Kind::Text | Kind::List(_) => &parameter.value_name,
    }
}

/// Returns the schema of a single value.
pub(super) fn single(parameter: &Parameter) -> &Schema {
    match &parameter.schema.kind {
        Kind::List(items) => items,
        _ => &parameter.schema,
    }
}

/// Whether an operation updates a resource.
pub(super) fn is_update(operation: &Operation) -> bool {
    operation.words.last().is_some_and(|verb| verb == "update")
}

/// Returns a description for an update: without the default, which only a new
/// resource gets.
pub(super) fn without_default(help: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for sentence in help.split_inclusive(". ") {
        let Some(rest) = sentence.strip_prefix("Default ") else {
            kept.push(sentence.to_owned());
            continue;
        };
        let (default, limits) = rest.split_at(rest.find('[').unwrap_or(rest.len()));
        // A default with a comma also describes the values.
        kept.push(if default.contains(',') { rest } else { limits }.to_owned());
    }
    kept.concat().trim().to_owned()
}

/// Returns the description of a parameter and its limits.
pub(super) fn of(parameter: &Parameter) -> String {
    let mut help = one_sentence(&parameter.description).to_owned();
    let mut notes = Vec::new();
    let schema = single(parameter);
    if let Some(prefix) = read::sid_prefix(schema)
        && !help.contains("hexadecimal")
    {
        notes.push(format!("`{prefix}` and 32 hexadecimal digits"));
    }
    let numbers: Vec<&str> = help.split(|c: char| !c.is_ascii_digit()).collect();
    let is_stated = |limit: &Option<String>| match limit {
        Some(limit) => numbers.contains(&limit.as_str()),
        None => true,
    };
    let (least, most) = match schema.kind {
        Kind::Integer => {
            (schema.minimum.map(|n| n.to_string()), schema.maximum.map(|n| n.to_string()))
        }
        _ if read::sid_prefix(schema).is_some() => (None, None),
        _ => (schema.shortest.map(|n| n.to_string()), schema.longest.map(|n| n.to_string())),
    };
    if !(is_stated(&least) && is_stated(&most)) {
        let unit = match schema.kind {
            Kind::Text => " characters",
            _ => "",
        };
        notes.push(format!("{}{unit}", limits(least, most)));
    }
    match parameter.schema.kind {
        Kind::List(_) | Kind::Json => notes.push("can be repeated".to_owned()),
        _ => {}
    }
    if parameter.secret && parameter.place != Place::Path {
        notes.push("`-` reads it from stdin".to_owned());
    }
    if !notes.is_empty() {
        let separator = if help.is_empty() { "" } else { " " };
        help.push_str(&format!("{separator}[{}]", notes.join("; ")));
    }
    help
}

#[cfg(test)]
mod tests {
    use super::without_default;

    #[test]
    fn an_update_has_no_default() {
        for (help, expected) in [
            ("Whether it is on. Default `enabled`.", "Whether it is on."),
            (
                "The shape. Default `v2`, which has all; `v1` is older.",
                "The shape. `v2`, which has all; `v1` is older.",
            ),
            (
                "The seconds. Default 30 [at least 20; from 1, 2]",
                "The seconds. [at least 20; from 1, 2]",
            ),
            ("The default template. Needs a name.", "The default template. Needs a name."),
            ("Default 7. The rest.", "The rest."),
        ] {
            assert_eq!(without_default(help), expected);
        }
    }
}
