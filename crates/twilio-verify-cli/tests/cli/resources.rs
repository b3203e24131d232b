//! Every command that reads, over every resource, in every format.

use serde_json::Value;
use tests::document::{Operation, operations};
use tests::scripted::Reply;

use crate::support::{
    NUMBER, SERVICE, contract, fails, json, leaves, of_service, scripted, stdout, with_credentials,
};

const IDENTITY: &str = "customer-4f1d27a0";
const LIMIT: &str = "RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A command that reads: its words, the operation that it asks, the path and
/// query after `/v2/`, and for a list what it is called.
struct Read {
    arguments: Vec<&'static str>,
    operation: &'static str,
    target: String,
    plural: Option<&'static str>,
}

fn fetch(arguments: &[&'static str], operation: &'static str, target: &str) -> Read {
    Read {
        arguments: arguments.to_vec(),
        operation,
        target: target.replace("SERVICE", &format!("Services/{SERVICE}")),
        plural: None,
    }
}

fn list(
    arguments: &[&'static str],
    operation: &'static str,
    target: &str,
    plural: &'static str,
) -> Read {
    Read { plural: Some(plural), ..fetch(arguments, operation, target) }
}

fn reads() -> Vec<Read> {
    let of_entity =
        |arguments: &[&'static str]| of_service(&[arguments, &["--identity", IDENTITY]].concat());
    let of_limit = |arguments: &[&'static str]| {
        of_service(&[arguments, &["--rate-limit-sid", LIMIT]].concat())
    };
    vec![
        list(&["services", "list"], "ListService", "Services?PageSize=50", "services"),
        fetch(&["services", "fetch", SERVICE], "FetchService", "SERVICE"),
        fetch(&["services", "fetch", "--sid", SERVICE], "FetchService", "SERVICE"),
        list(
            &["templates", "list"],
            "ListVerificationTemplate",
            "Templates?PageSize=50",
            "templates",
        ),
        list(
            &["templates", "list", "--friendly-name", "Code & sign-in"],
            "ListVerificationTemplate",
            "Templates?FriendlyName=Code+%26+sign-in&PageSize=50",
            "templates",
        ),
        list(
            &of_service(&["rate-limits", "list"]),
            "ListRateLimit",
            "SERVICE/RateLimits?PageSize=50",
            "rate_limits",
        ),
        fetch(
            &of_service(&["rate-limits", "fetch", LIMIT]),
            "FetchRateLimit",
            "SERVICE/RateLimits/RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        list(
            &of_limit(&["buckets", "list", "--limit", "7"]),
            "ListBucket",
            "SERVICE/RateLimits/RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Buckets?PageSize=7",
            "buckets",
        ),
        fetch(
            &of_limit(&["buckets", "fetch", "--sid", "BLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
            "FetchBucket",
            "SERVICE/RateLimits/RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Buckets/BLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        list(
            &of_service(&["messaging-configurations", "list", "--no-limit"]),
            "ListMessagingConfiguration",
            "SERVICE/MessagingConfigurations?PageSize=1000",
            "messaging_configurations",
        ),
        fetch(
            &of_service(&["messaging-configurations", "fetch", "--country", "co"]),
            "FetchMessagingConfiguration",
            "SERVICE/MessagingConfigurations/CO",
        ),
        fetch(
            &of_service(&["messaging-configurations", "fetch", "--country", "all"]),
            "FetchMessagingConfiguration",
            "SERVICE/MessagingConfigurations/all",
        ),
        list(
            &of_service(&["webhooks", "list", "--page-size", "20"]),
            "ListWebhook",
            "SERVICE/Webhooks?PageSize=20",
            "webhooks",
        ),
        fetch(
            &of_service(&["webhooks", "fetch", "YWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
            "FetchWebhook",
            "SERVICE/Webhooks/YWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        list(
            &of_service(&["entities", "list"]),
            "ListEntity",
            "SERVICE/Entities?PageSize=50",
            "entities",
        ),
        fetch(
            &of_service(&["entities", "fetch", IDENTITY]),
            "FetchEntity",
            "SERVICE/Entities/customer-4f1d27a0",
        ),
        fetch(
            &of_entity(&["entities", "fetch"]),
            "FetchEntity",
            "SERVICE/Entities/customer-4f1d27a0",
        ),
        list(
            &of_entity(&["factors", "list"]),
            "ListFactor",
            "SERVICE/Entities/customer-4f1d27a0/Factors?PageSize=50",
            "factors",
        ),
        fetch(
            &of_entity(&["factors", "fetch", "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
            "FetchFactor",
            "SERVICE/Entities/customer-4f1d27a0/Factors/YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        list(
            &of_entity(&[
                "challenges",
                "list",
                "--factor-sid",
                "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "--status",
                "Pending",
                "--order",
                "desc",
            ]),
            "ListChallenge",
            "SERVICE/Entities/customer-4f1d27a0/Challenges?FactorSid=YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&Order=desc&PageSize=50&Status=pending",
            "challenges",
        ),
        fetch(
            &of_entity(&["challenges", "fetch", "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
            "FetchChallenge",
            "SERVICE/Entities/customer-4f1d27a0/Challenges/YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        fetch(&["safe-list", "fetch", NUMBER], "FetchSafelist", "SafeList/Numbers/+573003003030"),
        fetch(
            &["safe-list", "fetch", "--phone-number", NUMBER],
            "FetchSafelist",
            "SafeList/Numbers/+573003003030",
        ),
        fetch(&["forms", "fetch", "--form-type", "form-push"], "FetchForm", "Forms/form-push"),
        fetch(
            &of_service(&["access-tokens", "fetch", "YKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
            "FetchAccessToken",
            "SERVICE/AccessTokens/YKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
    ]
}

/// The resources of an operation's example.
fn examples(read: &Read, operations: &[Operation]) -> Vec<Value> {
    let operation = operations.iter().find(|operation| operation.id == read.operation);
    let example = operation.unwrap().example.clone().unwrap();
    match read.plural {
        Some(plural) => example[plural].as_array().unwrap().clone(),
        None => vec![example],
    }
}

#[test]
fn every_resource_in_every_format() {
    let server = contract();
    let operations = operations();
    for read in reads() {
        let run = |format: &str| {
            let arguments = [&read.arguments[..], &["-o", format]].concat();
            server.command(&arguments)
        };
        let examples = examples(&read, &operations);

        let value = json(&mut run("json"));
        server.server.assert_last(read.operation, &format!("/v2/{}", read.target), "");
        let shown = match read.plural {
            Some(plural) => value[plural].as_array().unwrap().clone(),
            None => vec![value],
        };
        let shown: Vec<_> = shown.iter().map(leaves).collect();
        let expected: Vec<_> = examples.iter().map(leaves).collect();
        assert_eq!(shown, expected, "{:?}", read.arguments);

        let table = stdout(&mut run("table"));
        for example in &examples {
            let known = ["sid", "form_type", "messaging_service_sid"];
            let id = known.iter().find_map(|name| example[*name].as_str());
            assert!(table.contains(id.unwrap()), "{table}");
        }
        if read.plural.is_some() {
            assert_eq!(table.lines().count(), examples.len() + 1, "{table}");
            assert!(!table.contains("[\"") && !table.contains("{\""), "{table}");
        }

        for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            let text = stdout(&mut run(format));
            let mut reader =
                csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
            assert!(reader.headers().unwrap().len() > 2);
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), examples.len(), "{text}");
        }
    }
}

#[test]
fn a_map_is_shown_in_its_place_and_once() {
    let server = contract();
    let chosen = ["services", "fetch", SERVICE, "--properties", "links,push"];
    let text = stdout(&mut server.command(&chosen));
    let paths: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(paths.contains(&"links.verifications"), "{text}");
    assert!(paths.contains(&"push.include_date"), "{text}");
    assert!(!paths.contains(&"links"), "{text}");
    let mut unique = paths.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), paths.len(), "{text}");
}

#[test]
fn several_values_stand_in_one_cell() {
    let server = contract();
    let text = stdout(&mut server.command(&["templates", "list"]));
    assert!(text.contains("sms, call") && text.contains("en, es"), "{text}");
}

#[test]
fn a_list_of_nothing_is_called_by_its_name() {
    let body = r#"{"messaging_configurations":[],"meta":{"key":"messaging_configurations"}}"#;
    let server = scripted([tests::scripted::Reply::json(200, body)]);
    let arguments = of_service(&["messaging-configurations", "list"]);
    assert_eq!(stdout(&mut server.command(&arguments)), "no messaging configurations\n");
}

#[test]
fn what_is_not_there() {
    let body = format!(r#"{{"code":20404,"message":"{NUMBER} was not found","status":404}}"#);
    let server = scripted([tests::scripted::Reply::json(404, &body)]);
    for read in reads() {
        let stderr = fails(&mut server.command(&read.arguments), 4);
        assert!(stderr.contains("help: "), "{stderr}");
        assert!(!stderr.contains("emulator"), "{stderr}");
        assert!(!stderr.contains(IDENTITY), "{stderr}");
    }
}

#[test]
fn bad_input_is_refused_by_the_name_of_its_flag() {
    let sid = "VL00000000000000000000000000000000";
    for (arguments, flag) in [
        (vec!["services", "fetch", sid], "[SID]"),
        (vec!["services", "fetch", "--sid", sid], "--sid"),
        (vec!["services", "list", "--limit", "0"], "--limit"),
        (vec!["rate-limits", "list"], "--service-sid"),
        (vec!["rate-limits", "list", "--service-sid", NUMBER], "--service-sid"),
        (of_service(&["buckets", "list", "--rate-limit-sid", NUMBER]), "--rate-limit-sid"),
        (of_service(&["buckets", "list"]), "--rate-limit-sid"),
        (of_service(&["messaging-configurations", "fetch", "--country", NUMBER]), "--country"),
        (of_service(&["webhooks", "fetch", sid]), "[SID]"),
        (of_service(&["entities", "fetch", "user@example.com"]), "--identity"),
        (of_service(&["entities", "fetch", "--identity", ".."]), "--identity"),
        (of_service(&["factors", "list"]), "--identity"),
        (of_service(&["factors", "list", "--identity", NUMBER]), "--identity"),
        (
            of_service(&["challenges", "list", "--identity", IDENTITY, "--status", NUMBER]),
            "--status",
        ),
        (vec!["safe-list", "fetch", "573003003030"], "--phone-number"),
        (vec!["safe-list", "fetch", "user@example.com"], "--phone-number"),
        (vec!["forms", "fetch", "--form-type", NUMBER], "--form-type"),
        (of_service(&["access-tokens", "fetch", NUMBER]), "[SID]"),
    ] {
        let mut command = assert_cmd::Command::from_std(with_credentials());
        let stderr = fails(command.args(&arguments), 2);
        assert!(stderr.contains(flag), "{arguments:?}: {stderr}");
    }
}

/// An empty URL of a next page is the end, for every kind of list.
#[test]
fn an_empty_url_of_a_next_page_is_the_end() {
    for (arguments, key) in [
        (&["webhooks", "list"][..], "webhooks"),
        (&["messaging-configurations", "list"], "messaging_configurations"),
    ] {
        let page = format!(r#"{{"{key}":[{{}}],"meta":{{"next_page_url":""}}}}"#);
        let server = scripted([Reply::json(200, &page)]);
        let arguments = of_service(&[arguments, &["-o", "json"]].concat());
        let rows = json(&mut server.command(&arguments));
        assert_eq!(rows[key].as_array().unwrap().len(), 1, "{rows}");
        assert_eq!(server.server.received().len(), 1);
    }
}
