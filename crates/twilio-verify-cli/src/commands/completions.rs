//! `completions`: scripts that complete commands and flags in a shell.

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
        Shell::Bash => bash(&generated(Shell::Bash, command, &plain(&name)), &name),
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

/// The name of the program as clap's script for bash calls it.
fn plain(name: &str) -> String {
    name.replace('-', "_")
}

/// The script of clap for a program whose name is plain, for the program of its
/// own name: with a dash in the name, clap's script matches no subcommand.
fn bash(script: &str, name: &str) -> String {
    let plain = plain(name);
    let mut lines = String::with_capacity(script.len() + 256);
    for line in script.lines() {
        let registered =
            line.trim_start().starts_with("complete ").then(|| line.strip_suffix(&*plain));
        match registered.flatten() {
            Some(registered) => lines.push_str(&format!("{registered}{name}\n")),
            None => lines.push_str(&format!("{line}\n")),
        }
        if line.trim() == "prev=\"$3\"" {
            // `--flag=val` is three words in bash.
            lines.push_str(
                "    if [[ \"${prev}\" == \"=\" && \"${COMP_CWORD}\" -ge 2 ]]; then\n        \
                 prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n    fi\n",
            );
        }
    }
    lines
}

/// The script of clap, and what it leaves out: values without a flag, such as
/// the names of shells, and the flags of commands at the third level, such as
/// `passkeys factors create`.
fn fish(command: Command, name: &str) -> String {
    let mut script = generated(Shell::Fish, command.clone(), name);
    let mut command = hinted(command);
    // Adds the flags of all commands to each.
    command.build();
    let begin = format!("complete -c {name} ");
    let within = |command: &Command| -> Vec<Command> {
        let all = command.get_subcommands().filter(|inner| inner.get_name() != "help");
        all.cloned().collect()
    };
    for group in within(&command) {
        let condition = format!("__fish_{}_using_subcommand {}", plain(name), group.get_name());
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

/// The command, with the hint that values are no files, but for those that are.
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
