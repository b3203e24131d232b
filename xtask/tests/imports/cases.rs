//! The rules, on small crates.

use std::collections::BTreeMap;

use crate::order::{Order, orders};
use crate::rules::{Sources, check};

/// The order of the crates below.
const ORDER: &str = "
# Architecture

```text
not an order
```

```text
example/src, from the top:
  commands/          one file a command
  session/, output   the connection; tables and JSON,
                     for people and programs
  session/wire/      bytes
  values.rs          numbers and dates
```
";

fn order() -> Order {
    orders(ORDER).unwrap().remove("example/src").unwrap()
}

/// The errors of a crate with these files besides the empty ones that the order names. The
/// `mod.rs` of each folder declares its files, unless it is given.
fn errors(files: &[(&str, &str)]) -> Vec<String> {
    let mut all: BTreeMap<_, _> = [
        ("lib.rs", "mod commands; mod session; mod output; mod values;"),
        ("commands/mod.rs", "mod list; mod watch;"),
        ("commands/list.rs", ""),
        ("commands/watch.rs", ""),
        ("session/mod.rs", "mod connect; mod wire; pub use connect::Connection;"),
        ("session/connect.rs", "pub struct Connection;"),
        ("session/wire/mod.rs", "mod frame;"),
        ("session/wire/frame.rs", "pub struct Frame;"),
        ("output.rs", "pub fn print() {}"),
        ("values.rs", "pub struct Value;"),
    ]
    .into();
    all.extend(files.iter().copied());
    let files = all.into_iter();
    let sources = Sources {
        folder: "example/src".to_owned(),
        roots: vec!["example/src/lib.rs".to_owned()],
        files: files.map(|(name, text)| (format!("example/src/{name}"), text.to_owned())).collect(),
    };
    check(&sources, Some(&order()))
}

#[track_caller]
fn passes(files: &[(&str, &str)]) {
    assert_eq!(errors(files), Vec::<String>::new());
}

#[track_caller]
fn fails(files: &[(&str, &str)], expected: &str) {
    assert_eq!(errors(files), [expected]);
}

#[test]
fn imports_run_down_the_order() {
    passes(&[
        ("commands/list.rs", "use crate::session::connect::Connection; use crate::values::Value;"),
        ("session/connect.rs", "use super::wire::frame::Frame; pub struct Connection;"),
        ("output.rs", "pub fn print() { crate::values::Value::new(); }"),
    ]);
    let up = "example/src/values.rs imports `crate::output::print` from example/src/output.rs, but in the order of \
              ARCHITECTURE.md `output` is above `values`, and imports run down. Move what is imported further down, \
              or what imports it further up.";
    for text in [
        "use crate::output::print;",
        "use crate::{output::{print as show}};",
        "fn all() { crate::output::print() }",
        "fn all() { use crate::output; output::print() }",
        "use super::output; fn all() { output::print() }",
        "fn all() { assert_eq!((), crate::output::print()) }",
        "#[serde(serialize_with = \"crate::output::print\")] struct Field;",
        "mod within { fn all() { super::super::output::print() } }",
    ] {
        fails(&[("values.rs", text)], up);
    }
}

#[test]
fn neighbours_do_not_import_each_other() {
    fails(
        &[("session/connect.rs", "use crate::output::print; pub struct Connection;")],
        "example/src/session/connect.rs imports `crate::output::print` from example/src/output.rs, but in the order \
         of ARCHITECTURE.md `session` and `output` are beside each other, so neither imports the other. Move what is \
         imported further down, or what imports it further up.",
    );
}

#[test]
fn a_folder_within_a_folder_may_have_a_place() {
    fails(
        &[("session/wire/frame.rs", "use crate::session::connect::Connection; pub struct Frame;")],
        "example/src/session/wire/frame.rs imports `crate::session::connect::Connection` from \
         example/src/session/connect.rs, but in the order of ARCHITECTURE.md `session` is above `session/wire`, and \
         imports run down. Move what is imported further down, or what imports it further up.",
    );
}

#[test]
fn the_order_names_all_that_there_is_and_nothing_else() {
    fails(
        &[
            ("lib.rs", "mod commands; mod session; mod output; mod values; mod dates;"),
            ("dates.rs", ""),
        ],
        "example/src/dates.rs has no place in the order of example/src in ARCHITECTURE.md. Add it, or its folder.",
    );
    fails(
        &[("session/spare.rs", "")],
        "example/src/session/spare.rs is in no module of the crate.",
    );
    let order = orders(&ORDER.replace("values.rs ", "values, dates/ ")).unwrap();
    let sources = Sources {
        folder: "example/src".to_owned(),
        roots: vec!["example/src/lib.rs".to_owned()],
        files: [("example/src/lib.rs".to_owned(), "mod values {}".to_owned())].into(),
    };
    let errors = check(&sources, order.get("example/src"));
    let last = "The order of example/src in ARCHITECTURE.md names `values`, which does not exist.";
    assert_eq!(errors.last().unwrap(), last);
    let none = "ARCHITECTURE.md states no order for the modules of example/src.";
    assert_eq!(check(&sources, None), [none]);
}

