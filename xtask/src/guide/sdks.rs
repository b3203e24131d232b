//! The calls of an operation in Twilio's SDKs for Python, Node and Go, in twilio-cli, and in this command line.
//!
//! Twilio generates its SDKs from the document, so the names follow from it. The tests in `tests/compat` make
//! the same calls.

use heck::{ToKebabCase, ToLowerCamelCase, ToSnakeCase};

use crate::guide::operations::{Operation, parameter};

/// Resources that the SDKs name differently from the document, by the class of the response.
const RESOURCES: [(&str, &str); 3] = [
    ("CreateNewFactor", "new_factors"),
    ("CreateChallengePasskeys", "new_challenge()"),
    ("UpdatePasskeysFactor", "new_verify_factors"),
];

/// A verb that twilio-cli derives from the path type in Twilio's own document.
const VERBS: [(&str, &str); 1] = [("CreateChallengePasskeys", "update")];

/// The hand-written commands, with the flags that they need.
const COMMANDS: [(&str, &str); 5] = [
    ("FetchVerificationAttemptsSummary", "attempts summary"),
    ("CreateVerification", "verifications start --service-sid … --to … --channel …"),
    ("CreateVerificationCheck", "verifications check --service-sid … --to … --code …"),
    ("FetchVerification", "verifications fetch --service-sid … --to …"),
    ("UpdateVerification", "verifications cancel --service-sid … --to …"),
];

/// Returns the call of the SDK for Python.
pub fn python(operations: &[Operation], operation: &Operation) -> String {
    let values: Vec<String> = if operation.json {
        vec!["request".to_owned()]
    } else {
        let snake = |name: &String| name.replace('.', "_").to_snake_case();
        operation.values.iter().map(|name| format!("{0}={0}", snake(name))).collect()
    };
    let resource = chain(operations, operation, |name| name.to_snake_case());
    format!("client.verify.v2.{resource}.{}({})", verb(operation, "delete"), values.join(", "))
}

/// Returns the call of the SDK for Node.
pub fn node(operations: &[Operation], operation: &Operation) -> String {
    let values = match operation.values.as_slice() {
        [] => String::new(),
        _ if operation.json => "request".to_owned(),
        names => {
            let names: Vec<_> = names.iter().map(|name| name.to_lower_camel_case()).collect();
            format!("{{ {} }}", names.join(", "))
        }
    };
    let resource = chain(operations, operation, |name| name.to_lower_camel_case());
    format!("client.verify.v2.{resource}.{}({values})", verb(operation, "remove"))
}

/// Returns the call of the SDK for Go.
pub fn go(operation: &Operation) -> String {
    let mut values: Vec<_> =
        operation.path_names.iter().map(|name| name.to_lower_camel_case()).collect();
    values.extend(operation.has_values.then(|| "params".to_owned()));
    format!("client.VerifyV2.{}({})", operation.id, values.join(", "))
}

/// Returns the command of twilio-cli.
pub fn twilio_cli(operation: &Operation) -> String {
    let topics: Vec<_> = literal(&operation.path).map(|part| part.to_kebab_case()).collect();
    let known = VERBS.iter().find(|(id, _)| *id == operation.id).map(|(_, verb)| *verb);
    let instance = operation.path_type == "instance";
    let verb = known.unwrap_or(match (operation.method.as_str(), instance) {
        ("GET", false) => "list",
        ("GET", true) => "fetch",
        ("DELETE", _) => "remove",
        (_, false) => "create",
        (_, true) => "update",
    });
    format!("twilio api:verify:{}:{verb}{}", topics.join(":"), flags(operation))
}

/// Returns the command of this workspace's command line.
pub fn command(operation: &Operation) -> String {
    if let Some((_, command)) = COMMANDS.iter().find(|(id, _)| *id == operation.id) {
        return format!("twilio-verify {command}");
    }
    // The resource's own part of the path, as in `operations/names.rs` of the command line.
    let segments: Vec<_> = operation.path.trim_end_matches('}').split('/').collect();
    let end = if operation.path.ends_with('}') { segments.len() - 1 } else { segments.len() };
    let own = segments[..end].iter().rposition(|part| part.starts_with('{') || *part == "v2");
    let words = &segments[own.map_or(0, |at| at + 1)..end];
    let words: Vec<_> = words.iter().map(|word| word.to_kebab_case()).collect();
    let words = words.join(" ").replace("safe-list numbers", "safe-list");
    format!("twilio-verify {words} {}{}", verb(operation, "remove"), flags(operation))
}

/// Returns the resource as a chain of accessors, in which each instance takes its parameter.
fn chain(operations: &[Operation], operation: &Operation, case: impl Fn(&str) -> String) -> String {
    let segments: Vec<&str> = operation.path.split('/').collect();
    let mut links = Vec::new();
    for end in 1..=segments.len() {
        let last = segments[end - 1];
        let is_whole = end == segments.len();
        let Some(name) = parameter(last).or(is_whole.then_some("")) else { continue };
        let mount = if is_whole { Some(operation) } else { instance(operations, &segments[..end]) };
        let mount = mount.map_or("", |found| found.mount.as_str());
        let known = RESOURCES.iter().find(|(id, _)| is_whole && *id == operation.id);
        let link = match known {
            Some((_, known)) => match known.strip_suffix("()") {
                Some(known) => format!("{}()", case(known)),
                None => case(known),
            },
            None if !name.is_empty() => format!("{}({})", case(mount), case(name)),
            None if operation.path_type == "instance" => format!("{}()", case(mount)),
            None => case(mount),
        };
        links.push(link);
    }
    links.join(".")
}

/// Returns an operation on the instances at a path, regardless of the names of its parameters.
fn instance<'a>(operations: &'a [Operation], path: &[&str]) -> Option<&'a Operation> {
    operations.iter().find(|operation| {
        let segments = operation.path.split('/');
        segments.clone().count() == path.len()
            && segments.zip(path).all(|(found, wanted)| {
                found == *wanted || parameter(found).is_some() && parameter(wanted).is_some()
            })
    })
}

fn verb<'a>(operation: &Operation, delete: &'a str) -> &'a str {
    match operation.verb() {
        "Create" => "create",
        "Fetch" => "fetch",
        "List" => "list",
        "Delete" => delete,
        _ => "update",
    }
}

fn literal(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && parameter(part).is_none())
}

/// Returns the flags that a command needs. A JSON body has too many fields to show.
fn flags(operation: &Operation) -> String {
    let values: &[String] = if operation.json { &[] } else { &operation.values };
    let names = operation.path_names.iter().chain(values);
    names
        .map(|name| {
            let parts: Vec<_> = name.split('.').map(ToKebabCase::to_kebab_case).collect();
            format!(" --{} …", parts.join("."))
        })
        .collect()
}
