//! Builds the tree of all commands: those that are written by hand, and one for
//! every other operation of the document.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};

use super::{arguments, paragraphs};
use crate::operations::operation::Operation;

/// The tree of all commands.
#[derive(Debug)]
pub(crate) struct Tree {
    command: Command,
    /// The operations with a command from the document, by the words of the command.
    operations: BTreeMap<Vec<&'static str>, &'static Operation>,
}

impl Tree {
    /// Adds a command for each operation to `command`, unless a command already
    /// has these words: commands written by hand take precedence.
    pub(crate) fn new(command: Command, operations: &'static [Operation]) -> Self {
        let mut tree = Self { command, operations: BTreeMap::new() };
        for operation in operations {
            let words: Vec<&'static str> = operation.words.iter().map(String::as_str).collect();
            if is_free(&tree.command, &words) {
                tree.command = add(tree.command, &words, operation);
                tree.operations.insert(words, operation);
            }
        }
        tree.command = paragraphs::join(tree.command);
        tree
    }

    /// Returns the command line as a whole.
    pub(crate) fn command(&self) -> Command {
        self.command.clone()
    }

    /// Returns the operation that was requested, if its command is from the
    /// document, and the values that it was given.
    pub(crate) fn operation(
        &self,
        matches: &ArgMatches,
    ) -> Option<(&'static Operation, ArgMatches)> {
        let mut words = Vec::new();
        let mut matches = matches;
        while let Some((word, inner)) = matches.subcommand() {
            words.push(word);
            matches = inner;
        }
        let operation = *self.operations.get(&words)?;
        Some((operation, matches.clone()))
    }
}

/// Whether no command has these words.
fn is_free(command: &Command, words: &[&str]) -> bool {
    let Some((word, rest)) = words.split_first() else {
        return false;
    };
    match command.find_subcommand(word) {
        None => true,
        Some(found) => found.has_subcommands() && is_free(found, rest),
    }
}

