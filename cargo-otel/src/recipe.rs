//! The crates that are changed in a build, and their changes: the files of `recipes/`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use semver::{Version, VersionReq};
use serde::Deserialize;

/// The change of a crate.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Recipe {
    /// A copy of its sources is edited.
    Weave(Weave),
    /// It becomes a re-export of the runtime's copy.
    Share(Share),
}

/// Edits of a crate's sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Weave {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    /// Versions that the edits fit.
    pub(crate) versions: VersionReq,
    /// Crates of the runtime that the edits name.
    pub(crate) externs: Vec<String>,
    /// Crates that record the same calls. Beside one of them this crate is left alone: each call would have two spans.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// Crates that record the same requests, each with the crates without which it does not. Beside one of them each request
    /// has two spans: nothing shows if the application uses it.
    #[serde(default)]
    pub(crate) doubled_by: Vec<Vec<String>>,
    /// A crate of this project whose sources become the module `__otel`.
    pub(crate) module: Option<String>,
    #[serde(rename = "edit")]
    pub(crate) edits: Vec<Edit>,
    /// The root of that module, in place of the crate's.
    pub(crate) module_root: Option<String>,
    /// Edits of that module's sources.
    #[serde(default, rename = "module-edit")]
    pub(crate) module_edits: Vec<Edit>,
}

/// A piece of code that is replaced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// Versions of the crate that the edit is for; all by default.
    #[serde(default)]
    pub(crate) versions: VersionReq,
    pub(crate) file: String,
    /// Tokens to find, whatever their spacing. `(..)` stands for parentheses with any content.
    pub(crate) find: String,
    /// The replacement. `$0` stands for the code that was found, `$1` for the first `(..)`.
    pub(crate) replace: String,
    #[serde(default)]
    pub(crate) times: Times,
}

/// How often the code of an [`Edit`] has to occur.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Times {
    /// Exactly once.
    #[default]
    Once,
    /// At least once.
    Any,
}

/// A crate whose global state the application and the runtime share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    /// Features of the runtime's copy.
    pub(crate) features: BTreeSet<String>,
    /// The source of the re-export.
    pub(crate) source: String,
    /// Crates of the runtime that the source names: `otel_hooks`, or `__shared_` and a crate's name.
    pub(crate) externs: Vec<String>,
}

impl Recipe {
    /// All recipes.
    pub(crate) fn all() -> &'static [Self] {
        static RECIPES: LazyLock<Vec<Recipe>> = LazyLock::new(|| {
            let sources = [
                include_str!("../recipes/actix-web.toml"),
                include_str!("../recipes/awc.toml"),
                include_str!("../recipes/log.toml"),
                include_str!("../recipes/opentelemetry.toml"),
                include_str!("../recipes/reqwest.toml"),
                include_str!("../recipes/sqlx-core.toml"),
                include_str!("../recipes/tokio.toml"),
                include_str!("../recipes/tracing-core.toml"),
                include_str!("../recipes/tracing-subscriber.toml"),
            ];
            // A test parses all of them.
            sources.into_iter().filter_map(|source| toml::from_str(source).ok()).collect()
        });
        &RECIPES
    }

    /// The recipe for a crate.
    pub(crate) fn of(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|recipe| recipe.name() == name)
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Weave(weave) => &weave.name,
            Self::Share(share) => &share.name,
        }
    }
}

impl Weave {
    /// The crate among `packages` that records the same calls, if there is one.
    pub(crate) fn other<'a>(&self, mut packages: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        packages.find(|name| self.unless.iter().any(|other| other == name))
    }
}

impl Share {
    /// The reason why the application's copy, of this version and with these features, stays separate; `None` if it is
    /// shared.
    pub(crate) fn refusal(&self, version: &Version, features: &BTreeSet<String>, ours: &Version) -> Option<String> {
        let compatible = VersionReq { comparators: vec![caret(version)] };
        if !compatible.matches(ours) {
            let line = if version > ours { "newer than" } else { "another line than" };
            return Some(format!("it is {line} the runtime's {ours}"));
        }
        let missing: Vec<&str> = features.difference(&self.features).map(String::as_str).collect();
        (!missing.is_empty()).then(|| format!("the runtime's copy lacks its features {}", missing.join(", ")))
    }
}

/// `^version`: the runtime's copy has to be at least that new.
fn caret(version: &Version) -> semver::Comparator {
    semver::Comparator {
        op: semver::Op::Caret,
        major: version.major,
        minor: Some(version.minor),
        patch: Some(version.patch),
        pre: version.pre.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    #[test]
    fn every_recipe_is_understood() {
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/recipes")).unwrap();
        let mut names: Vec<String> = files
            .map(|file| {
                let path = file.unwrap().path();
                let recipe: Recipe = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                assert_eq!(path.file_stem().unwrap(), recipe.name());
                recipe.name().to_owned()
            })
            .collect();
        names.sort_unstable();
        assert_eq!(names, Recipe::all().iter().map(Recipe::name).collect::<Vec<_>>());
    }

    #[test]
    fn a_copy_is_shared_only_if_the_runtimes_can_take_its_place() {
        let Some(Recipe::Share(share)) = Recipe::of("log") else { unreachable!() };
        let refusal = |version: &str, features: &[&str]| {
            let features = features.iter().map(|&feature| feature.to_owned()).collect();
            share.refusal(&version.parse().unwrap(), &features, &"0.4.30".parse().unwrap())
        };
        assert_eq!(refusal("0.4.30", &["std"]), None);
        assert_eq!(refusal("0.4.8", &[]), None);
        assert_eq!(refusal("0.4.31", &[]).unwrap(), "it is newer than the runtime's 0.4.30");
        assert_eq!(refusal("0.3.9", &[]).unwrap(), "it is another line than the runtime's 0.4.30");
        let features = refusal("0.4.30", &["std", "max_level_info", "kv_serde"]).unwrap();
        assert_eq!(features, "the runtime's copy lacks its features kv_serde, max_level_info");
    }
}
