//! Shows what changes between two documents, and which changes are breaking.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use twilio_verify_codegen::diff::{Diff, Entry, Severity};

/// As a person reads it in a terminal: a line an entry, with ANSI styles.
pub fn text(diff: &Diff) -> String {
    let mut page = format!("{}\n", summary(diff));
    if diff.is_empty() {
        return page;
    }
    let width = |width: fn(&Entry) -> usize| diff.entries.iter().map(width).max();
    let subjects = width(|entry| entry.subject.chars().count()).unwrap_or_default();
    let bold = Style::new().bold();
    let _ = writeln!(page, "\n{bold}rust      wire{bold:#}");
    for entry in &diff.entries {
        let values = match entry.values() {
            values if values.is_empty() => values,
            values => format!(": {values}"),
        };
        let _ = writeln!(
            page,
            "{}  {}  {:subjects$}  {}{values}",
            mark(entry.rust),
            mark(entry.wire),
            entry.subject,
            entry.what(),
        );
    }
    page
}

/// What a reviewer pastes into a pull request.
pub fn markdown(diff: &Diff, old: &str, new: &str) -> String {
    let mut page = format!("## API changes: `{old}` → `{new}`\n\n{}\n", summary(diff));
    for (severity, title) in [(Severity::Breaking, "Breaking"), (Severity::Additive, "Additive")] {
        let entries: Vec<_> = diff.of(severity).collect();
        if entries.is_empty() {
            continue;
        }
        let _ = writeln!(
            page,
            "\n### {title} ({})\n\n| Rust | Wire | Where | What | |\n| --- | --- | --- | --- | --- |",
            entries.len()
        );
        for entry in entries {
            let verdict = |severity: Option<Severity>| match severity {
                Some(Severity::Breaking) => "**breaking**",
                Some(Severity::Additive) => "additive",
                None => "–",
            };
            let values = [&entry.from, &entry.to].into_iter().flatten();
            let values: Vec<_> = values.map(|value| code(value)).collect();
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                verdict(entry.rust),
                verdict(entry.wire),
                code(&entry.subject),
                entry.what(),
                values.join(" → "),
            );
        }
    }
    page
}

/// For programs; the form is described at [`Report`].
///
/// # Errors
///
/// None that can be foreseen: the form is made of texts and numbers.
pub fn json(diff: &Diff, old: &str, new: &str) -> Result<String, serde_json::Error> {
    let report = Report {
        format: 1,
        old,
        new,
        breaking: diff.of(Severity::Breaking).count(),
        additive: diff.of(Severity::Additive).count(),
        documentation: diff.documentation,
        entries: &diff.entries,
    };
    Ok(format!("{}\n", serde_json::to_string_pretty(&report)?))
}

/// The form of `--output json`. It grows by new keys and new kinds of change;
/// if anything else has to change, `format` does.
///
/// ```json
/// {
///   "format": 1,
///   "old": "HEAD~1",
///   "new": "openapi/verify_v2.json",
///   "breaking": 1,
///   "additive": 0,
///   "documentation": 2,
///   "entries": [
///     {
///       "rust": null,
///       "wire": "breaking",
///       "subject": "ListVerificationAttempt.PageSize",
///       "change": "tightened",
///       "keyword": "maximum",
///       "directions": ["request"],
///       "from": "1000",
///       "to": "100"
///     }
///   ]
/// }
/// ```
///
/// `rust` and `wire` are `"breaking"`, `"additive"`, or null where the change
/// doesn't show; an entry counts by the graver of the two. `change` is a
/// [`twilio_verify_codegen::diff::Change`]. `keyword`, `directions`, `from` and
/// `to` are left out where there is nothing to say.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The version of this form.
    pub format: u32,
    /// What the old document was called on the command line.
    pub old: &'a str,
    /// What the new document was called on the command line.
    pub new: &'a str,
    /// How many changes break something for someone.
    pub breaking: usize,
    /// How many changes break nothing for anyone.
    pub additive: usize,
    /// In how many places the documentation alone has changed.
    pub documentation: usize,
    /// The changes, breaking ones first.
    pub entries: &'a [Entry],
}

fn summary(diff: &Diff) -> String {
    let count = |severity| diff.of(severity).count();
    let documentation = match diff.documentation {
        0 => String::new(),
        1 => "; documentation only: 1 place".to_owned(),
        places => format!("; documentation only: {places} places"),
    };
    match (count(Severity::Breaking), count(Severity::Additive)) {
        (0, 0) => format!("no change of the API{documentation}"),
        (breaking, additive) => {
            format!("{breaking} breaking, {additive} additive{documentation}")
        }
    }
}

fn mark(severity: Option<Severity>) -> String {
    let style = match severity {
        Some(Severity::Breaking) => AnsiColor::Red.on_default(),
        Some(Severity::Additive) => AnsiColor::Green.on_default(),
        None => Style::new(),
    };
    let word = severity.map_or("-", Severity::as_str);
    format!("{style}{word:8}{style:#}")
}

/// Code in a cell of a table.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|").replace(['\n', '\r'], " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_value_stays_in_its_cell() {
        assert_eq!(code("a | b"), "`a \\| b`");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
