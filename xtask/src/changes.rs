//! Shows what changes between two documents, and which changes are breaking.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use twilio_verify_codegen::diff::{Diff, Entry, Severity};

/// The most columns that a line takes, unless all of it is asked for.
const COLUMNS: usize = 120;

/// The most columns of a subject that others are aligned with.
const SUBJECT: usize = 48;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The same change in several places is one line, and a line is cut to 120 columns.
    Brief,
    /// Each change has a line of its own, which is whole.
    Full,
}

/// For a terminal: a verdict, then a line a change, with ANSI styles.
pub fn text(diff: &Diff, detail: Detail) -> String {
    let lines = lines(diff, detail);
    let mut page = format!("{}\n", verdict(diff, &lines));
    let bold = Style::new().bold();
    for (severity, title, color) in [
        (Severity::Breaking, "Breaking", AnsiColor::Red),
        (Severity::Additive, "Additive", AnsiColor::Green),
    ] {
        let lines: Vec<&Line<'_>> = of(&lines, severity).collect();
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n{bold}{title} ({}){bold:#}", lines.len());
        let widths = lines.iter().map(|line| line.subject().chars().count());
        let width = widths.filter(|width| *width <= SUBJECT).max().unwrap_or_default();
        let style = color.on_default();
        for line in lines {
            let audience = format!("{:10}", line.audience(severity));
            let subject = format!("{:width$}", line.subject());
            let room = room(detail, 6 + audience.len() + subject.chars().count());
            let change = line.change(room, |text| plain(text));
            let _ = writeln!(page, "  {style}{audience}{style:#}  {subject}  {change}");
        }
    }
    if diff.documentation > 0 {
        let _ = writeln!(page, "\n{bold}Documentation{bold:#}\n  {}", documentation(diff));
    }
    page
}

/// What a reviewer pastes into a pull request.
pub fn markdown(diff: &Diff, old: &str, new: &str, detail: Detail) -> String {
    let lines = lines(diff, detail);
    let mut page = format!("## API changes: `{old}` → `{new}`\n\n{}\n", verdict(diff, &lines));
    for (severity, title) in [(Severity::Breaking, "Breaking"), (Severity::Additive, "Additive")] {
        let lines: Vec<&Line<'_>> = of(&lines, severity).collect();
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n### {title} ({})\n", lines.len());
        for line in lines {
            let begin = format!("- {} ({}): ", code(&line.subject()), line.audience(severity));
            let room = room(detail, begin.chars().count());
            let _ = writeln!(page, "{begin}{}", line.change(room, code));
        }
    }
    if diff.documentation > 0 {
        let _ = writeln!(page, "\n### Documentation\n\n- {}", documentation(diff));
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

/// One change, in one place or in several.
struct Line<'a> {
    entry: &'a Entry,
    /// The operations and types that it is in.
    owners: Vec<&'a str>,
    /// Where it is in each of them; empty for all of it.
    place: &'a str,
}

/// The lines of a page, in the order of the changes.
fn lines(diff: &Diff, detail: Detail) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for entry in &diff.entries {
        let end = entry.subject.find(['.', ' ', '[', '{', '(']);
        let (owner, place) = entry.subject.split_at(end.unwrap_or(entry.subject.len()));
        let values = (&entry.keyword, &entry.from, &entry.to);
        let same = (entry.rust, entry.wire, place, entry.change, values);
        match known.get(&same).and_then(|index: &usize| lines.get_mut(*index)) {
            Some(line) if detail == Detail::Brief => line.owners.push(owner),
            _ => {
                known.insert(same, lines.len());
                lines.push(Line { entry, owners: vec![owner], place });
            }
        }
    }
    lines
}

fn of<'a>(lines: &'a [Line<'a>], severity: Severity) -> impl Iterator<Item = &'a Line<'a>> {
    lines.iter().filter(move |line| line.entry.severity() == severity)
}

impl Line<'_> {
    /// `ListAttempt.PageSize`, or `14 × PageSize`.
    fn subject(&self) -> String {
        match self.owners.len() {
            1 => self.entry.subject.clone(),
            count => {
                let place = self.place.trim_start_matches(['.', ' ']);
                format!("{count} × {place}").trim_end().to_owned()
            }
        }
    }

    /// Who sees the change: of a breaking one, for whom it is breaking.
    fn audience(&self, severity: Severity) -> &'static str {
        let sees = |verdict: Option<Severity>| verdict == Some(severity);
        match (sees(self.entry.rust), sees(self.entry.wire)) {
            (true, true) => "Rust, wire",
            (true, false) => "Rust",
            (false, true) => "wire",
            (false, false) => "nobody",
        }
    }

    /// What has changed, and where if that is in several places, in that many columns. `show`
    /// marks what is the document's.
    fn change(&self, room: usize, show: fn(&str) -> String) -> String {
        let width = |text: &str| text.chars().count();
        let what = self.entry.what();
        let values: Vec<&str> =
            [&self.entry.from, &self.entry.to].into_iter().flatten().map(String::as_str).collect();
        let in_several = self.owners.len() > 1;
        let least = if in_several { LEAST } else { 0 };
        // Each value has two marks at most, and the arrow and the colon five columns.
        let rest = room.saturating_sub(width(&what) + 4 * values.len() + 5 + least);
        let values: Vec<String> = fit(&values, rest).iter().map(|value| show(value)).collect();
        let mut change = what;
        if !values.is_empty() {
            change = format!("{change}: {}", values.join(" → "));
        }
        if !in_several {
            return change;
        }
        let all = self.owners.len();
        let shown = |count: usize| {
            let names: Vec<String> = self.owners.iter().take(count).map(|one| show(one)).collect();
            match all - count {
                0 => format!("{change}; in {}", names.join(", ")),
                more if count == 0 => format!("{change}; in {more} places"),
                more => format!("{change}; in {} and {more} more", names.join(", ")),
            }
        };
        let fitting = (0..=all).rev().map(shown).find(|text| width(text) <= room);
        fitting.unwrap_or_else(|| shown(0))
    }
}

