//! Completions in real shells.

#![cfg(target_os = "linux")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{bare, stdout};

/// The script of a shell, in a file.
fn script(shell: &str) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("_twilio-verify");
    let mut command = assert_cmd::Command::from_std(bare());
    std::fs::write(&path, stdout(command.args(["completions", shell]))).unwrap();
    (folder, path)
}

/// A shell, if the machine has it.
fn shell(name: &str) -> Option<Command> {
    let found = Command::new(name).arg("--version").output();
    if found.is_ok_and(|output| output.status.success()) {
        return Some(Command::new(name));
    }
    // Past the capture of the test's output.
    let _ = writeln!(std::io::stderr(), "skipped: there is no {name} on this machine");
    None
}

fn lines(mut command: Command) -> Vec<String> {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect()
}

/// What is completed of a line in bash, as bash splits it.
fn bash(script: &Path, line: &str) -> Vec<String> {
    const RUN: &str = r#"
        source "$1"
        function=$(complete -p twilio-verify | sed 's/.* -F \([^ ]*\) .*/\1/')
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        word="${COMP_WORDS[COMP_CWORD]}"
        [[ "$word" == "=" ]] && word=""
        "$function" twilio-verify "$word" "${COMP_WORDS[COMP_CWORD-1]}" 2>&1
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let words = line.split(' ').flat_map(|word| match word.split_once('=') {
        Some((flag, "")) => vec![flag, "="],
        Some((flag, value)) => vec![flag, "=", value],
        None => vec![word],
    });
    let mut command = Command::new("bash");
    command.args(["--norc", "-c", RUN, "bash"]).arg(script).args(words);
    // Outside of a completion bash has no options to set.
    let mut lines = lines(command);
    lines.retain(|line| !line.is_empty() && !line.contains("compopt"));
    lines
}

/// The ends of lines, and some of what completes them.
const LINES: [(&str, &[&str]); 22] = [
    ("twilio-verify att", &["attempts"]),
    ("twilio-verify attempts su", &["summary"]),
    ("twilio-verify attempts l", &["list"]),
    ("twilio-verify attempts summary --dest", &["--destination-prefix"]),
    ("twilio-verify attempts summary --channel wh", &["whatsapp"]),
    ("twilio-verify attempts list --status unc", &["unconverted"]),
    ("twilio-verify -o json attempts su", &["summary"]),
    ("twilio-verify --region ie1 attempts su", &["summary"]),
    ("twilio-verify attempts list -o js", &["json", "jsonl"]),
    ("twilio-verify attempts list --color ne", &["never"]),
    ("twilio-verify verifications cr", &["create"]),
    ("twilio-verify verifications create --custom-c", &["--custom-code"]),
    ("twilio-verify verifications start --verify-s", &["--verify-service-sid"]),
    ("twilio-verify services rem", &["remove"]),
    ("twilio-verify services delete --y", &["--yes"]),
    ("twilio-verify safe-list f", &["fetch"]),
    ("twilio-verify messaging-configurations up", &["update"]),
    ("twilio-verify passkeys verify-f", &["verify-factor"]),
    ("twilio-verify passkeys verify-factor up", &["update"]),
    ("twilio-verify passkeys factors create --friendly", &["--friendly-name"]),
    ("twilio-verify completions fi", &["fish"]),
    ("twilio-verify emulator --allow", &["--allow-non-loopback"]),
];

#[test]
fn bash_completes_every_level() {
    if shell("bash").is_none() {
        return;
    }
    let (_folder, script) = script("bash");
    for (line, expected) in LINES {
        assert_eq!(bash(&script, line), expected, "{line}");
    }
    // A flag and its value may be one word, which bash takes for three.
    for (line, expected) in [
        ("twilio-verify attempts summary --channel=wh", &["whatsapp"][..]),
        ("twilio-verify attempts list --status=", &["converted", "unconverted"]),
    ] {
        let mut found = bash(&script, line);
        found.sort_unstable();
        assert_eq!(found, expected, "{line}");
    }
    // A value of any text is not a file.
    assert_eq!(bash(&script, "twilio-verify verifications start --to /"), ["/"]);
}

