//! The README's commands print what it says they print, except for the numbers:
//! the sample's month ends now.

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

/// A line without what its numbers are.
fn shape(line: &str) -> String {
    let unnumbered = |c: char| match c {
        '0'..='9' => '0',
        '░' | '\u{2588}'..='\u{258f}' => '█',
        other => other,
    };
    line.chars().map(unnumbered).collect()
}

#[test]
fn commands_print_what_the_readme_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let commands = commands(&fs::read_to_string(path).unwrap());
    assert!(commands.len() >= 2, "{commands:?}");
    for (command, expected) in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_twilio-verify"))
            .args(command.split(' '))
            .env_clear()
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(
            matches(&expected, &printed),
            "{command}\nexpected:\n{expected}\nprinted:\n{printed}"
        );
    }
}
