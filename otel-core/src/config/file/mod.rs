//! A configuration file: the [declarative configuration](https://opentelemetry.io/docs/specs/otel/configuration/) of
//! OpenTelemetry, in YAML, by its [schema](https://github.com/open-telemetry/opentelemetry-configuration).
//!
//! Each key becomes the variable of the same meaning, so that one parser checks both, and settings in code, which have the
//! names of variables, win over the file as they win over the environment. Problems name the key. No side effects: text
//! and a look-up of variables in, settings and problems out.
//!
//! | module | one idea |
//! |---|---|
//! | `substitute` | `${VAR:-default}` |
//! | `parse`, `node` | YAML → a tree of nodes with their positions |
//! | `reader`, `section` | nodes → settings; unknown keys → problems |
//! | `version` | `file_format` |
//! | the others | one section of the schema each |

mod aggregation;
mod exporter;
mod general;
mod instrumentation;
mod logs;
mod metrics;
mod node;
mod parse;
mod processors;
mod reader;
mod resource;
mod sampler;
mod section;
pub(in crate::config) mod substitute;
#[cfg(test)]
mod tests;
mod traces;
mod unusable;
mod version;
mod views;

use std::collections::HashMap;

use super::problem::Problem;
use super::setting::LocatedSetting;
use node::LocatedNode;
use reader::Reader;
pub(super) use unusable::Unusable;

/// The settings of a file.
#[derive(Debug)]
pub(super) struct FileSettings {
    /// The settings by the names of their variables.
    pub(super) settings: HashMap<String, LocatedSetting>,
    /// The parts of the file that were not understood.
    pub(super) problems: Vec<Problem>,
}

/// Reads the text of a file that is called `name`. References are looked up with `lookup`.
pub(super) fn read(name: &str, text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<FileSettings, Unusable> {
    let document = parse::parse(text, lookup)?;
    let mut reader = Reader::new(name, lookup);
    let place = LocatedNode { path: String::new(), node: &document };
    let mut root = version::read(&mut reader, &place)?;
    general::read(&mut reader, &mut root);
    resource::read(&mut reader, &mut root);
    traces::read(&mut reader, &mut root);
    metrics::read(&mut reader, &mut root);
    logs::read(&mut reader, &mut root);
    instrumentation::read(&mut reader, &mut root);
    root.end(&mut reader);
    let Reader { settings, problems, .. } = reader;
    Ok(FileSettings { settings, problems })
}
