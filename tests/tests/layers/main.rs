//! The layers of `otel-core`: its modules stand on the floors that `ARCHITECTURE.md` names, and import only from lower
//! floors. No files import each other in a circle.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod imports;
mod request_path;
mod rules;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rules::Modules;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The source files below `folder`, by their paths.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

/// The floors in a table with rows like ``| 3 | `recorder` | … |``.
fn floors(document: &str) -> BTreeMap<String, u32> {
    let row = |line: &str| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let floor = cells.next()?.parse().ok()?;
        let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
        Some((name.to_owned(), floor))
    };
    document.lines().filter_map(row).collect()
}

fn modules<'a>(files: impl IntoIterator<Item = &'a (String, String)>) -> Modules {
    Modules::of(files.into_iter().map(|(name, source)| (name.as_str(), source.as_str())))
}

#[test]
fn modules_import_from_lower_floors() {
    let files = sources(&Path::new(ROOT).join("otel-core/src"));
    let floors = floors(&fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap());
    let faults = modules(&files).upward(&floors);
    assert!(faults.is_empty(), "see the table of floors in ARCHITECTURE.md:\n{}", faults.join("\n"));
}

#[test]
fn a_reader_can_follow_a_request() {
    let document = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    let faults = |document: &str| request_path::faults(document, Path::new(ROOT));
    let found = faults(&document);
    assert!(found.is_empty(), "ARCHITECTURE.md, the life of a request: {found:?}");

    for (from, to, expected) in [
        ("  server/trace_context.rs ", "  server/caller.rs ", &["server/caller.rs: of", "server/caller.rs"][..]),
        (" visit_attributes:", " visit_all:", &["recorder/view.rs: visit_all"]),
        // A step is missing.
        ("  exporter/otlp/request.rs ", "  ", &["exporter/otlp/span.rs: write is called in no file before"]),
        ("(headers.rs)", "(server/finish.rs)", &["server/finish.rs is opened three times"]),
    ] {
        assert_eq!(faults(&document.replace(from, to)), expected, "{from} → {to}");
    }
}

#[test]
fn files_do_not_import_in_a_circle() {
    let files = sources(&Path::new(ROOT).join("otel-core/src"));
    let circles = modules(&files).circles();
    assert!(circles.is_empty(), "some of these imports form a circle:\n{}", circles.join("\n"));
}

/// A small crate: two modules, one of them with a folder.
const FILES: [(&str, &str); 4] = [
    ("lib.rs", "mod low; mod high; pub use high::Tall;"),
    ("low.rs", "//! Not `use crate::high::Tall;`\npub struct Small;"),
    ("high/mod.rs", "mod part; pub use part::Tall; #[cfg(test)] mod tests;"),
    ("high/part.rs", "use crate::low::Small; pub struct Tall(Small);"),
];

const FLOORS: &str = "\
| floor | module | one idea |
|---|---|---|
| 0 | `low` | small |
| 1 | `high` | tall |
";

/// The faults that the rules find if `file` has another source.
fn faults(file: &'static str, source: &'static str) -> (Vec<String>, Vec<String>) {
    let mut files = BTreeMap::from(FILES);
    files.insert(file, source);
    let modules = Modules::of(files);
    (modules.upward(&floors(FLOORS)), modules.circles())
}

#[test]
fn downward_imports_are_allowed() {
    assert_eq!(faults("low.rs", "pub struct Small;"), (vec![], vec![]));
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    for source in [
        "use crate::high::Tall;",
        "use crate::{high::{self, Tall}};",
        "pub use crate::high::Tall;",
        "pub(crate) use crate::high::{part::Tall as Other};",
        "use crate::Tall;",
        "use super::high::Tall as Other;",
        "fn grow() { crate::high::grow() }",
        "fn grow() { println!(\"{}\", crate::high::part::HEIGHT) }",
        "#[cfg(not(test))] use crate::high::Tall;",
        "#[cfg(any(test, feature = \"f\"))] use crate::high::Tall;",
        "impl<T> From<crate::high::Tall> for T {}",
    ] {
        let (upward, _) = faults("low.rs", source);
        assert!(upward.iter().any(|fault| fault.starts_with("low imports from high")), "{source}: {upward:?}");
    }
}

#[test]
fn other_crates_comments_strings_and_tests_are_no_imports() {
    for source in [
        "use std::high::Tall; fn f() { other::high::grow() }",
        "/// [`Tall`](crate::high::Tall)\nstruct Small;",
        "const TEXT: &str = \"use crate::high::Tall;\";",
        "#[cfg(test)] mod tests { use crate::high::Tall; }",
        "#[cfg(test)] use crate::high::Tall; #[cfg(all(test, unix))] fn f() { crate::high::grow() } struct Small;",
        "#[cfg(any(test, fuzzing))] pub use crate::high::Tall; pub use std::high::Tall as Short;",
        "pub(in crate::high) struct Small;",
    ] {
        assert_eq!(faults("low.rs", source), (vec![], vec![]), "{source}");
    }
    assert_eq!(faults("high/tests.rs", "use crate::high::tests::X;"), (vec![], vec![]));
}

#[test]
fn a_circle_of_files_is_found() {
    let (_, circles) = faults("low.rs", "use crate::high::Tall; pub struct Small;");
    assert_eq!(circles, ["high::part imports from low", "low imports from high::part"]);
    let (upward, circles) = faults("high/mod.rs", "mod part; pub struct Short; fn f() -> part::Tall { part::tall() }");
    assert_eq!((upward, circles), (vec![], vec![]), "a parent may import from its child");
    let (upward, circles) = faults("high/part.rs", "use super::other::Other; pub struct Tall;");
    assert_eq!((upward, circles.len()), (vec![], 0), "the file does not exist");
}

#[test]
fn modules_and_the_table_are_the_same() {
    let (upward, _) = faults("third.rs", "pub struct Third;");
    assert_eq!(upward, ["third has no floor"]);
    let two = [FILES[0], FILES[1]];
    assert_eq!(Modules::of(two).upward(&floors(FLOORS)), ["high does not exist"]);
}
