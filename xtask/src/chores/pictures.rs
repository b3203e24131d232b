//! `cargo xtask pictures`: draws the command line's terminal output as SVG, and takes screenshots of a report.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anstyle::RgbColor;
use anstyle_svg::Term;
use clap::Args;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::replace::replace;
use crate::workspace::Workspace;

/// The path of the picture, relative to the workspace.
const FILE: &str = "docs/images/terminal.svg";

/// The commands to run, in order.
const COMMANDS: [&str; 2] = [
    "twilio-verify --emulator attempts summary --country CO",
    "twilio-verify --emulator attempts list --limit 6",
];

/// The arguments that create the report.
const REPORT: [&str; 6] = ["--emulator", "attempts", "report", "--live", "--fee", "0.05"];

/// The screenshots of the report, with the flag that sets the browser's colour scheme.
const REPORTS: [(&str, &str); 2] = [
    ("docs/images/report-light.png", "--blink-settings=preferredColorScheme=1"),
    ("docs/images/report-dark.png", "--blink-settings=preferredColorScheme=0"),
];

/// The width of the terminal.
const COLUMNS: u16 = 120;

/// The colours of text and background.
const TEXT: RgbColor = RgbColor(0xe6, 0xe8, 0xeb);
const BACKGROUND: RgbColor = RgbColor(0x16, 0x1b, 0x22);

/// The command line of `pictures`.
#[derive(Args, Clone, Debug)]
pub struct Options {}

/// Runs the command line in a pseudo-terminal, and draws its output. The program is the one that
/// `TWILIO_VERIFY_PROGRAM` names, which must have all features; if unset, it is built. The screenshots are taken
/// with the browser that `CHROMIUM` names, or one in `PATH`; without a browser they are left unchanged.
///
/// # Errors
///
/// Returns an error if the program can't be built or run, or the picture can't be written.
pub fn run(workspace: &Workspace, _: &Options) -> Result<Outcome, Failure> {
    let programs = programs(workspace)?;
    let mut shown = String::new();
    for command in COMMANDS {
        let _ = writeln!(shown, "\x1b[1m$ {command}\x1b[0m");
        shown.push_str(&in_a_terminal(command, &programs)?);
        shown.push('\n');
    }
    let terminal = Term::new().fg_color(TEXT.into()).bg_color(BACKGROUND.into());
    let picture = terminal.render_svg(shown.trim_end());
    let path = workspace.root().join(FILE);
    let folder = path.parent().unwrap_or(workspace.root());
    fs::create_dir_all(folder).map_err(|error| Failure::write(folder, error))?;
    replace(&path, picture.as_bytes())?;
    let mut report = format!("wrote {FILE}\n");
    report.push_str(&reports(workspace, &programs)?);
    Ok(Outcome { report, ..Outcome::default() })
}

/// Takes the screenshots of a report, and returns what was done.
fn reports(workspace: &Workspace, programs: &Path) -> Result<String, Failure> {
    let Some(browser) = browser() else {
        return Ok("left the pictures of the report as they are: there is no Chromium\n".to_owned());
    };
    let page = workspace.target()?.join("report.html");
    let made = Command::new(programs.join("twilio-verify"))
        .args(REPORT)
        .args(["--force", "-o"])
        .arg(&page)
        .output()
        .map_err(Failure::Cargo)?;
    if !made.status.success() {
        let errors = String::from_utf8_lossy(&made.stderr).into_owned();
        return Err(Failure::Build { name: "the report", errors });
    }
    let mut report = String::new();
    for (file, scheme) in REPORTS {
        let taken = Command::new(&browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--window-size=1120,1240",
            ])
            .args(["--force-color-profile=srgb", "--disable-lcd-text", scheme])
            .arg(format!("--screenshot={}", workspace.root().join(file).display()))
            .arg(format!("file://{}", page.display()))
            .output()
            .map_err(|error| Failure::read(&browser, error))?;
        if !taken.status.success() {
            let errors = String::from_utf8_lossy(&taken.stderr).into_owned();
            return Err(Failure::Build { name: "the picture of the report", errors });
        }
        let _ = writeln!(report, "wrote {file}");
    }
    Ok(report)
}

/// Returns the browser that `CHROMIUM` names, or one in `PATH`.
fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

/// Returns the folder of the program, which is built if none is named.
fn programs(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if let Some(program) = env::var_os("TWILIO_VERIFY_PROGRAM") {
        let program = std::path::absolute(program).map_err(Failure::Cargo)?;
        return Ok(program.parent().unwrap_or(Path::new("/")).to_owned());
    }
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "twilio-verify-cli",
            "--features",
            "full",
        ])
        .current_dir(workspace.root())
        .output()
        .map_err(Failure::Cargo)?;
    if !built.status.success() {
        let errors = String::from_utf8_lossy(&built.stderr).into_owned();
        return Err(Failure::Build { name: "twilio-verify-cli", errors });
    }
    Ok(workspace.target()?.join("debug"))
}

/// Returns the output of a command in a terminal, which `script` of util-linux provides.
fn in_a_terminal(command: &str, programs: &Path) -> Result<String, Failure> {
    let line = format!("stty columns {COLUMNS} rows 50; exec {command}");
    let output = Command::new("script")
        .args(["--quiet", "--command", &line, "/dev/null"])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .env("SHELL", "/bin/sh")
        .env("TERM", "xterm-256color")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::read(Path::new("script"), error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(settled(&text))
}

/// Returns what stays on the screen: a progress line is overwritten.
fn settled(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.trim_end_matches('\r');
        let line = line.rsplit(['\r']).next().unwrap_or_default();
        line.rsplit("\x1b[2K")
            .next()
            .unwrap_or_default()
            .replace("\x1b[?25l", "")
            .replace("\x1b[?25h", "")
    });
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn what_is_drawn_over_is_not_shown() {
        assert_eq!(settled("one\r\nfetching\r\x1b[2Ktwo\r\n"), "one\ntwo\n");
    }
}
