//! The README's commands print what it says they print, and about its numbers: the sample's month
//! ends now. The commands of the page on migration exist.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Each command of a `console` block that runs this program, with what is
/// printed below it.
fn commands(readme: &str) -> Vec<(String, String)> {
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    blocks
        .filter_map(|block| block.strip_prefix("$ cargo run -- ")?.split_once('\n'))
        .map(|(command, output)| (command.to_owned(), output.to_owned()))
        .collect()
}

/// Whether a text matches a pattern, whose `…` matches anything
/// within a line.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<_>, Vec<_>) = (pattern.lines().collect(), text.lines().collect());
    pattern.len() == text.len()
        && pattern.iter().zip(&text).all(|(pattern, line)| {
            let (pattern, line) = (shape(pattern), shape(line));
            let mut rest = Some(line.as_str());
            for (index, part) in pattern.split('…').enumerate() {
                rest = rest.and_then(|rest| match index {
                    0 => rest.strip_prefix(part),
                    _ => rest.find(part).map(|at| &rest[at + part.len()..]),
                });
            }
            rest.is_some_and(|rest| pattern.ends_with('…') || rest.is_empty())
        })
}

/// Whether the numbers of a text are about those of a pattern, in the lines that state any.
fn are_near(pattern: &str, text: &str) -> bool {
    pattern.lines().zip(text.lines()).filter(|(line, _)| !line.contains('…')).all(
        |(pattern, line)| {
            let (expected, found) = (numbers(pattern), numbers(line));
            expected.len() == found.len()
                && expected.iter().zip(&found).all(|(a, b)| (a - b).abs() <= 0.25 * a.max(*b))
        },
    )
}

/// The numbers of a line, whose thousands are separated by commas.
fn numbers(line: &str) -> Vec<f64> {
    let words = line.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    words.filter_map(|word| word.trim_matches(['.', ',']).replace(',', "").parse().ok()).collect()
}

/// A line without what its numbers are.
fn shape(line: &str) -> String {
    let unnumbered = |c: char| match c {
        '0'..='9' => '0',
        '░' | '\u{2588}'..='\u{258f}' => '█',
        other => other,
    };
    line.chars().map(unnumbered).collect()
}

/// Runs the program without anything of the environment.
fn output(words: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_twilio-verify")).args(words).env_clear().output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
}

#[test]
fn commands_print_what_the_readme_says() {
    let commands = commands(&read("README.md"));
    assert!(commands.len() >= 2, "{commands:?}");
    for (command, expected) in commands {
        let printed = output(&command.split(' ').collect::<Vec<_>>());
        assert!(
            matches(&expected, &printed) && are_near(&expected, &printed),
            "{command}\nexpected:\n{expected}\nprinted:\n{printed}"
        );
    }
}

#[test]
fn commands_of_the_page_on_migration_exist_with_their_flags() {
    let page = read("docs/src/migration.md");
    let rows =
        page.lines().filter_map(|line| line.strip_prefix("| twilio-verify | `twilio-verify "));
    let mut count = 0;
    for row in rows {
        let words: Vec<&str> = row.trim_end_matches("` |").split(' ').collect();
        let (flags, words): (Vec<&str>, Vec<&str>) =
            words.into_iter().filter(|word| *word != "…").partition(|word| word.starts_with('-'));
        let help = output(&[words.as_slice(), &["--help"]].concat());
        assert!(
            help.contains(&format!("Usage: twilio-verify {} ", words.join(" "))),
            "{row}: {help}"
        );
        for flag in flags {
            assert!(help.contains(&format!("{flag} <")), "{row}: no {flag} in {help}");
        }
        count += 1;
    }
    assert!(count >= 57, "{count}");
}
