//! Shows the differences between two texts.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

/// Returns a unified diff, with ANSI styles.
pub fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let (old, new) = (whole_lines(old), whole_lines(new));
    let diff = TextDiff::from_lines(&*old, &*new);
    let mut page = String::new();
    let bold = Style::new().bold();
    let _ = writeln!(page, "{bold}--- {old_name}{bold:#}");
    let _ = writeln!(page, "{bold}+++ {new_name}{bold:#}");
    for hunk in diff.unified_diff().iter_hunks() {
        let style = AnsiColor::Cyan.on_default();
        let _ = writeln!(page, "{style}{}{style:#}", hunk.header());
        for change in hunk.iter_changes() {
            let style = match change.tag() {
                ChangeTag::Equal => Style::new(),
                ChangeTag::Delete => AnsiColor::Red.on_default(),
                ChangeTag::Insert => AnsiColor::Green.on_default(),
            };
            let line = change.value().trim_end_matches('\n');
            let _ = writeln!(page, "{style}{}{line}{style:#}", change.tag());
        }
    }
    page
}

/// Returns how many lines are added, and how many are removed.
pub fn counts(old: &str, new: &str) -> (usize, usize) {
    let (old, new) = (whole_lines(old), whole_lines(new));
    let diff = TextDiff::from_lines(&*old, &*new);
    diff.iter_all_changes().fold((0, 0), |(plus, minus), change| match change.tag() {
        ChangeTag::Equal => (plus, minus),
        ChangeTag::Delete => (plus, minus + 1),
        ChangeTag::Insert => (plus + 1, minus),
    })
}

/// Adds the end of the last line, which insta removes, so that a line doesn't change if another is
/// added after it.
fn whole_lines(text: &str) -> Cow<'_, str> {
    if text.is_empty() || text.ends_with('\n') { text.into() } else { format!("{text}\n").into() }
}

#[cfg(test)]
mod tests {
    use super::{counts, unified};

    #[test]
    fn counts_lines_whatever_ends_the_text() {
        assert_eq!(counts("a\nb\nc", "a\nB\nc\nd"), (2, 1));
        assert_eq!(counts("", "a\nb"), (2, 0));
        assert_eq!(counts("a\nb", ""), (0, 2));
    }

    #[test]
    fn shows_what_stands_around_a_change() {
        let diff = anstream::adapter::strip_str(&unified("a\nb", "a\nc", "old", "new")).to_string();
        assert_eq!(diff, "--- old\n+++ new\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    }
}
