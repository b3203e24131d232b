//! The command line as a whole.

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::completions::CompletionsArgs;
use crate::commands::emulator::args::EmulatorArgs;
use crate::commands::exporter::args::ExporterArgs;
use crate::commands::generated::tree::Tree;
use crate::commands::man::ManArgs;
use crate::commands::schema::SchemaArgs;
use crate::commands::verify::VerifyCommand;
use crate::failure::exit;
use crate::failure::report::Failure;
use crate::operations::operation::Operation;
use crate::operations::table::operations;
use crate::output::options::Options;
use crate::session::connection::ConnectionArgs;
use crate::settings::settings;

const HELP: &str = "\
Examples:
  twilio-verify --emulator attempts summary
  twilio-verify attempts summary --country CO --channel sms --date-created-after 7d
  twilio-verify attempts export --status unconverted -o unconverted.csv
  twilio-verify attempts report --live -o report.html
  twilio-verify verifications start --service-sid VA… --to +14155550100 --channel sms
  twilio-verify verifications check --service-sid VA… --to +14155550100
  twilio-verify services list
  twilio-verify webhooks create --help
  twilio-verify emulator
  twilio-verify emulator codes";

/// Twilio Verify v2: send one-time codes, check them, and see how many
/// converted, and which did not.
#[derive(Debug, Parser)]
#[command(
    name = "twilio-verify",
    version,
    after_help = exit::HELP,
    after_long_help = format!("{HELP}\n\n{}\n\n{}", settings::HELP, exit::HELP),
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) global: Global,
}

/// The flags that all commands have.
#[derive(Args, Debug)]
pub(crate) struct Global {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,

    #[command(flatten)]
    pub(crate) output: Options,

    /// Log to stderr: -v each request and each wait, -vv connections too
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,

    /// When to use colours; `auto`, the default, depends on the terminal, NO_COLOR and CLICOLOR
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_default_value = true,
        help_heading = "Output"
    )]
    pub(crate) color: Color,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Verify(Box<VerifyCommand>),
    /// Run an emulator of Verify on this machine, until Ctrl-C
    #[command(display_order = 900)]
    Emulator(Box<EmulatorArgs>),
    /// Serve metrics for Prometheus on attempts and their conversion, until Ctrl-C
    #[command(display_order = 900)]
    Exporter(Box<ExporterArgs>),
    /// Print the JSON Schema of a resource, or list the resources that have one
    #[command(display_order = 900)]
    Schema(SchemaArgs),
    /// Print a script that completes this program's commands and flags in a shell
    #[command(display_order = 900)]
    Completions(CompletionsArgs),
    /// Write manual pages to a folder, one for each command
    #[command(display_order = 900)]
    Man(ManArgs),
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Applies the choice to everything that is written from now on.
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// A parsed command line.
pub(crate) struct Invocation {
    pub(crate) command: Requested,
    pub(crate) global: Global,
}

/// The command that was requested.
pub(crate) enum Requested {
    /// A command that is written by hand.
    Written(Command),
    /// A command that comes from the document, with its values.
    Operation(&'static Operation, ArgMatches),
}

/// Returns all commands: those that are written by hand, and those of the document.
pub(crate) fn tree() -> Tree {
    Tree::new(Cli::command(), operations())
}

impl Invocation {
    /// Reads what clap matched.
    pub(crate) fn read(tree: &Tree, matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(match tree.operation(matches) {
            Some((operation, values)) => Self {
                command: Requested::Operation(operation, values),
                global: Global::from_arg_matches(matches)?,
            },
            None => {
                let Cli { command, global } = Cli::from_arg_matches(matches)?;
                Self { command: Requested::Written(command), global }
            }
        })
    }

    /// Rejects flags that the command would ignore.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.global.output.check()?;
        let name = match &self.command {
            Requested::Written(Command::Emulator(emulator)) if emulator.serves() => "emulator",
            Requested::Written(Command::Emulator(_)) => return self.check_control(),
            Requested::Written(Command::Exporter(exporter)) if exporter.prints() => {
                "exporter --print"
            }
            Requested::Written(Command::Exporter(_)) => {
                return self.global.output.check_unselected("exporter");
            }
            Requested::Written(Command::Schema(_)) => "schema",
            Requested::Written(Command::Completions(_)) => "completions",
            Requested::Written(Command::Man(_)) => "man",
            Requested::Written(Command::Verify(command)) => {
                command.check_flags(&self.global.output)?;
                let Some(name) = command.offline() else {
                    return Ok(());
                };
                return self.check_offline(name);
            }
            Requested::Operation(..) => return Ok(()),
        };
        self.check_offline(name)?;
        self.global.output.check_unselected(name)
    }

    /// Rejects flags of the connection for a command that sends no requests.
    fn check_offline(&self, name: &str) -> Result<(), Failure> {
        let ConnectionArgs { emulator, profile, config_file, base_url, region, edge, timeout } =
            &self.global.connection;
        let unread = [
            ("--emulator", *emulator),
            ("--profile", profile.is_some()),
            ("--config-file", config_file.is_some()),
            ("--base-url", base_url.is_some()),
            ("--region", region.is_some()),
            ("--edge", edge.is_some()),
            ("--timeout", timeout.is_some()),
        ];
        if let Some((flag, _)) = unread.iter().find(|(_, given)| *given) {
            return Err(Failure::usage(
                format!("{flag}: the command `{name}` sends no requests"),
                format!("remove {flag}"),
            ));
        }
        Ok(())
    }
}

impl Invocation {
    /// Rejects flags that a command for a running emulator would ignore.
    fn check_control(&self) -> Result<(), Failure> {
        let ConnectionArgs { emulator, profile, config_file, region, edge, .. } =
            &self.global.connection;
        let unread = [
            ("--emulator", *emulator),
            ("--profile", profile.is_some()),
            ("--config-file", config_file.is_some()),
            ("--region", region.is_some()),
            ("--edge", edge.is_some()),
        ];
        match unread.iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Failure::usage(
                format!("{flag}: the command is for an emulator that runs"),
                format!("remove {flag}; --url names the emulator"),
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command, CommandFactory};

    use super::{Cli, tree};
    use crate::operations::table::operations;

    /// Returns the command with these words, if it is written by hand.
    fn written<'a>(command: &'a Command, words: &[String]) -> Option<&'a Command> {
        match words.split_first() {
            Some((word, rest)) if command.has_subcommands() => {
                written(command.find_subcommand(word)?, rest)
            }
            _ => Some(command),
        }
    }

    #[test]
    fn a_command_that_is_written_by_hand_has_every_parameter_of_the_document() {
        let command = Cli::command();
        let mut missing = Vec::new();
        let mut count = 0;
        for operation in operations() {
            let Some(command) = written(&command, &operation.words) else {
                continue;
            };
            count += 1;
            for parameter in &operation.parameters {
                let is_its = |argument: &Arg| {
                    let aliases = argument.get_all_aliases().unwrap_or_default();
                    argument.get_long() == Some(&*parameter.flag)
                        || aliases.contains(&&*parameter.flag)
                };
                if !command.get_arguments().any(is_its) {
                    missing.push(format!("{}: --{}", operation.id, parameter.flag));
                }
            }
        }
        assert!(count > 0);
        assert_eq!(missing, [] as [&str; 0]);
    }

    #[test]
    fn the_command_line_is_consistent() {
        tree().command().debug_assert();
    }
}