#[test]
fn bash_completes_from_the_printed_script() {
    let Some(mut command) = shell("bash") else { return };
    let program = bare();
    let folder = Path::new(program.get_program()).parent().unwrap();
    const RUN: &str = r#"
        source <(twilio-verify completions bash)
        COMP_WORDS=(twilio-verify attempts su) COMP_CWORD=2
        $(complete -p twilio-verify | sed 's/.* -F \([^ ]*\) .*/\1/') twilio-verify su attempts
        printf '%s\n' "${COMPREPLY[@]}"
        COMP_WORDS=(twilio-verify attempts l)
        $(complete -p twilio-verify | sed 's/.* -F \([^ ]*\) .*/\1/')
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    // With the usual programs of the machine.
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", folder.display());
    command.args(["--norc", "-c", RUN]).env("PATH", path);
    assert_eq!(lines(command), ["summary", "list"]);
}

/// What a shell prints, by the lines that it prints behind `== `.
fn by_line(command: Command) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for text in lines(command) {
        match (text.strip_prefix("== "), found.last_mut()) {
            (Some(line), _) => found.push((line.to_owned(), Vec::new())),
            (None, Some((_, words))) => words.push(text.trim_end().to_owned()),
            (None, None) => {}
        }
    }
    assert_eq!(found.len(), LINES.len());
    found
}

#[test]
fn fish_completes_every_level() {
    const RUN: &str = r#"
        source $argv[1]
        for line in $argv[2..]
            echo "== $line"
            complete --do-complete $line
        end
    "#;
    let Some(mut command) = shell("fish") else { return };
    let (folder, script) = script("fish");
    command.args(["--no-config", "-c", RUN]).arg(&script);
    command.args(LINES.map(|(line, _)| line)).env("HOME", folder.path());
    for ((line, found), (_, expected)) in by_line(command).into_iter().zip(LINES) {
        let words = found.iter().filter_map(|text| text.split('\t').next());
        let mut words: Vec<&str> = words.collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words, expected, "{line}");
    }
}

#[test]
fn zsh_completes_every_level() {
    // Completion runs in a shell on a terminal of its own, in which a key prints
    // what is offered; control-U empties the line.
    const RUN: &str = r#"
        zmodload zsh/zpty
        zpty inner zsh -f -i
        zpty -w inner "PROMPT= RPROMPT= ; fpath=($1 \$fpath)"
        zpty -w inner "autoload -Uz compinit && compinit -u -D ; source $1/setup.zsh"
        zpty -r -m inner REPLY '*ready*'
        shift
        for line; do
            zpty -w -n inner $'\x15'"$line"$'\t'
            zpty -r -m inner REPLY '*<end>*'
            print -r -- "== $line"
            print -r -- "$REPLY"
        done
        zpty -d inner
    "#;
    const SETUP: &str = r#"
        compadd () {
            local -a found
            builtin compadd -A found "$@"
            (( $#found )) && print -l -- "<"${^found}">"
            builtin compadd "$@"
        }
        show () { print; zle complete-word; print "<end>" }
        zle -N show
        bindkey '^I' show
        print re""ady
    "#;
    let Some(mut command) = shell("zsh") else { return };
    let (folder, _script) = script("zsh");
    std::fs::write(folder.path().join("setup.zsh"), SETUP).unwrap();
    command.args(["-f", "-c", RUN, "zsh"]).arg(folder.path()).args(LINES.map(|(line, _)| line));
    command.env("HOME", folder.path()).env("TERM", "dumb");
    for ((line, found), (_, expected)) in by_line(command).into_iter().zip(LINES) {
        let words = found.iter().filter_map(|text| text.strip_prefix('<')?.strip_suffix('>'));
        let mut words: Vec<&str> = words.filter(|word| *word != "end").collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words, expected, "{line}: {found:?}");
    }
}
