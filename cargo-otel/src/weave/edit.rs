//! Edits of a text.

use anyhow::{Context as _, Result, bail};
use semver::Version;

use super::tokens;
use crate::recipe::{Edit, Times};

/// Makes the edits of a file that are for this version of its crate.
pub(super) fn all(mut text: String, edits: &[Edit], file: &str, version: &Version) -> Result<String> {
    for edit in edits.iter().filter(|edit| edit.file == file && edit.versions.matches(version)) {
        text = one(&text, edit).with_context(|| format!("{file} of {version}"))?;
    }
    Ok(text)
}

/// Makes one edit. Lines keep their numbers: messages and backtraces name the lines of the original.
fn one(text: &str, edit: &Edit) -> Result<String> {
    let code = tokens::of(text)?;
    let matches = tokens::find(&code, &tokens::of_pattern(&edit.find)?);
    match (matches.len(), edit.times) {
        (1, _) | (2.., Times::Any) => {}
        (count, _) => bail!("`{}` was found {count} times", edit.find),
    }
    let mut edited = String::with_capacity(text.len() + 1024);
    let mut end = 0;
    for found in matches {
        let replaced = &text[found.place.clone()];
        let mut replacement = edit.replace.replace("$0", replaced);
        for (number, group) in found.groups.iter().enumerate() {
            replacement = replacement.replace(&format!("${}", number + 1), &text[group.clone()]);
        }
        edited.push_str(&text[end..found.place.start]);
        edited.push_str(&replacement);
        let lines = |text: &str| text.matches('\n').count();
        edited.extend(std::iter::repeat_n('\n', lines(replaced).saturating_sub(lines(&replacement))));
        end = found.place.end;
    }
    edited.push_str(&text[end..]);
    Ok(edited)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    fn edit(find: &str, replace: &str, times: Times) -> Edit {
        let versions = semver::VersionReq::default();
        Edit { versions, file: String::new(), find: find.to_owned(), replace: replace.to_owned(), times }
    }

    #[test]
    fn code_is_found_however_it_is_spaced() {
        let text = "fn f() {\n    a() // made here\n        .b(|x| x)\n}\nmod end;\n";
        let edited = one(text, &edit("a().b(|x|x)", "c(a())", Times::Once)).unwrap();
        assert_eq!(edited, "fn f() {\n    c(a())\n\n}\nmod end;\n");
        assert_eq!(
            edited.lines().position(|line| line == "mod end;"),
            text.lines().position(|line| line == "mod end;")
        );
    }

    #[test]
    fn texts_and_comments_are_not_code() {
        let text = "const TEXT: &str = \"mod app;\"; // mod app;\n/* mod app; */ mod app;";
        let edited = one(text, &edit("mod app;", "mod app2;", Times::Once)).unwrap();
        assert_eq!(edited, "const TEXT: &str = \"mod app;\"; // mod app;\n/* mod app; */ mod app2;");
    }

    #[test]
    fn what_stands_in_parentheses_can_be_kept() {
        let edited =
            one("x: New::new((a, b), c()), y: 1", &edit("x: New::new(..)", "x: wrap(New::new$1)", Times::Once));
        assert_eq!(edited.unwrap(), "x: wrap(New::new((a, b), c())), y: 1");
    }

    #[test]
    fn an_open_bracket_ends_a_pattern() {
        let edited =
            one("pub fn new(f: F) -> Self { body() }", &edit("pub fn new(f: F) -> Self {", "$0 start();", Times::Once));
        assert_eq!(edited.unwrap(), "pub fn new(f: F) -> Self { start(); body() }");
    }

    #[test]
    fn code_that_is_missing_or_there_twice_is_an_error() {
        assert!(one("a();", &edit("b()", "", Times::Any)).is_err());
        assert!(one("a(); a();", &edit("a()", "b()", Times::Once)).is_err());
        assert_eq!(one("a(); a();", &edit("a()", "b()", Times::Any)).unwrap(), "b(); b();");
        assert!(one("fn f( {", &edit("a()", "b()", Times::Any)).is_err());
    }
}