#[test]
fn an_order_is_read_strictly() {
    let text = |lines: &str| format!("```text\nexample/src, from the top:\n{lines}\n```\n");
    for (document, error) in [
        (text("  a\n  b, a"), "ARCHITECTURE.md, example/src: `a` is listed twice"),
        (
            text("  a and b"),
            "ARCHITECTURE.md, example/src: `a and b` is not the name of a folder or file",
        ),
        (text("  a").repeat(2), "ARCHITECTURE.md states two orders of example/src"),
    ] {
        assert_eq!(orders(&document).unwrap_err(), error);
    }
}

#[test]
fn nothing_is_imported_from_the_root() {
    let library = "mod commands; mod session; mod output; mod values; pub use values::Value; pub fn version() {}";
    passes(&[("lib.rs", library), ("commands/list.rs", "use crate::values::Value;")]);
    for (text, path) in [
        ("use crate::Value;", "crate::Value"),
        ("pub use super::super::Value;", "super::super::Value"),
        ("fn new() { crate::Value::new() }", "crate::Value::new"),
    ] {
        fails(
            &[("lib.rs", library), ("commands/list.rs", text)],
            &format!(
                "example/src/commands/list.rs imports `{path}` from the crate root example/src/lib.rs, which \
                 re-exports for users of the crate only. Import `crate::values::Value`."
            ),
        );
    }
    fails(
        &[("lib.rs", library), ("commands/list.rs", "use crate::version;")],
        "example/src/commands/list.rs imports `crate::version`, which the crate root example/src/lib.rs defines. Move \
         it into a file of its own.",
    );
    let external = library.replace("pub use values::Value;", "pub use http::Method;");
    fails(
        &[("lib.rs", &external), ("commands/list.rs", "use crate::Method;")],
        "example/src/commands/list.rs imports `crate::Method` from the crate root example/src/lib.rs, which \
         re-exports for users of the crate only. Import `http::Method`.",
    );
}

#[test]
fn macros_for_other_crates_are_at_the_root() {
    let exported =
        "#[macro_export] macro_rules! value { () => { $crate::Value } } pub struct Value;";
    passes(&[("values.rs", exported), ("commands/list.rs", "fn new() { crate::value!() }")]);
    let macros = "macro_rules! print { () => {} } pub(crate) use print;";
    passes(&[("output.rs", macros), ("commands/list.rs", "fn new() { crate::output::print!() }")]);
}

#[test]
fn quoted_code_is_for_another_crate() {
    passes(&[("values.rs", "fn all() { quote! { crate::output::print() } }")]);
    passes(&[(
        "values.rs",
        "fn all() { assert_eq!(quote::quote! { crate::output::print() }, tokens) }",
    )]);
}

#[test]
fn nothing_is_imported_through_a_module_that_re_exports_it() {
    for text in [
        "use crate::session::Connection;",
        "pub(crate) use crate::session::Connection;",
        "use crate::session::{Connection as Session};",
    ] {
        fails(
            &[("commands/list.rs", text)],
            "example/src/commands/list.rs imports `crate::session::Connection`, which example/src/session/mod.rs only \
             re-exports. Import `crate::session::connect::Connection`.",
        );
    }
    // What a module imports for itself is no place to import it from either.
    let files = [
        ("commands/list.rs", "use crate::values::Value;"),
        ("commands/watch.rs", "use super::list::Value;"),
    ];
    fails(
        &files,
        "example/src/commands/watch.rs imports `super::list::Value`, which example/src/commands/list.rs only \
         re-exports. Import `crate::values::Value`.",
    );
    let everything = ("session/mod.rs", "mod connect; mod wire; pub use connect::*;");
    fails(
        &[everything, ("commands/list.rs", "use crate::session::Connection;")],
        "example/src/commands/list.rs imports `crate::session::Connection`, which example/src/session/mod.rs only \
         re-exports. Import `crate::session::connect::Connection`.",
    );
    // For users of the crate, the root and the folders re-export.
    passes(&[(
        "lib.rs",
        "mod commands; mod session; mod output; mod values; pub use session::Connection;",
    )]);
}

#[test]
fn a_parent_is_not_imported_as_a_whole() {
    for (text, path) in
        [("use super::*;", "super::*"), ("mod within { use super::super::*; }", "super::super::*")]
    {
        fails(
            &[("commands/list.rs", text)],
            &format!(
                "example/src/commands/list.rs imports `{path}`. Import each name from the module that defines it."
            ),
        );
    }
    passes(&[("commands/list.rs", "enum Kind { A } use Kind::*; use crate::values::*;")]);
    // A module within a file may take all of that file.
    passes(&[("commands/list.rs", "#[cfg(test)] mod tests { use super::*; }")]);
}

