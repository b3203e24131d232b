//! Reads, out of ARCHITECTURE.md, the order in which a crate's folders import each other.
//!
//! A crate's order is a fenced block. Its first line names the crate's sources; each line after it
//! is a level, with the folders and files on it, and what they are for. A line that is indented
//! further continues the text above it.
//!
//! ```text
//! crates/example/src, from the top:
//!   commands         one file a command
//!   session, output  the connection; tables and JSON
//!                    for people and programs
//! ```

use std::collections::BTreeMap;

/// Ends the first line of a crate's block.
const TITLE: &str = ", from the top:";

/// How deep the lines with names are indented.
const INDENT: &str = "  ";

/// The order of one crate's folders and files.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Order {
    /// Each name with its level. Level 0 is the top.
    rooms: BTreeMap<String, usize>,
}

impl Order {
    /// The name that `module` belongs to, and its level. `module` is a path below the crate's
    /// sources, without `.rs`, such as `attempts/columns/block`. The longest name counts.
    pub(crate) fn room(&self, module: &str) -> Option<(&str, usize)> {
        let within = |room: &str| {
            let rest = module.strip_prefix(room);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let rooms = self.rooms.iter().filter(|(room, _)| within(room));
        let longest = rooms.max_by_key(|(room, _)| room.len());
        longest.map(|(room, level)| (room.as_str(), *level))
    }

    /// All names.
    pub(crate) fn rooms(&self) -> impl Iterator<Item = &str> {
        self.rooms.keys().map(String::as_str)
    }
}

/// The order of each crate that the document states one for, by the path of its sources.
pub(crate) fn orders(document: &str) -> Result<BTreeMap<String, Order>, String> {
    let mut orders = BTreeMap::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with("```") {
            continue;
        }
        let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        let Some((title, levels)) = block.split_first() else {
            continue;
        };
        if let Some(sources) = title.strip_suffix(TITLE) {
            let order =
                order(levels).map_err(|error| format!("ARCHITECTURE.md, {sources}: {error}"))?;
            if orders.insert(sources.to_owned(), order).is_some() {
                return Err(format!("ARCHITECTURE.md states two orders of {sources}"));
            }
        }
    }
    Ok(orders)
}

fn order(lines: &[&str]) -> Result<Order, String> {
    let mut order = Order::default();
    let mut levels = 0;
    for line in lines {
        let level = line.strip_prefix(INDENT).unwrap_or(line);
        if level.starts_with(' ') {
            continue;
        }
        let names = level.split("  ").next().unwrap_or(level);
        for name in names.split(", ") {
            let room = name.trim_end_matches('/').trim_end_matches(".rs");
            if room.is_empty() || !room.chars().all(|c| c.is_alphanumeric() || "_/".contains(c)) {
                return Err(format!("`{name}` is not the name of a folder or file"));
            }
            if order.rooms.insert(room.to_owned(), levels).is_some() {
                return Err(format!("`{name}` is listed twice"));
            }
        }
        levels += 1;
    }
    Ok(order)
}
