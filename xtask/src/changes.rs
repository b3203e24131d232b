//! Shows what changes between two documents, and which changes are breaking.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use twilio_verify_codegen::diff::{Change, Diff, Entry, Severity};

/// The maximum width of a line, unless full lines are requested.
const COLUMNS: usize = 120;

/// How much detail is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The same change in several places is one line, and a line is cut to 120 columns.
    Brief,
    /// Each change has its own line, which is not cut.
    Full,
}

/// Renders changes for a terminal: a verdict, then a line per change, with ANSI styles.
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
        let style = color.on_default();
        for line in lines {
            let audience = format!("{:10}", line.audience(severity));
            let change = line.show(room(detail, 4 + audience.len()), plain);
            let _ = writeln!(page, "  {style}{audience}{style:#}  {change}");
        }
    }
    let documentation = documentation(diff, &lines, 2, detail, plain);
    if !documentation.is_empty() {
        let _ = writeln!(page, "\n{bold}Documentation{bold:#}");
        for line in documentation {
            let _ = writeln!(page, "  {line}");
        }
    }
    page
}

/// Renders changes as Markdown for a pull request.
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
            let begin = format!("- {}: ", line.audience(severity));
            let change = line.show(room(detail, begin.len()), code);
            let _ = writeln!(page, "{begin}{change}");
        }
    }
    let documentation = documentation(diff, &lines, 2, detail, code);
    if !documentation.is_empty() {
        page.push_str("\n### Documentation\n\n");
        for line in documentation {
            let _ = writeln!(page, "- {line}");
        }
    }
    page
}

/// Renders changes as JSON; [`Report`] describes the format.
///
/// # Errors
///
/// None is expected: the report consists of texts and numbers.
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

/// The format of `--output json`. New keys and new kinds of change may be added; any other change
/// increases `format`.
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
/// `rust` and `wire` are `"breaking"`, `"additive"`, or null if the change is not visible there; an
/// entry counts as the more severe of the two. `change` is a
/// [`twilio_verify_codegen::diff::Change`]. `keyword`, `directions`, `from` and `to` are left out
/// if they have no value.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The version of this format.
    pub format: u32,
    /// The name of the old document on the command line.
    pub old: &'a str,
    /// The name of the new document on the command line.
    pub new: &'a str,
    /// How many changes are breaking, for Rust callers or on the wire.
    pub breaking: usize,
    /// How many changes are additive.
    pub additive: usize,
    /// In how many places only the documentation has changed.
    pub documentation: usize,
    /// The changes, breaking ones first.
    pub entries: &'a [Entry],
}

/// One change, in one place or in several.
struct Line<'a> {
    entry: &'a Entry,
    kind: Kind,
    /// The place of the change within the operation or type.
    place: &'a str,
    /// The places of the change, or the changed names.
    items: Vec<String>,
}

/// What the changes that share a line have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Only the kind of change. The line lists names, for example of new types.
    Names,
    /// A part of the same name, in several operations or types.
    Part,
    /// The change itself, in any place.
    Change,
}

impl Kind {
    fn of(change: Change) -> Self {
        match change {
            Change::TypeAdded
            | Change::TypeRemoved
            | Change::TypeRenamed
            | Change::ComponentRenamed
            | Change::OperationRenamed => Self::Names,
            Change::Added
            | Change::RequiredAdded
            | Change::Removed
            | Change::ValueAdded
            | Change::ValueRemoved => Self::Part,
            _ => Self::Change,
        }
    }
}

/// Returns the lines of a page, in the order of the changes.
fn lines(diff: &Diff, detail: Detail) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for entry in &diff.entries {
        let end = entry.subject.find(['.', ' ', '[', '{', '(']);
        let (owner, place) = entry.subject.split_at(end.unwrap_or(entry.subject.len()));
        let kind = Kind::of(entry.change);
        let values = Some((&entry.keyword, &entry.from, &entry.to));
        let (item, in_common) = match kind {
            Kind::Names => match (&entry.from, &entry.to) {
                (Some(from), Some(to)) => (format!("{from} → {to}"), ("", None)),
                _ => (entry.subject.clone(), ("", None)),
            },
            Kind::Part => (owner.to_owned(), (place, values)),
            Kind::Change => (entry.subject.clone(), ("", values)),
        };
        let same = (entry.rust, entry.wire, entry.change, in_common);
        match known.get(&same).and_then(|index: &usize| lines.get_mut(*index)) {
            Some(line) if detail == Detail::Brief => line.items.push(item),
            _ => {
                known.insert(same, lines.len());
                lines.push(Line { entry, kind, place, items: vec![item] });
            }
        }
    }
    lines
}