/// The columns that are kept for the places of a change.
const LEAST: usize = 32;

/// The columns that are left in a line.
fn room(detail: Detail, taken: usize) -> usize {
    match detail {
        Detail::Brief => COLUMNS.saturating_sub(taken),
        Detail::Full => usize::MAX,
    }
}

/// Cuts two texts, or one, to that many columns in all: the longer one first.
fn fit(texts: &[&str], room: usize) -> Vec<String> {
    let widths: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
    let even = room / texts.len().max(1);
    let all = texts.iter().zip(&widths).enumerate();
    let cut = all.map(|(index, (text, width))| {
        let others = widths.iter().enumerate().filter(|(other, _)| *other != index);
        let others: usize = others.map(|(_, width)| (*width).min(even)).sum();
        let room = room.saturating_sub(others).max(8);
        match *width <= room {
            true => (*text).to_owned(),
            false => text.chars().take(room - 1).chain(['…']).collect(),
        }
    });
    cut.collect()
}

/// All of it in a sentence.
fn verdict(diff: &Diff, lines: &[Line<'_>]) -> String {
    let number = |count: usize, one: &str| {
        format!("{count} {one}{}", if count == 1 { "" } else { "s" })
    };
    let count = |severity| of(lines, severity).count();
    let (breaking, additive) = (count(Severity::Breaking), count(Severity::Additive));
    let breaks = |verdict: fn(&Entry) -> Option<Severity>| {
        lines.iter().filter(|line| verdict(line.entry) == Some(Severity::Breaking)).count()
    };
    let documentation = match diff.documentation {
        0 => String::new(),
        places => format!("; documentation in {}", number(places, "place")),
    };
    match (breaking, additive) {
        (0, 0) => format!("No change of the API{documentation}."),
        (0, additive) => {
            format!("Nothing breaks: {}{documentation}.", number(additive, "additive change"))
        }
        (breaking, additive) => format!(
            "{}: {} for Rust callers, {} on the wire; {additive} additive{documentation}.",
            number(breaking, "breaking change"),
            breaks(|entry| entry.rust),
            breaks(|entry| entry.wire),
        ),
    }
}

fn documentation(diff: &Diff) -> String {
    let places = if diff.documentation == 1 { "place" } else { "places" };
    format!(
        "{} {places}: descriptions, examples, titles, tags, headers for browsers, the order of things",
        diff.documentation
    )
}

/// A text on one line.
fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Code on one line.
fn code(text: &str) -> String {
    let text = plain(text);
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::{code, fit};

    #[test]
    fn a_value_stays_on_its_line() {
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }

    #[test]
    fn the_longer_text_is_cut_first() {
        let (long, short) = ("0123456789".repeat(3), "short");
        assert_eq!(fit(&[&long, short], 20), ["01234567890123…", "short"]);
        assert_eq!(fit(&[&long, &long], 20), ["012345678…", "012345678…"]);
        assert_eq!(fit(&[&long], 20), ["0123456789012345678…"]);
        assert_eq!(fit(&[&long, short], 40), [&*long, short]);
        assert_eq!(fit(&[short], 0), ["short"]);
        assert!(fit(&[], 5).is_empty());
    }
}