#[test]
fn tests_import_from_the_module_that_they_test() {
    let inline = "use crate::values::Value; #[cfg(test)] mod tests { use super::Value; }";
    passes(&[("commands/list.rs", inline)]);
    let file = "use crate::values::Value; #[cfg(all(test, unix))] mod tests;";
    passes(&[("commands/list.rs", file), ("commands/list/tests.rs", "use super::Value;")]);
    // A test may need what is above.
    let above = "pub struct Value; #[cfg(test)] mod tests { use crate::output::print; }";
    passes(&[("values.rs", above)]);
    fails(
        &[
            ("commands/list.rs", "use crate::values::Value; mod rows;"),
            ("commands/list/rows.rs", "use super::Value;"),
        ],
        "example/src/commands/list/rows.rs imports `super::Value`, which example/src/commands/list.rs only \
         re-exports. Import `crate::values::Value`.",
    );
}

#[test]
fn files_do_not_import_each_other_in_a_circle() {
    passes(&[
        ("commands/list.rs", "pub struct List;"),
        ("commands/watch.rs", "use super::list::List;"),
    ]);
    fails(
        &[
            ("commands/list.rs", "use super::watch::Watch; pub struct List;"),
            ("commands/watch.rs", "pub struct Watch; fn list() { crate::commands::list::List; }"),
        ],
        "Files import each other in a circle: example/src/commands/list.rs imports `crate::commands::watch::Watch` \
         from example/src/commands/watch.rs, example/src/commands/watch.rs imports `crate::commands::list::List` from \
         example/src/commands/list.rs. Move what they share into a file of its own.",
    );
    // A folder's own file is one like all others.
    fails(
        &[
            ("commands/mod.rs", "mod list; mod watch; pub use list::List; pub struct Options;"),
            ("commands/list.rs", "use super::Options; pub struct List;"),
        ],
        "Files import each other in a circle: example/src/commands/list.rs imports `crate::commands::Options` from \
         example/src/commands/mod.rs, example/src/commands/mod.rs imports `crate::commands::list::List` from \
         example/src/commands/list.rs. Move what they share into a file of its own.",
    );
}

#[test]
fn folders_do_not_import_each_other_in_a_circle() {
    fails(
        &[
            ("commands/mod.rs", "mod list; mod watch; mod rows;"),
            ("commands/rows/mod.rs", "mod row; mod table;"),
            ("commands/rows/row.rs", "pub struct Row;"),
            ("commands/rows/table.rs", "use crate::commands::list::List;"),
            ("commands/list.rs", "use super::rows::row::Row; pub struct List;"),
        ],
        "In example/src/commands, `list` and `rows` import each other in a circle: example/src/commands/list.rs \
         imports `crate::commands::rows::row::Row` from example/src/commands/rows/row.rs, \
         example/src/commands/rows/table.rs imports `crate::commands::list::List` from \
         example/src/commands/list.rs. Between folders, imports run one way.",
    );
}

#[test]
fn modules_are_found_where_the_compiler_finds_them() {
    passes(&[
        ("commands/mod.rs", "mod list; mod watch; #[path = \"lines.rs\"] mod rows;"),
        ("commands/lines.rs", "mod line;"),
        ("commands/line.rs", "use crate::values::Value;"),
        (
            "commands/list.rs",
            "mod by_name; mod by { mod date; #[path = \"number.rs\"] mod number; }",
        ),
        ("commands/list/by_name.rs", ""),
        ("commands/list/by/date.rs", ""),
        ("commands/list/by/number.rs", ""),
    ]);
    fails(
        &[("commands/list.rs", "mod by_name;")],
        "example/src/commands/list.rs declares `mod by_name`, but there is no example/src/commands/list/by_name.rs \
         nor example/src/commands/list/by_name/mod.rs.",
    );
    // Tests outside `src` have no place in the order. Other modules must be in it.
    passes(&[("commands/list.rs", "#[cfg(test)] #[path = \"../../fuzz/replay.rs\"] mod replay;")]);
    fails(
        &[("commands/list.rs", "#[path = \"../../fuzz/replay.rs\"] mod replay;")],
        "example/src/commands/list.rs declares `mod replay`, but there is no example/fuzz/replay.rs.",
    );
}

#[test]
fn generated_code_is_a_module_of_its_own() {
    let document =
        "```text\nexample/src, from the top:\n  generated  by build.rs\n  page       a page\n```\n";
    let order = orders(document).unwrap();
    let errors = |page: &str| {
        let library =
            "mod page; pub use generated::types; mod generated { include!(\"generated.rs\"); }";
        let files = [("example/src/lib.rs", library), ("example/src/page.rs", page)];
        let sources = Sources {
            folder: "example/src".to_owned(),
            roots: vec!["example/src/lib.rs".to_owned()],
            files: files.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
        };
        check(&sources, order.get("example/src"))
    };
    assert_eq!(errors("pub struct Page;"), Vec::<String>::new());
    let up = "example/src/page.rs imports `crate::generated::types` from example/src/generated, but in the order of \
              ARCHITECTURE.md `generated` is above `page`, and imports run down. Move what is imported further down, \
              or what imports it further up.";
    assert_eq!(errors("use crate::generated::types::Attempt;"), [up]);
    let root = "example/src/page.rs imports `crate::types::Attempt` from the crate root example/src/lib.rs, which \
                re-exports for users of the crate only. Import `crate::generated::types`.";
    assert_eq!(errors("use crate::types::Attempt;"), [root, up]);
}
