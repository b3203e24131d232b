//! The fuzz targets, in every run of the crate's own tests: each gets its
//! corpus, and a few thousand mutations of it, the same ones each time.
//!
//! `README.md` says how to run them without an end.

#![cfg(feature = "webhooks")]

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use fastrand::Rng;

// The targets are a workspace of their own, which needs nightly.
#[expect(unreachable_pub, reason = "they are public there")]
#[path = "src/lib.rs"]
mod targets;

const MUTATIONS: usize = 3000;

/// Mutated inputs have at most this many bytes.
const LONGEST: usize = 4096;

/// Texts that mutations insert.
const WORDS: [&str; 24] = [
    "",
    "\n",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "[null]",
    "-1",
    "0.1",
    "1e300",
    "1e-9",
    "9223372036854775808",
    "18446744073709551616",
    "+573003003030",
    "ana@example.com",
    "20429",
    "\u{e9}\u{1f389}",
    "\\u0000",
    "+10000-01-01T00:00:00",
    "23:59:60",
    "//a.example/",
    ":443",
    "@",
];

#[test]
fn dates() {
    replay("dates", targets::dates);
}

#[test]
fn error_bodies() {
    replay("error_bodies", targets::error_bodies);
}

#[test]
fn page_urls() {
    replay("page_urls", targets::page_urls);
}

#[test]
fn pages() {
    replay("pages", targets::pages);
}

#[test]
fn responses() {
    replay("responses", targets::responses);
}

#[test]
fn retry_after() {
    replay("retry_after", targets::retry_after);
}

#[test]
fn signatures() {
    replay("signatures", targets::signatures);
}

/// Runs a target on its corpus and on mutations of it. It must accept each file of the corpus, except
/// those named `refused_…`.
fn replay(name: &str, target: fn(&[u8]) -> bool) {
    let corpus = corpus(name);
    for (file, input) in &corpus {
        let expected = !file.starts_with("refused_");
        assert_eq!(run(target, input), expected, "{name}/{file}");
    }
    let inputs: Vec<_> = corpus.into_values().collect();
    let mut random = Rng::with_seed(0);
    let mut accepted = 0;
    for _ in 0..MUTATIONS {
        let mut input = choose(&mut random, &inputs).clone();
        for _ in 0..random.usize(1..=3) {
            mutate(&mut random, &inputs, &mut input);
        }
        input.truncate(LONGEST);
        accepted += usize::from(run(target, &input));
    }
    // Otherwise the mutations would test little.
    assert!(accepted > 0, "{name}");
}

/// The files of a target's corpus, by name.
fn corpus(name: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let files = files.map(|file| file.unwrap());
    files
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, fs::read(file.path()).unwrap())
        })
        // What `cargo fuzz` found here is named by its hash, and not kept.
        .filter(|(name, _)| name.len() != 40)
        .collect()
}

fn run(target: fn(&[u8]) -> bool, input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| target(input))).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(input);
        panic!("an invariant is broken by {text:?}, which is {input:?}")
    })
}

/// Changes an input in one place.
fn mutate(random: &mut Rng, inputs: &[Vec<u8>], input: &mut Vec<u8>) {
    let at = random.usize(..=input.len());
    match random.u32(..8) {
        0 if at < input.len() => input[at] ^= 1 << random.u32(..8),
        1 if at < input.len() => input[at] = random.u8(..),
        2 => drop(input.drain(token(input, at))),
        3 => input.truncate(at),
        4 => {
            let other = choose(random, inputs);
            let part = token(other, random.usize(..=other.len()));
            input.splice(token(input, at), other[part].iter().copied());
        }
        5 => {
            let part = input[at..].to_vec();
            input.extend(part);
        }
        _ => {
            let word = choose(random, &WORDS);
            input.splice(token(input, at), word.bytes());
        }
    }
}

/// The range of the number, name or quoted text at an index, or otherwise of one byte.
fn token(input: &[u8], at: usize) -> std::ops::Range<usize> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
    let before = input[..at].iter().rev().take_while(|byte| plain(byte));
    let after = input[at..].iter().take_while(|byte| plain(byte));
    let (mut start, mut end) = (at - before.count(), at + after.count());
    if start > 0 && input[start - 1] == b'"' && input.get(end) == Some(&b'"') {
        start -= 1;
        end += 1;
    }
    start..end.max((at + 1).min(input.len()))
}

fn choose<'a, T>(random: &mut Rng, from: &'a [T]) -> &'a T {
    &from[random.usize(..from.len())]
}
