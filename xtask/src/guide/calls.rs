//! The calls of the facade, which a test of the workspace compiles and sends.

use std::collections::BTreeMap;

/// The file of the calls, relative to the workspace.
pub const FILE: &str = "tests/tests/workspace/migration.rs";

/// Returns the call of each operation by its id: the entries `Operation: call;` of the macro
/// `calls!`.
pub fn calls(source: &str) -> BTreeMap<String, String> {
    let entries = source.split_once("\n    calls! {\n").map_or("", |(_, rest)| rest);
    let entries = entries.split_once("\n    }\n").map_or("", |(entries, _)| entries);
    let entries = entries.split(";\n").filter_map(|entry| entry.trim().split_once(": "));
    entries
        .map(|(id, call)| {
            let lines: Vec<&str> = call.trim_end_matches(';').lines().map(str::trim).collect();
            (id.to_owned(), lines.concat())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn a_call_may_take_several_lines() {
        let calls = calls(
            "\n    calls! {\n        One: a.b();\n        Two: a\n            .c();\n    }\n",
        );
        assert_eq!(calls["One"], "a.b()");
        assert_eq!(calls["Two"], "a.c()");
        assert_eq!(calls.len(), 2);
    }
}
