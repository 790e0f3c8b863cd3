//! The value of a setting: text from the environment, typed values from code and from a configuration file.

use std::path::PathBuf;

use opentelemetry::KeyValue;

use super::metric_view::MetricView;

/// A setting, and its place in the configuration file.
#[derive(Clone, Debug)]
pub(super) struct LocatedSetting {
    pub(super) setting: Setting,
    /// `otel.yaml:12:5 tracer_provider.sampler`; `None` if no file has it.
    pub(super) origin: Option<String>,
}

/// The value of a variable, or the value that code or a configuration file gives instead. Only text is split at commas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Setting {
    /// Text, as in the environment.
    Text(String),
    /// A file. Its path need not be UTF-8.
    Path(PathBuf),
    /// The members of a list, which may contain commas.
    List(Vec<String>),
    /// The members of a list that replaces the default, where the variable adds to it.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only a configuration file replaces defaults"))]
    Exactly(Vec<String>),
    /// Headers in clear.
    Headers(Vec<(String, String)>),
    /// Attributes with types.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only a configuration file has types"))]
    Attributes(Vec<KeyValue>),
    /// Views of metrics.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only a configuration file has views"))]
    Views(Vec<MetricView>),
}

impl Setting {
    /// Returns `true` if the value unsets the variable.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Path(path) => path.as_os_str().is_empty(),
            Self::List(members) | Self::Exactly(members) => members.is_empty(),
            Self::Headers(headers) => headers.is_empty(),
            Self::Attributes(attributes) => attributes.is_empty(),
            Self::Views(views) => views.is_empty(),
        }
    }

    /// Returns the path of a file: a text without surrounding white space.
    pub(super) fn into_path(self) -> Option<PathBuf> {
        match self {
            Self::Text(text) => Some(text.trim().into()).filter(|path: &PathBuf| !path.as_os_str().is_empty()),
            Self::Path(path) => Some(path).filter(|path| !path.as_os_str().is_empty()),
            Self::List(_) | Self::Exactly(_) | Self::Headers(_) | Self::Attributes(_) | Self::Views(_) => None,
        }
    }
}
