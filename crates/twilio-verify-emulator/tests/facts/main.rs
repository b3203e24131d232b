//! What is known of Verify, as requests and responses that a reader can compare with Twilio's pages. The files beside
//! this one have the facts, in the form that `script.rs` reads; they are run with a plain HTTP client.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the settings of clippy.toml do not reach what tests share"
)]

#[path = "../shared/device.rs"]
mod device;
#[path = "../shared/http.rs"]
mod http;
mod run;
mod script;

use std::collections::BTreeSet;

use crate::script::{Fact, read};

/// The files, by their names.
const FILES: &[(&str, &str)] = &[
    ("all", include_str!("all.txt")),
    ("verifications", include_str!("verifications.txt")),
    ("checks", include_str!("checks.txt")),
    ("messages", include_str!("messages.txt")),
    ("services", include_str!("services.txt")),
    ("factors", include_str!("factors.txt")),
    ("challenges", include_str!("challenges.txt")),
];

fn facts() -> Vec<Fact> {
    FILES.iter().flat_map(|(name, text)| read(name, text)).collect()
}

/// The table of error codes in the crate's documentation: each with its status.
fn documented() -> BTreeSet<(u16, u64)> {
    let table = include_str!("../../src/errors.md").split("## Not given").next().unwrap();
    let row = |line: &str| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let code = cells.next()?.parse().ok()?;
        Some((cells.next()?.parse().ok()?, code))
    };
    table.lines().filter_map(row).collect()
}

#[tokio::test]
async fn every_fact_holds() {
    let mut faults = Vec::new();
    for fact in facts() {
        if let Err(fault) = run::run(&fact).await {
            faults.push(format!("{} ({}): {fault}", fact.title, fact.file));
        }
    }
    assert!(faults.is_empty(), "{} facts do not hold:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_error_of_the_documentation_is_a_fact_and_the_other_way_round() {
    let facts = facts();
    let provoked: BTreeSet<(u16, u64)> = facts
        .iter()
        .flat_map(|fact| &fact.steps)
        .filter_map(|step| Some((step.expected.status, step.expected.code?)))
        .collect();
    assert_eq!(provoked, documented());
}

#[test]
fn every_fact_states_its_source() {
    for fact in facts() {
        let known = ["documented", "captured", "assumed"];
        let kind = fact.source.split(' ').next().unwrap();
        assert!(known.contains(&kind), "{} ({}): {}", fact.title, fact.file, fact.source);
        assert!(!fact.steps.is_empty(), "{} ({})", fact.title, fact.file);
    }
}
