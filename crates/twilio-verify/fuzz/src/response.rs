use serde::de::DeserializeOwned;
use serde_json::Value;
use twilio_verify::fuzzing::unreadable;
use twilio_verify_api::{RESOURCES, Resource, types};

use super::line;
use super::private::assert_keeps_quiet;

/// The first line is the name of a generated type, all else JSON: what is
/// read is written as what reads the same, and an error keeps quiet.
pub fn responses(data: &[u8]) -> bool {
    let (name, json) = line(data);
    let Ok(value) = serde_json::from_slice::<Value>(json) else {
        return false;
    };
    errors_keep_quiet(json, &value);
    let resource = resource(name);
    let name = resource.name;
    let Ok((shown, written)) = resource.read(&value) else {
        return false;
    };
    let (shown_again, written_again) = resource
        .read(&written)
        .unwrap_or_else(|error| panic!("{name}: {error}: {value} is written as {written}"));
    assert_eq!(written_again, written, "{name}: {value}");
    assert_eq!(lines(&shown_again), lines(&shown), "{name}: {value}");
    true
}

/// In an order of their own: maps have none.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// The type with that name. For an unknown name, as a mutation makes it, some
/// other type.
fn resource(name: &str) -> &'static Resource {
    let any = name.bytes().map(usize::from).sum::<usize>() % RESOURCES.len();
    RESOURCES.iter().find(|resource| resource.name == name).unwrap_or(&RESOURCES[any])
}

/// Of types that have numbers, addresses and secrets: the others are read by
/// the same functions.
fn errors_keep_quiet(json: &[u8], value: &Value) {
    fn check<T: DeserializeOwned>(json: &[u8], value: &Value) {
        if serde_json::from_slice::<T>(json).is_err() {
            assert_keeps_quiet(&unreadable::<T>(json), value);
        }
    }
    check::<types::Attempt>(json, value);
    check::<types::AttemptsSummary>(json, value);
    check::<types::Challenge>(json, value);
    check::<types::NewFactor>(json, value);
    check::<types::Service>(json, value);
    check::<types::Verification>(json, value);
}
