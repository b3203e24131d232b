//! Escapes cells that a spreadsheet would run.
//!
//! A spreadsheet that opens a csv or tsv file runs any cell that begins like a
//! formula, and a name or a label may come from anyone. The characters are
//! those of OWASP's page on CSV injection.

use std::borrow::Cow;

/// The help on how cells are written.
pub(crate) const HELP: &str = "\
In csv and tsv, an apostrophe is put before a cell that a spreadsheet would run as a formula: one that
begins with =, +, -, @, a tab or a line break, also after apostrophes or white space. The same is done
after a semicolon, where some spreadsheets end a cell. Signed numbers are not formulas, so
+573003003030 and -0.005 are written unchanged; import that column as text to keep the plus sign. For
programs that read the file, use --raw, json or jsonl, or remove one apostrophe where such a character
follows apostrophes.";

/// Returns a cell that a spreadsheet doesn't run: with an apostrophe before a formula.
///
/// Where the comma is the decimal sign, Excel splits the lines of a csv file at semicolons. A quote
/// within such a cell doesn't keep it together, so the text behind a semicolon is also treated as
/// a cell.
pub(super) fn disarmed(cell: &str) -> Cow<'_, str> {
    let is_run = |cell: &str| is_formula(cell) && !is_number(cell);
    let mut parts = cell.split(';');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    if !is_run(cell) && !rest.iter().any(|part| is_run(part)) {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len() + 2);
    text.push_str(if is_run(cell) { "'" } else { "" });
    text.push_str(first);
    for part in rest {
        text.push_str(if is_run(part) { ";'" } else { ";" });
        text.push_str(part);
    }
    Cow::Owned(text)
}

/// Whether a cell begins like a formula. Leading apostrophes are skipped, so
/// that an added apostrophe can be told from one of the original.
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let visible = cell.trim_start_matches(is_skipped);
    cell.starts_with(['\t', '\r', '\n'])
        // Chinese and Japanese input methods produce the full-width forms.
        || visible.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Whether a spreadsheet may skip a character at the start of a cell.
fn is_skipped(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether a cell is a number with a sign, such as `+573003003030` or `-0.005`.
fn is_number(cell: &str) -> bool {
    let Some(number) = cell.strip_prefix(['+', '-']) else {
        return false;
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    are_digits(whole) && are_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::{disarmed, is_formula};

    const FORMULAS: [&str; 17] = [
        "=1+1",
        "=HYPERLINK(\"https://a.example\",\"x\")",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "+57 300 300",
        "-1-1",
        "-",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\nx",
        " =1",
        "\u{feff}=1",
        "\u{a0}@x",
        "＝1+1",
        "'=1",
        "''\t",
    ];

    const OTHERS: [&str; 14] = [
        "",
        "Owl",
        "+573003003030",
        "-0.005",
        "+0",
        "0.0050",
        "user@example.com",
        "2026-03-02T21:02:33Z",
        "[\"=1\"]",
        "'",
        "'quoted'",
        "1=1",
        " x",
        "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];

    #[test]
    fn a_formula_begins_with_an_apostrophe() {
        for cell in FORMULAS {
            assert_eq!(disarmed(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["+", "+1.", "-.5", "+1.2.3", "-1e5", "+٣", "+1 "] {
            assert_eq!(disarmed(cell), format!("'{cell}"), "{cell:?}");
        }
    }

    #[test]
    fn other_cells_are_written_unchanged() {
        for cell in OTHERS {
            assert_eq!(disarmed(cell), cell);
        }
    }

    #[test]
    fn so_does_one_behind_a_semicolon() {
        for (cell, written) in [
            ("a;=1+1", "a;'=1+1"),
            ("a; =1+1;b", "a;' =1+1;b"),
            (";@x", ";'@x"),
            ("=1;=2", "'=1;'=2"),
            ("-1;2", "'-1;2"),
            ("a;'=1", "a;''=1"),
        ] {
            assert_eq!(disarmed(cell), written);
        }
        for cell in ["a;b", "a;-1", "a;+573003003030;", "a;", ";", "a=1;b=2"] {
            assert_eq!(disarmed(cell), cell);
        }
    }

    /// Restores cells as the help describes it.
    #[test]
    fn the_original_can_be_restored() {
        let restored = |written: &str| match written.strip_prefix('\'') {
            Some(rest) if is_formula(rest) => rest.to_owned(),
            _ => written.to_owned(),
        };
        let all: Vec<&str> = FORMULAS.into_iter().chain(OTHERS).collect();
        for cell in &all {
            assert_eq!(restored(&disarmed(cell)), *cell);
            for other in &all {
                let both = format!("{cell};{other}");
                let written = restored(&disarmed(&both));
                let parts = written.split(';').enumerate();
                let parts = parts.map(|(index, part)| match index {
                    0 => part.to_owned(),
                    _ => restored(part),
                });
                assert_eq!(parts.collect::<Vec<_>>().join(";"), both);
            }
        }
    }
}
