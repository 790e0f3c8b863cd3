//! The life of a request in `ARCHITECTURE.md`: its files and functions exist.
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "Rust sources end in .rs")]

use std::fs;
use std::path::Path;

/// The names of files in a line.
fn files(line: &str) -> impl Iterator<Item = &str> {
    line.split(|other: char| !other.is_ascii_alphanumeric() && !"/_.".contains(other))
        .filter(|word| word.ends_with(".rs"))
}

/// The files and functions that the picture names, and that do not exist below `root`.
pub(crate) fn missing(document: &str, root: &Path) -> Vec<String> {
    let section = document.split("## The life of a request").nth(1).unwrap_or_default();
    let picture = section.split("```").nth(1).unwrap_or_default();
    let mut folder = "";
    let mut missing = Vec::new();
    for line in picture.lines() {
        if line.ends_with("/src/") {
            folder = line;
        }
        missing.extend(files(line).filter(|file| !root.join(folder).join(file).exists()).map(str::to_owned));
        if let Some((file, rest)) = line.trim().split_once(' ').filter(|(file, _)| file.ends_with(".rs")) {
            let function = rest.trim().split(':').next().unwrap_or_default();
            let source = fs::read_to_string(root.join(folder).join(file)).unwrap_or_default();
            if ["(", "<"].iter().all(|after| !source.contains(&format!("fn {function}{after}"))) {
                missing.push(format!("{file}: {function}"));
            }
        }
    }
    missing
}