fn of<'a>(lines: &'a [Line<'a>], severity: Severity) -> impl Iterator<Item = &'a Line<'a>> {
    let seen = |line: &&Line<'_>| line.entry.rust.is_some() || line.entry.wire.is_some();
    lines.iter().filter(seen).filter(move |line| line.entry.severity() == severity)
}

impl Line<'_> {
    /// Returns for whom the change has this severity.
    fn audience(&self, severity: Severity) -> &'static str {
        let sees = |verdict: Option<Severity>| verdict == Some(severity);
        match (sees(self.entry.rust), sees(self.entry.wire)) {
            (true, true) => "Rust, wire",
            (true, false) => "Rust",
            _ => "wire",
        }
    }

    /// Renders the line in `room` columns. `mark` formats texts of the document.
    ///
    /// `ListAttempt.PageSize: maximum tightened: 1000 → 100`, or
    /// `14 × PageSize: maximum tightened: 1000 → 100; in ListAttempt, ListBucket and 12 more`.
    fn show(&self, room: usize, mark: fn(&str) -> String) -> String {
        let width = |text: &str| text.chars().count();
        let what = self.entry.what();
        let place = self.place.trim_start_matches(['.', ' ']);
        let begin = match (self.items.len(), self.kind) {
            (1, _) => format!("{}: {what}", mark(&self.entry.subject)),
            (count, Kind::Part) if !place.is_empty() => {
                format!("{count} × {}: {what}", mark(place))
            }
            (count, _) => format!("{count} × {what}"),
        };
        let is_one = self.items.len() == 1;
        let values: Vec<&str> = match self.kind {
            Kind::Names if !is_one => Vec::new(),
            _ => [&self.entry.from, &self.entry.to].into_iter().flatten().map(|v| &**v).collect(),
        };
        // The width of the marks of two values, a colon and an arrow, and of the places.
        let rest = room.saturating_sub(width(&begin) + 9 + if is_one { 0 } else { 32 });
        let values: Vec<String> = fit(&values, rest).iter().map(|value| mark(value)).collect();
        let line = match values.is_empty() {
            true => begin,
            false => format!("{begin}: {}", values.join(" → ")),
        };
        if is_one {
            return cut(&line, room);
        }
        let link = if self.kind == Kind::Names { ": " } else { "; in " };
        let shown = |count: usize| {
            let items: Vec<String> = self.items.iter().take(count).map(|one| mark(one)).collect();
            match self.items.len() - count {
                0 => format!("{line}{link}{}", items.join(", ")),
                _ if count == 0 => line.clone(),
                more => format!("{line}{link}{} and {more} more", items.join(", ")),
            }
        };
        // One item at a time, until the line is full.
        let mut best = shown(0);
        for count in 1..=self.items.len() {
            let next = shown(count);
            if width(&next) <= room {
                best = next;
            } else if count + 1 < self.items.len() {
                break;
            }
        }
        cut(&best, room)
    }
}

/// Returns the columns that are left in a line.
fn room(detail: Detail, taken: usize) -> usize {
    match detail {
        Detail::Brief => COLUMNS.saturating_sub(taken),
        Detail::Full => usize::MAX,
    }
}

fn cut(text: &str, room: usize) -> String {
    match text.chars().count() <= room {
        true => text.to_owned(),
        false => text.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Cuts one or two texts to `room` columns in total, the longer one first.
fn fit(texts: &[&str], room: usize) -> Vec<String> {
    let widths: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
    let even = room / texts.len().max(1);
    let all = texts.iter().zip(&widths).enumerate();
    let texts = all.map(|(index, (text, width))| {
        let others = widths.iter().enumerate().filter(|(other, _)| *other != index);
        let others: usize = others.map(|(_, width)| (*width).min(even)).sum();
        let room = room.saturating_sub(others).max(8);
        if *width <= room { (*text).to_owned() } else { cut(text, room) }
    });
    texts.collect()
}

/// Returns a sentence that sums up the changes.
fn verdict(diff: &Diff, lines: &[Line<'_>]) -> String {
    let number =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
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

/// Returns what neither audience sees: the changes of the document's own names, and a line for the
/// others.
fn documentation(
    diff: &Diff,
    lines: &[Line<'_>],
    taken: usize,
    detail: Detail,
    mark: fn(&str) -> String,
) -> Vec<String> {
    let unseen = lines.iter();
    let unseen = unseen.filter(|line| line.entry.rust.is_none() && line.entry.wire.is_none());
    let mut all: Vec<String> = unseen.map(|line| line.show(room(detail, taken), mark)).collect();
    if diff.documentation > 0 {
        let places = if diff.documentation == 1 { "place" } else { "places" };
        all.push(format!(
            "{} {places}: descriptions, examples, titles, tags, headers for browsers, \
             the order of things",
            diff.documentation
        ));
    }
    all
}

/// Returns a text on one line.
fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Returns a text as Markdown code on one line.
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
