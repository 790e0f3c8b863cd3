//! The copy of a crate of the application, with the attribute on the selected functions.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::Patterns;
use super::source::{self, Module};
use crate::weave::copy_folder;

/// A crate of a package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crate<'a> {
    pub(crate) name: &'a str,
    /// The folder of the package.
    pub(crate) package: &'a Path,
    /// The first file of the crate, relative to the package.
    pub(crate) root: &'a Path,
}

/// The selected functions of a crate.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    /// Their paths.
    pub(crate) functions: Vec<String>,
    /// The files in which they are, relative to the package, and the texts with the attribute.
    files: Vec<(PathBuf, String)>,
}

/// Finds the selected functions.
///
/// # Errors
///
/// If the sources cannot be read.
pub(crate) fn select(of: Crate<'_>, patterns: &Patterns) -> Result<Selected> {
    let Crate { name, package, root } = of;
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    let mut files = vec![(root.to_owned(), folder, name.to_owned())];
    let (mut selected, mut seen) = (Selected::default(), BTreeSet::new());
    while let Some((file, folder, path)) = files.pop() {
        // Two modules may name the same file, each under its own `#[cfg]`. A path with `..` may lead through a link to the
        // original, which must not be written.
        let is_copied = file.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_copied || !seen.insert(file.clone()) {
            continue;
        }
        let text = fs::read_to_string(package.join(&file)).with_context(|| file.display().to_string())?;
        let annotated = source::annotate(&text, &path, patterns)?;
        selected.functions.extend(annotated.functions);
        for module in annotated.modules {
            // A module that is not compiled need not exist.
            if let Some(found) = find(package, &module, &file, &folder) {
                files.push((found.file, found.folder, module.path));
            }
        }
        selected.files.extend(annotated.text.map(|text| (file, text)));
    }
    selected.functions.sort_unstable();
    Ok(selected)
}

/// Writes a copy of the package with the attribute to `copy`, which is replaced.
///
/// The folder of the sources is copied whole, because `include_str!` looks beside a source file. Everything else of the
/// package is there by links: a package may hold a lot of data.
///
/// # Errors
///
/// If the copy cannot be written.
pub(crate) fn write(of: Crate<'_>, selected: &Selected, copy: &Path) -> Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    let written = write_files(of, selected, copy);
    if written.is_err() {
        // What cannot be deleted now is replaced by the next build.
        let _ = fs::remove_dir_all(copy);
    }
    written
}

fn write_files(of: Crate<'_>, selected: &Selected, copy: &Path) -> Result<()> {
    copy_package(of.package, of.root, copy)?;
    let inside = copy.canonicalize()?;
    for (file, text) in &selected.files {
        let path = copy.join(file);
        let folder = path.parent().unwrap_or(copy).canonicalize()?;
        ensure!(folder.starts_with(&inside), "{} leads out of the copy", file.display());
        fs::write(&path, text).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// A module's file, and the folder of its own modules; both relative to the package.
struct Found {
    file: PathBuf,
    folder: PathBuf,
}

/// Finds the file of a module as [the compiler does](https://doc.rust-lang.org/reference/items/modules.html#module-source-filenames).
fn find(package: &Path, module: &Module, file: &Path, folder: &Path) -> Option<Found> {
    let (name, inline) = module.names.split_last()?;
    let around: PathBuf = inline.iter().fold(folder.to_owned(), |folder, name| folder.join(name));
    let exists = |file: &PathBuf| package.join(file).is_file();
    if let Some(given) = &module.file {
        // Relative to the file, or to the folder that the inline modules make.
        let from = if inline.is_empty() { file.parent()?.to_owned() } else { around };
        let file = from.join(given);
        return exists(&file).then(|| Found { folder: file.parent().map(Path::to_owned).unwrap_or_default(), file });
    }
    let below = around.join(name);
    let file = [around.join(format!("{name}.rs")), below.join("mod.rs")].into_iter().find(exists)?;
    Some(Found { file, folder: below })
}

fn copy_package(package: &Path, root: &Path, copy: &Path) -> Result<()> {
    let mut parts = root.components();
    let sources = parts.next().filter(|_| parts.next().is_some());
    let Some(sources) = sources.filter(|_| cfg!(unix)) else {
        // The sources are beside everything else, or there are no links.
        return copy_folder(package, copy, true);
    };
    fs::create_dir_all(copy).with_context(|| copy.display().to_string())?;
    for entry in fs::read_dir(package).with_context(|| package.display().to_string())? {
        let entry = entry?;
        let target = copy.join(entry.file_name());
        // A link to a folder around the copy would be a circle.
        if copy.starts_with(entry.path()) || entry.file_name() == ".git" {
            continue;
        }
        if entry.file_name() == sources.as_os_str() {
            copy_folder(&entry.path(), &target, false)?;
        } else {
            link(&entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    #[test]
    fn modules_are_found_as_the_compiler_finds_them() {
        let folder = std::env::temp_dir().join(format!("cargo-otel-functions-{}", std::process::id()));
        let (package, copy) = (folder.join("package"), folder.join("copy"));
        let files = [
            (
                "src/main.rs",
                "mod a; mod b; mod c { mod d; } #[path = \"odd.rs\"] mod e; #[cfg(windows)] mod f; \
                 #[path = \"../outside.rs\"] mod g; fn z() {}",
            ),
            ("outside.rs", "fn z() {}"),
            ("src/a.rs", "mod inner; pub fn z() {}"),
            ("src/a/inner.rs", "fn z() {}"),
            ("src/b/mod.rs", "mod inner; fn y() {}"),
            ("src/b/inner.rs", "fn z() {}"),
            ("src/c/d.rs", "fn z() {}"),
            ("src/odd.rs", "fn z() {}"),
            ("src/text.txt", "text"),
            ("data/big.bin", "data"),
        ];
        for (name, text) in files {
            fs::create_dir_all(package.join(name).parent().unwrap()).unwrap();
            fs::write(package.join(name), text).unwrap();
        }
        let patterns = Patterns::parse(["app::*z"]).unwrap();
        let app = Crate { name: "app", package: &package, root: Path::new("src/main.rs") };
        let selected = select(app, &patterns).unwrap();
        assert!(!copy.exists());
        write(app, &selected, &copy).unwrap();
        assert_eq!(
            selected.functions,
            ["app::a::inner::z", "app::a::z", "app::b::inner::z", "app::c::d::z", "app::e::z", "app::z"]
        );
        assert_eq!(fs::read_to_string(copy.join("src/b/mod.rs")).unwrap(), files[4].1);
        assert!(fs::read_to_string(copy.join("src/c/d.rs")).unwrap().ends_with("] fn z() {}"));
        assert_eq!(fs::read_to_string(copy.join("src/text.txt")).unwrap(), "text");
        assert_eq!(fs::read_to_string(copy.join("data/big.bin")).unwrap(), "data");
        assert_eq!(copy.join("data").is_symlink(), cfg!(unix));
        for (name, text) in files {
            assert_eq!(fs::read_to_string(package.join(name)).unwrap(), text);
        }
        // Written again: the links of the first copy are removed, not what they lead to.
        write(app, &selected, &copy).unwrap();
        assert!(package.join("data/big.bin").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
