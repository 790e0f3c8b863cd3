//! A configuration file: the [declarative configuration](https://opentelemetry.io/docs/specs/otel/configuration/) of
//! OpenTelemetry, in YAML, by its [schema](https://github.com/open-telemetry/opentelemetry-configuration).
//!
//! What the file says becomes what the variables of the same meaning would say, so that one parser judges both, and
//! settings in code, which go by the names of variables, win over the file as they win over the environment. What has no
//! such variable is told by its key. No side effects: text and a look-up of variables in, settings and problems out.
//!
//! | module | one idea |
//! |---|---|
//! | `substitute` | `${VAR:-default}` |
//! | `parse`, `node` | YAML → a tree that knows where everything stands |
//! | `reader`, `section` | nodes → settings; keys nobody asked for → problems |
//! | `version` | `file_format` |
//! | the others | one section of the schema each |

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
mod version;

use std::collections::HashMap;

use super::problem::Problem;
use node::Position;
use reader::Reader;
pub(super) use reader::Said;
use section::Place;

/// What a file says.
#[derive(Debug)]
pub(super) struct FileSettings {
    /// By the names of variables.
    pub(super) said: HashMap<String, Said>,
    /// What was not understood.
    pub(super) problems: Vec<Problem>,
}

/// Why a file is of no use at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unusable(pub(super) String);

impl Unusable {
    fn at(Position { line, column }: Position, reason: impl std::fmt::Display) -> Self {
        // Messages of the YAML parser may quote the file; a problem is one line all the same.
        Self(format!("line {line}, column {column}: {reason}").replace(char::is_control, " "))
    }
}

/// Reads the text of a file that is called `name`. References are looked up with `lookup`.
pub(super) fn read(name: &str, text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<FileSettings, Unusable> {
    let document = parse::parse(text, lookup)?;
    let mut reader = Reader::new(name, lookup);
    let place = Place { path: String::new(), node: &document };
    let mut root = version::read(&mut reader, &place)?;
    general::read(&mut reader, &mut root);
    resource::read(&mut reader, &mut root);
    traces::read(&mut reader, &mut root);
    metrics::read(&mut reader, &mut root);
    logs::read(&mut reader, &mut root);
    instrumentation::read(&mut reader, &mut root);
    root.end(&mut reader);
    let Reader { said, problems, .. } = reader;
    Ok(FileSettings { said, problems })
}
