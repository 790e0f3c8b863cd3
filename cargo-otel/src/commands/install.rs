//! `cargo otel install`.

use std::env;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use super::notes;
use crate::output;
use crate::project::{Arguments, cargo, cargo_home};
use crate::recipe::Recipe;
use crate::state::State;

/// Options of `cargo install` alone whose value is the next argument.
const WITH_VALUE: [&str; 10] =
    ["--branch", "--git", "--index", "--path", "--registry", "--rev", "--root", "--tag", "--vers", "--version"];

/// Returns `true` if a folder is installed, not a package of a registry or a repository.
pub(super) fn is_local(arguments: &Arguments) -> bool {
    !arguments.values("--path").is_empty()
}

/// The folder whose configuration holds for a command. An installation
/// [does not depend](https://doc.rust-lang.org/cargo/commands/cargo-install.html#configuration-discovery) on the current one.
pub(super) fn config_folder(arguments: &Arguments) -> Result<PathBuf> {
    if arguments.command() != Some("install") {
        return Ok(env::current_dir()?);
    }
    match arguments.folder("--path")? {
        Some(folder) => Ok(folder),
        None => cargo_home().context("no home folder: set CARGO_HOME to a folder"),
    }
}

/// The arguments, with `--force` if a package is installed already. Cargo leaves that as it is, instrumented or not.
pub(super) fn forced(arguments: &Arguments) -> Result<Arguments> {
    let mut command = cargo();
    command.args(["install", "--list"]);
    for option in ["--config", "--root"] {
        command.args(arguments.values(option).iter().flat_map(|value| [option, value]));
    }
    let output = command.output().context("cargo cannot be called")?;
    let names: Vec<&str> =
        arguments.free(&WITH_VALUE).iter().map(|name| name.split('@').next().unwrap_or(name)).collect();
    let repositories = arguments.values("--git");
    let is_named = |line: &str| {
        let (name, repository) = installed(line);
        names.contains(&name) || repositories.iter().any(|url| repository == Some(without_suffix(url)))
    };
    let list = String::from_utf8_lossy(&output.stdout);
    let is_installed = list.lines().filter(|line| !line.starts_with(' ')).any(is_named);
    let is_forced = arguments.has("--force", Some('f'));
    Ok(if is_installed && !is_forced { arguments.clone().with_flag("--force") } else { arguments.clone() })
}

/// The name of a package in cargo's list, and the URL of its repository, if it has one: `shop v1.2.0:`, or
/// `shop v1.2.0 (https://example.com/shop?branch=main#1a2b3c4d):`.
fn installed(line: &str) -> (&str, Option<&str>) {
    let (package, source) = line.split_once(" (").unwrap_or((line, ""));
    let repository = source.split_once(['?', '#']).map(|(url, _)| without_suffix(url));
    (package.split(' ').next().unwrap_or_default(), repository)
}

/// A URL without the parts that make no difference for cargo.
fn without_suffix(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    url.strip_suffix(".git").unwrap_or(url)
}

/// Prints the crates that are instrumented, and those that are not. If `is_quiet`, only warnings.
///
/// # Errors
///
/// With `--strict`: a program without a server.
pub(super) fn print_notes(state: &State, is_quiet: bool) -> Result<()> {
    let is_woven = |title: &str| matches!(Recipe::of(title.split(' ').next().unwrap_or(title)), Some(Recipe::Weave(_)));
    let (woven, others): (Vec<_>, Vec<_>) = state.all_notes().into_iter().partition(|(_, note)| note.is_empty());
    let woven: Vec<String> = woven.into_iter().map(|(title, _)| title).filter(|title| is_woven(title)).collect();
    // With `--strict` these are of earlier builds in a common target folder.
    for (title, note) in others.iter().filter(|_| !state.is_strict) {
        // The folder of the notes is temporary.
        notes::line(title, note.trim_end(), is_quiet);
    }
    if !woven.is_empty() && !is_quiet {
        output::status("Instrumented", format_args!("{}", woven.join(", ")));
    }
    if !woven.iter().chain(others.iter().map(|(title, _)| title)).any(|title| title.starts_with("actix-web ")) {
        let text = "nothing serves requests here: the program does not depend on actix-web";
        if state.is_strict {
            bail!("{text} (it is installed)");
        }
        output::warning(format_args!("{text}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_list_names_a_package_and_its_repository() {
        assert_eq!(installed("shop v1.2.0:"), ("shop", None));
        assert_eq!(installed("shop v1.2.0 (/home/user/shop):"), ("shop", None));
        let url = Some("https://example.com/shop");
        assert_eq!(installed("shop v1.2.0 (https://example.com/shop#1a2b3c4d):"), ("shop", url));
        assert_eq!(installed("shop v1.2.0 (https://example.com/shop.git?tag=v1#1a2b3c4d):"), ("shop", url));
        assert_ne!(installed("shop v1.2.0 (https://example.com/shopping#1a2b3c4d):").1, url);
        assert_eq!(Some(without_suffix("https://example.com/shop/")), url);
    }
}
