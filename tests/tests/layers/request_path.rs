//! The life of a request in `ARCHITECTURE.md`: its files and functions exist, follow each other, and are few.
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "Rust sources end in .rs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the two crates.
const FOLDERS: [&str; 2] = ["otel-actix/src/", "otel-core/src/"];

/// Functions that no file of an earlier step calls: actix-web calls the first three, and a thread of its own the last one.
const CALLED_FROM_OUTSIDE: [&str; 4] = ["call", "poll", "poll_next", "run"];

/// The names of files in a line.
fn files(line: &str) -> impl Iterator<Item = &str> {
    line.split(|other: char| !other.is_ascii_alphanumeric() && !"/_.".contains(other))
        .filter(|word| word.ends_with(".rs"))
}

/// Returns `true` if the source defines the function.
fn defines(source: &str, function: &str) -> bool {
    source.contains(&format!("fn {function}(")) || source.contains(&format!("fn {function}<"))
}

/// Returns `true` if the source has a call with the name of the function.
fn calls(source: &str, function: &str) -> bool {
    source.match_indices(&format!("{function}(")).any(|(at, _)| {
        let before = &source[..at];
        !before.ends_with("fn ") && !before.ends_with(|last: char| last.is_alphanumeric() || last == '_')
    })
}

/// The faults of the picture: files and functions that do not exist below `root`, functions that no file of an earlier
/// step calls, and files that are named more than twice.
pub(crate) fn faults(document: &str, root: &Path) -> Vec<String> {
    let section = document.split("## The life of a request").nth(1).unwrap_or_default();
    let picture = section.split("```").nth(1).unwrap_or_default();
    let mut folder = "";
    let mut faults = Vec::new();
    let mut opened: BTreeMap<PathBuf, u32> = BTreeMap::new();
    let mut earlier = String::new();
    for line in picture.lines() {
        if line.ends_with("/src/") {
            folder = line;
        }
        let path = |file: &str| {
            let folders = [folder].into_iter().chain(FOLDERS);
            folders.map(|folder| root.join(folder).join(file)).find(|path| path.exists())
        };
        let source = |file: &str| path(file).and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        if let Some((file, rest)) = line.trim().split_once(' ').filter(|(file, _)| file.ends_with(".rs")) {
            let function = rest.trim().split([':', ',']).next().unwrap_or_default();
            if !defines(&source(file), function) {
                faults.push(format!("{file}: {function}"));
            } else if !CALLED_FROM_OUTSIDE.contains(&function) && !calls(&earlier, function) {
                faults.push(format!("{file}: {function} is called in no file before"));
            }
        }
        for file in files(line) {
            earlier += &source(file);
            let Some(path) = path(file) else {
                faults.push(file.to_owned());
                continue;
            };
            let times = opened.entry(path).or_default();
            *times += 1;
            if *times == 3 {
                faults.push(format!("{file} is opened three times"));
            }
        }
    }
    faults
}
