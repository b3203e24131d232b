//! Each cell of the matrix, there and back.

use std::collections::BTreeSet;

use serde_json::json;

use super::case::{Case, FETCH, LIST, THING, at, below, diff, document, lines};
use super::{operations, receiving, sending, types};
use crate::diff::change::Change;
use crate::diff::entry::Diff;
use crate::diff::severity::Direction;

fn cases() -> impl Iterator<Item = &'static Case> {
    [operations::CASES, sending::CASES, receiving::CASES, types::CASES].into_iter().flatten()
}

#[test]
fn every_change_is_found_and_judged() {
    let old = document();
    let mut wrong = String::new();
    for case in cases() {
        let mut new = old.clone();
        (case.edit)(&mut new);
        for (way, diff, expected) in
            [("there", diff(&old, &new), case.there), ("back", diff(&new, &old), case.back)]
        {
            let found = lines(&diff);
            if found != expected {
                wrong += &format!("{} ({way}):\n  {}\n", case.name, found.join("\n  "));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_cell_has_a_case() {
    let old = document();
    let mut seen: BTreeSet<(Change, Option<Direction>)> = BTreeSet::new();
    for case in cases() {
        let mut new = old.clone();
        (case.edit)(&mut new);
        for diff in [diff(&old, &new), diff(&new, &old)] {
            for entry in &diff.entries {
                match entry.directions.as_slice() {
                    [only] => seen.insert((entry.change, Some(*only))),
                    _ => seen.insert((entry.change, None)),
                };
            }
        }
    }
    for change in Change::ALL {
        let (sent, received) =
            (change.verdict(Direction::Request), change.verdict(Direction::Response));
        assert!(seen.iter().any(|(other, _)| other == change), "{change}: no case");
        if sent != received {
            for direction in [Direction::Request, Direction::Response] {
                let cell = (*change, Some(direction));
                assert!(seen.contains(&cell), "{change} {direction:?}: no case");
            }
        }
    }
}

#[test]
fn what_is_the_same_has_no_difference() {
    let document = document();
    assert_eq!(diff(&document, &document), Diff::default());
}

#[test]
fn documentation_is_counted() {
    let old = document();
    let mut new = old.clone();
    below(&mut new, THING, "/name")["description"] = json!("Another.");
    below(&mut new, THING, "/sid")["example"] = json!("TH…");
    at(&mut new, LIST)["summary"] = json!("Lists.");
    at(&mut new, LIST)["tags"] = json!(["Other"]);
    let parameters = below(&mut new, LIST, "/parameters");
    parameters.as_array_mut().unwrap().reverse();
    at(&mut new, "/components/schemas/thing_enum_state/enum").as_array_mut().unwrap().reverse();
    let diff = diff(&old, &new);
    assert_eq!(lines(&diff), Vec::<String>::new());
    assert_eq!(diff.documentation, 5);
}

#[test]
fn what_gives_the_same_rust_and_accepts_the_same_requests_is_documentation() {
    let old = document();
    let mut new = old.clone();
    below(&mut new, LIST, "/parameters/0/schema")["format"] = json!("int64");
    below(&mut new, THING, "/count")["format"] = json!("int64");
    let origin = json!({ "schema": { "type": "string" } });
    at(&mut new, FETCH)["responses"]["200"]["headers"] =
        json!({ "Access-Control-Allow-Origin": origin, "access-control-max-age": origin });
    for diff in [diff(&old, &new), diff(&new, &old)] {
        assert_eq!(lines(&diff), Vec::<String>::new());
        assert_eq!(diff.documentation, 3);
    }
}

#[test]
fn an_entry_reads_back_what_it_writes() {
    let old = document();
    for case in cases() {
        let mut new = old.clone();
        (case.edit)(&mut new);
        let diff = diff(&old, &new);
        let text = serde_json::to_string(&diff).unwrap();
        assert_eq!(serde_json::from_str::<Diff>(&text).unwrap(), diff);
    }
}