fn add(command: Command, words: &[&'static str], operation: &'static Operation) -> Command {
    match words {
        [] => command,
        [verb] => command.subcommand(arguments::command(verb, operation)),
        [group, rest @ ..] => match command.find_subcommand(group) {
            Some(_) => command.mut_subcommand(group, |group| add(group, rest, operation)),
            None => command.subcommand(add(self::group(group, operation), rest, operation)),
        },
    }
}

/// Returns a group of commands: a resource, or a group of resources.
fn group(name: &'static str, operation: &'static Operation) -> Command {
    let about = match operation.words.iter().position(|word| word == name) {
        // The word before the verb names the resource itself.
        Some(index) if index + 2 == operation.words.len() => operation.resource.clone(),
        _ => capitalized(&name.replace('-', " ")),
    };
    Command::new(name)
        .about(about.trim_end_matches('.').to_owned())
        .subcommand_required(true)
        .arg_required_else_help(true)
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use clap::Command;
    use serde_json::{Value, json};
    use twilio_verify_codegen::{Document, Unmatched, overlay};

    use super::Tree;
    use crate::operations::extract;
    use crate::operations::operation::Operation;
    use crate::operations::table::operations;

    fn openapi(name: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
        fs::read_to_string(folder.join(name)).unwrap()
    }

    /// Returns the operations of a document that differs from this program's.
    fn changed(change: impl FnOnce(&mut Value)) -> &'static [Operation] {
        let mut json: Value = serde_json::from_str(&openapi("verify_v2.json")).unwrap();
        change(&mut json);
        let mut document = Document::parse(&json.to_string()).unwrap();
        overlay::apply(&mut document, &openapi("overlay.json"), Unmatched::Error).unwrap();
        Box::leak(extract::operations(&document).into_boxed_slice())
    }

    fn tree(operations: &'static [Operation]) -> Tree {
        let tree = Tree::new(Command::new("twilio-verify"), operations);
        tree.command().debug_assert();
        tree
    }

    fn run(tree: &Tree, words: &str) -> Result<&'static Operation, clap::Error> {
        let words = std::iter::once("twilio-verify").chain(words.split(' '));
        let matches = tree.command().try_get_matches_from(words)?;
        Ok(tree.operation(&matches).unwrap().0)
    }

    #[test]
    fn every_operation_of_the_document_has_a_command() {
        let tree = tree(operations());
        assert_eq!(tree.operations.len(), operations().len());
        for operation in operations() {
            let found = tree.operations.values().find(|found| found.id == operation.id);
            assert!(found.is_some(), "{}", operation.id);
        }
    }

    #[test]
    fn an_operation_more_is_a_command_more() {
        let more = changed(|document| {
            document["paths"]["/v2/Services/{ServiceSid}/Carriers/{Region}/Pigeons/{Sid}"] = json!({
                "description": "Pigeons: they carry codes.",
                "x-twilio": { "defaultOutputProperties": ["sid", "date_created", "speed"] },
                "post": {
                    "operationId": "UpdatePigeon",
                    "description": "Changes a pigeon.",
                    "tags": ["VerifyV2Pigeon"],
                    "parameters": [
                        { "name": "ServiceSid", "in": "path", "required": true,
                            "schema": { "type": "string", "pattern": "^VA[0-9a-fA-F]{32}$" } },
                        { "name": "Region", "in": "path", "required": true,
                            "schema": { "type": "string" } },
                        { "name": "Sid", "in": "path", "required": true,
                            "schema": { "type": "string" } },
                    ],
                    "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": {
                        "type": "object",
                        "required": ["Config.Speed"],
                        "properties": {
                            "Config.Speed": { "type": "integer", "minimum": 1, "maximum": 90 },
                            "Sid": { "type": "string" },
                            "Loads": { "type": "array", "items": { "type": "string" } },
                        },
                    } } } },
                    "responses": { "200": { "description": "OK", "content": { "application/json": {
                        "schema": { "type": "object", "properties": {
                            "sid": { "type": "string" },
                            "speed": { "type": "integer" },
                            "date_created": { "type": "string", "format": "date-time" },
                        } },
                    } } } },
                },
            });
        });
        let tree = tree(more);
        assert_eq!(tree.operations.len(), operations().len() + 1);
        let sid = format!("VA{}", "a".repeat(32));
        // A global flag keeps its meaning, and a parameter its name.
        let line = format!(
            "pigeons update PG1 --service-sid {sid} --field-region north --config.speed 90 \
             --field-sid PG2 --loads code --loads letter"
        );
        let operation = run(&tree, &line).unwrap();
        assert_eq!(operation.id, "UpdatePigeon");
        let columns = &operation.response.as_ref().unwrap().columns;
        let columns: Vec<&str> = columns.iter().map(|shown| shown.field.as_str()).collect();
        assert_eq!(columns, ["date_created", "speed", "sid"]);
        for (from, to) in [("speed 90", "speed 91"), ("--config.speed 90", ""), ("PG1", "")] {
            let line = line.replacen(from, to, 1).replace("  ", " ");
            assert!(run(&tree, &line).is_err(), "{line}");
        }
        let mut command = tree.command();
        let help = command.find_subcommand_mut("pigeons").unwrap().render_help().to_string();
        assert!(
            help.contains("Pigeons: they carry codes") && help.contains("Changes a pigeon"),
            "{help}"
        );
    }

    #[test]
    fn a_parameter_more_is_a_flag_more() {
        let more = changed(|document| {
            let body =
                &mut document["paths"]["/v2/Services/{ServiceSid}/Webhooks"]["post"]["requestBody"];
            body["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]["Retry.Max"] =
                json!({ "type": "integer", "maximum": 9 });
            let list = &mut document["paths"]["/v2/Templates"]["get"]["parameters"];
            list.as_array_mut().unwrap().push(
                json!({ "name": "After", "in": "query", "schema": { "type": "string", "format": "date-time" } }),
            );
        });
        let tree = tree(more);
        let sid = format!("VA{}", "a".repeat(32));
        let line = format!(
            "webhooks create --service-sid {sid} --friendly-name a --event-types * \
             --webhook-url https://a.example --retry-max 9"
        );
        assert_eq!(run(&tree, &line).unwrap().id, "CreateWebhook");
        assert!(run(&tree, &line.replace("max 9", "max 10")).is_err());
        assert!(run(&tree, "templates list --after 7d --limit 3").is_ok());
    }

    #[test]
    fn a_command_that_is_written_by_hand_takes_precedence() {
        let written = Command::new("twilio-verify")
            .subcommand(Command::new("attempts").subcommand(Command::new("summary")))
            .subcommand(
                Command::new("services").subcommand(Command::new("delete").alias("remove")),
            );
        let tree = Tree::new(written, operations());
        let ids: Vec<&str> = tree.operations.values().map(|found| found.id.as_str()).collect();
        for id in ["FetchVerificationAttemptsSummary", "DeleteService"] {
            assert!(!ids.contains(&id), "{id}");
        }
        for id in ["ListVerificationAttempt", "FetchService"] {
            assert!(ids.contains(&id), "{id}");
        }
    }
}
