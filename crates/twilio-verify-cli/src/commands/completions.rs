//! `completions`: prints scripts that complete commands and flags in a shell.

use clap::builder::{PossibleValue, ValueHint};
use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::report::Failure;
use crate::output::writer::Output;

/// The shell whose script to print.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  source <(twilio-verify completions bash)
  twilio-verify completions bash > ~/.local/share/bash-completion/completions/twilio-verify
  twilio-verify completions zsh > \"${fpath[1]}/_twilio-verify\"
  twilio-verify completions fish > ~/.config/fish/completions/twilio-verify.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completion script of a shell.
pub(crate) fn print(
    arguments: &CompletionsArgs,
    command: Command,
    mut output: Output,
) -> Result<(), Failure> {
    let name = command.get_name().to_owned();
    let script = match arguments.shell {
        Shell::Bash => bash(&generated(Shell::Bash, command, &name), &name),
        Shell::Fish => fish(command, &name),
        shell => generated(shell, command, &name),
    };
    Ok(output.raw(script.as_bytes())?)
}

fn generated(shell: Shell, command: Command, name: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut hinted(command), name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The place where clap's script for bash reads its arguments.
const ARGUMENTS: &str = "    prev=\"$3\"\n";

/// The lines to add there. A caller that completes for another program may not
/// pass arguments, and `--flag=val` is three words in bash.
const WORDS: &str = r#"    if [[ $# -eq 0 ]]; then
        cur="${COMP_WORDS[COMP_CWORD]}"
        prev="${COMP_WORDS[COMP_CWORD-1]}"
        set -- "${COMP_WORDS[0]}"
    fi
    if [[ "${prev}" == "=" && "${COMP_CWORD}" -ge 2 ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi
"#;

/// Changes clap's script so that dashes in the program's name are written in one
/// way: clap's own script doesn't recognise any subcommand.
fn bash(script: &str, name: &str) -> String {
    script
        .replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"))
        .replace(ARGUMENTS, &format!("{ARGUMENTS}{WORDS}"))
}

/// Returns clap's script, and adds what it leaves out: values without a flag,
/// such as the names of shells, and the flags of commands at the third level,
/// such as `passkeys factors create`.
fn fish(command: Command, name: &str) -> String {
    let mut script = generated(Shell::Fish, command.clone(), name);
    let mut command = hinted(command);
    // This adds the global flags to each command.
    command.build();
    let begin = format!("complete -c {name} ");
    let function = format!("__fish_{}_using_subcommand", name.replace('-', "_"));
    let within = |command: &Command| -> Vec<Command> {
        let all = command.get_subcommands().filter(|inner| inner.get_name() != "help");
        all.cloned().collect()
    };
    for group in within(&command) {
        let condition = format!("{function} {}", group.get_name());
        for value in group.get_positionals() {
            let values = value.get_possible_values();
            if !values.is_empty() {
                let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
                let names = names.join(" ");
                script.push_str(&format!("{begin}-n \"{condition}\" -f -a \"{names}\"\n"));
            }
        }
        for resource in within(&group) {
            for mut verb in within(&resource) {
                let mut lines = Vec::new();
                clap_complete::generate(Shell::Fish, &mut verb, name, &mut lines);
                let lines = String::from_utf8_lossy(&lines);
                for verb in verb.get_name_and_visible_aliases() {
                    let condition = format!(
                        "{begin}-n \"{condition}; and __fish_seen_subcommand_from {}; and \
                         __fish_seen_subcommand_from {verb}\" ",
                        resource.get_name()
                    );
                    script.push_str(&lines.replace(&begin, &condition));
                }
            }
        }
    }
    script
}

/// Adds a hint to each value without one: the value is not the name of a file.
fn hinted(command: Command) -> Command {
    command
        .mut_args(|argument| match argument.get_value_hint() {
            ValueHint::Unknown if argument.get_action().takes_values() => {
                argument.value_hint(ValueHint::Other)
            }
            _ => argument,
        })
        .mut_subcommands(hinted)
}
