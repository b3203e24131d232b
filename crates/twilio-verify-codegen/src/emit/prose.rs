//! Converts texts of the document into documentation.

/// Returns the lines of a text, as a comment can hold them.
///
/// Nothing in them is read as code: rustdoc would compile indented or fenced lines, and the
/// compiler rejects characters that only control a terminal.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut fenced = false;
    let lines = text.trim_end().lines().map(|line| {
        let line: String = line
            .chars()
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter(|c| !c.is_control() && !is_invisible(*c))
            .collect();
        let line = line.trim_end();
        let words = line.trim_start();
        let fence = ["```", "~~~"].iter().any(|fence| words.starts_with(fence));
        if fence {
            fenced = !fenced;
        }
        if fence && fenced {
            let mark: String = words.chars().take_while(|c| "`~".contains(*c)).collect();
            return format!("{mark}text");
        }
        let indent = line.len() - words.len();
        if indent >= 4 && !fenced { format!("   {words}") } else { line.to_owned() }
    });
    let mut lines: Vec<String> = lines.collect();
    if fenced {
        lines.push("```".to_owned());
    }
    lines
}

/// Whether a character only changes how the characters around it are displayed.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_are_cut_wherever_they_end() {
        assert_eq!(lines("a\r\nb\rc\n\nd\n"), ["a", "b", "c", "", "d"]);
        assert!(lines(" \n ").iter().all(String::is_empty));
    }

    #[test]
    fn nothing_is_taken_for_code() {
        assert_eq!(lines("a\n        b\n\tc"), ["a", "   b", " c"]);
        assert_eq!(
            lines("```\nlet x\n```\n```rust\n    y"),
            ["```text", "let x", "```", "```text", "    y", "```"]
        );
        assert_eq!(lines("*/ \"# \u{202e}x\u{0}y"), ["*/ \"# xy"]);
    }
}
