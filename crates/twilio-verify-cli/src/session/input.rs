//! Prompts for secrets, which don't belong on a command line, and for the
//! confirmation of a deletion.

use std::io::{self, IsTerminal, Read, Write};

use twilio_verify::Redacted;

use crate::failure::report::Failure;
use crate::output::note::note;
use crate::values::texts::complete;

/// The value of a flag that reads from stdin.
pub(crate) const STDIN: &str = "-";

/// The most bytes to read from stdin: no secret is nearly that long.
const LONGEST: u64 = 16 * 1024;

/// Returns a secret: the flag's value or, if that is absent or `-`, the first
/// line of stdin. In a terminal, prompts for it without showing it.
pub(crate) async fn secret(flag: &str, given: Option<Redacted<String>>) -> Result<String, Failure> {
    match given {
        Some(text) if text.expose() != STDIN => match complete(text.expose()) {
            Ok(()) => Ok(text.into_inner()),
            Err(reason) => Err(Failure::usage(
                format!("{flag}: {reason}"),
                "correct the value; `--help` after the command describes it",
            )),
        },
        _ => {
            let flag = flag.to_owned();
            blocking(move || read_secret(&flag)).await
        }
    }
}

fn read_secret(flag: &str) -> Result<String, Failure> {
    let name = flag.trim_start_matches('-').replace(['-', '.'], " ");
    let line = if io::stdin().is_terminal() {
        match rpassword::prompt_password(format!("The {name}, which is not shown: ")) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                return Err(Failure::interrupted());
            }
            line => line,
        }
    } else {
        first_line(io::stdin().lock())
    };
    match line.as_deref().map(str::trim) {
        Ok(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Failure::usage(
            format!("{flag}: the first line of stdin is empty"),
            format!("write the {name} to stdin, on a line of its own"),
        )),
    }
}

fn first_line(input: impl Read) -> io::Result<String> {
    let mut line = String::new();
    io::BufRead::read_line(&mut io::BufReader::new(input.take(LONGEST)), &mut line)?;
    Ok(line)
}

/// Asks for confirmation in the terminal. Fails if there is no terminal, or if the reply is not
/// yes.
pub(crate) async fn confirm(question: String) -> Result<(), Failure> {
    blocking(move || ask(&question)).await
}

fn ask(question: &str) -> Result<(), Failure> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Failure::usage(
            "--yes: there is no terminal to ask for confirmation on",
            "add --yes to delete without confirmation",
        ));
    }
    let mut stderr = anstream::stderr();
    let mut reply = String::new();
    write!(stderr, "{question} [y/N] ")
        .and_then(|()| stderr.flush())
        .and_then(|()| io::stdin().read_line(&mut reply))
        .map_err(Failure::system)?;
    match reply.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => {
            note("nothing was deleted");
            Err(Failure::declined())
        }
    }
}

/// Reads on a separate thread, so that Ctrl-C is still handled.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(read).await.unwrap_or_else(|error| Err(Failure::from_fault(&error)))
}

#[cfg(test)]
mod tests {
    use super::first_line;

    #[test]
    fn a_secret_is_one_line() {
        for (text, line) in [("123456", "123456"), ("123456\nabc\n", "123456\n"), ("", "")] {
            assert_eq!(first_line(text.as_bytes()).unwrap(), line);
        }
        assert!(first_line(&[0xff_u8, b'\n'][..]).is_err());
        let long = "1".repeat(1 << 20);
        assert_eq!(first_line(long.as_bytes()).unwrap().len(), 16 * 1024);
    }
}
