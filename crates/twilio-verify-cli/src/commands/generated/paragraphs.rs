//! Paragraphs of help, which are wrapped to the width of the terminal.

use clap::Command;

/// Joins the lines of each paragraph that follows the options of a command and of its subcommands.
/// Otherwise clap would keep the line breaks of the source, and add its own.
pub(super) fn join(mut command: Command) -> Command {
    if let Some(text) = command.get_after_help().map(|text| joined(&text.to_string())) {
        command = command.after_help(text);
    }
    if let Some(text) = command.get_after_long_help().map(|text| joined(&text.to_string())) {
        command = command.after_long_help(text);
    }
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, join))
}

/// Joins lines, except for those that are empty or indented: these are no prose.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut follows_prose = false;
    for (index, line) in text.lines().enumerate() {
        let is_prose = !line.is_empty() && !line.starts_with(' ');
        if index > 0 {
            joined.push(if is_prose && follows_prose { ' ' } else { '\n' });
        }
        joined.push_str(line);
        follows_prose = is_prose;
    }
    joined
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::join;

    #[test]
    fn prose_is_joined_and_nothing_else() {
        let text = "One\ntwo.\n\nA list:\n  one\n  two\nThree\nfour.";
        let command = Command::new("program").subcommand(Command::new("verb").after_help(text));
        let joined = join(command);
        let verb = joined.find_subcommand("verb").unwrap();
        let text = verb.get_after_help().unwrap().to_string();
        assert_eq!(text, "One two.\n\nA list:\n  one\n  two\nThree four.");
    }
}
