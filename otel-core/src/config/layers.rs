//! Code over configuration file or environment, and these over the defaults.
//!
//! A configuration file takes the place of the environment as a whole: with a file, only the variables that it refers to
//! count, by the
//! [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#declarative-configuration).

use std::collections::HashMap;
use std::path::Path;

#[cfg(feature = "config-file")]
use super::file;
use super::printable;
use super::problem::Problem;
use super::setting::{LocatedSetting, Setting};
use super::source::Source;
use super::{Config, ConfiguredFile, environment_variable};

/// The variable that names the file.
const FILE: &str = "OTEL_CONFIG_FILE";

impl Config {
    /// Reads the configuration file that `OTEL_CONFIG_FILE` names, or else the environment of this process.
    #[must_use]
    pub fn from_env() -> (Self, Vec<Problem>) {
        Self::over_env(&|_| None)
    }

    /// As [`from_env`](Self::from_env), but settings of `code`, by the names of variables, win.
    pub(crate) fn over_env(code: &dyn Fn(&str) -> Option<Setting>) -> (Self, Vec<Problem>) {
        read(code, &environment_variable, &read_file)
    }

    /// Reads the text of a configuration file that is called `name`. `lookup` knows the variables that the file refers
    /// to, as in `${API_KEY}`. A file that cannot be used is one problem, and [`sdk_disabled`](Self::sdk_disabled).
    ///
    /// ```
    /// use otel_core::config::{Config, ExporterName};
    ///
    /// let file = r#"
    /// file_format: "1.0"
    /// tracer_provider:
    ///   processors:
    ///     - simple: { exporter: { console: } }
    ///     - batch: { exporter: { zipkin: } }
    /// "#;
    /// let (config, problems) = Config::from_yaml("otel.yaml", file, |_| None);
    /// assert_eq!(config.traces.exporters, [ExporterName::Console]);
    /// assert_eq!(problems[0].variable, "otel.yaml:6:28 tracer_provider.processors[1].batch.exporter.zipkin");
    /// ```
    #[cfg(feature = "config-file")]
    pub fn from_yaml(name: &str, text: &str, lookup: impl Fn(&str) -> Option<String>) -> (Self, Vec<Problem>) {
        let code = |variable: &str| (variable == "OTEL_CONFIG_FILE").then(|| Setting::Path(name.into()));
        read(&code, &lookup, &|_| Ok(text.to_owned()))
    }
}

/// Reads the text of a file, or returns why it cannot.
pub(super) type ReadFile<'a> = &'a dyn Fn(&Path) -> Result<String, String>;

/// Reads the settings of `code`, those of the file that `code` or `environment` names, or of the `environment`.
pub(super) fn read(
    code: &dyn Fn(&str) -> Option<Setting>,
    environment: &dyn Fn(&str) -> Option<String>,
    read_file: ReadFile<'_>,
) -> (Config, Vec<Problem>) {
    let path = code(FILE).or_else(|| environment(FILE).map(Setting::Text)).and_then(Setting::into_path);
    let (file, mut problems) = match &path {
        Some(path) => {
            let (settings, problems) = of_file(path, environment, read_file);
            (Some(settings), problems)
        }
        None => (None, Vec::new()),
    };
    let below = |name: &str| match &file {
        Some(settings) => settings.get(name).map(|located| located.setting.clone()),
        None => environment(name).map(Setting::Text),
    };
    let is_code = |name: &str| code(name).is_some_and(|value| !value.is_empty());
    let lookup = |name: &str| match code(name) {
        Some(value) => Some(value),
        // A setting in code for all signals also wins over one for a single signal below.
        None if general(name).is_some_and(|general| is_code(&general)) => None,
        None => below(name),
    };
    let mut source = Source::new(&lookup);
    let mut config = Config { file: path, ..Config::read(&mut source) };
    let origin = |variable: &str| {
        let located = file.as_ref()?.get(variable)?;
        if code(variable).is_some() { None } else { located.origin.clone() }
    };
    problems.extend(
        source
            .into_problems()
            .into_iter()
            .map(|problem| Problem { variable: origin(&problem.variable).unwrap_or(problem.variable), ..problem }),
    );
    for otlp in [&mut config.traces.otlp, &mut config.metrics.otlp, &mut config.logs.otlp] {
        for file in [&mut otlp.certificate, &mut otlp.client_key, &mut otlp.client_certificate] {
            if let Some(ConfiguredFile { variable, .. }) = file
                && let Some(origin) = origin(variable)
            {
                *variable = origin;
            }
        }
    }
    (config, problems)
}

/// The settings of a file. A file that cannot be used turns telemetry off: it may forbid destinations or attributes that
/// a default would allow. The context of requests is still passed on.
fn of_file(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
    read_file: ReadFile<'_>,
) -> (HashMap<String, LocatedSetting>, Vec<Problem>) {
    match understood(path, environment, read_file) {
        Ok(understood) => understood,
        Err(reason) => {
            let off = [
                ("OTEL_SDK_DISABLED", "true"),
                ("OTEL_TRACES_EXPORTER", "none"),
                ("OTEL_METRICS_EXPORTER", "none"),
                ("OTEL_LOGS_EXPORTER", "none"),
            ];
            let located = |(name, value): (&str, &str)| {
                (name.to_owned(), LocatedSetting { setting: Setting::Text(value.to_owned()), origin: None })
            };
            (
                off.into_iter().map(located).collect(),
                vec![Problem::printable(
                    FILE,
                    printable::path(path).unwrap_or_default(),
                    reason,
                    "no telemetry at all",
                )],
            )
        }
    }
}

#[cfg(feature = "config-file")]
fn understood(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
    read_file: ReadFile<'_>,
) -> Result<(HashMap<String, LocatedSetting>, Vec<Problem>), String> {
    let text = read_file(path)?;
    let file::FileSettings { settings, problems } =
        file::read(&path.to_string_lossy(), &text, environment).map_err(|file::Unusable(reason)| reason)?;
    Ok((settings, problems))
}

#[cfg(not(feature = "config-file"))]
fn understood(
    _: &Path,
    _: &dyn Fn(&str) -> Option<String>,
    _: ReadFile<'_>,
) -> Result<(HashMap<String, LocatedSetting>, Vec<Problem>), String> {
    Err("this build reads no configuration files, its cargo feature `config-file` is off".to_owned())
}

/// The variable that holds for all signals, or for all parts of a span, where `name` holds for one.
fn general(name: &str) -> Option<String> {
    if let Some(setting) = name.strip_prefix("OTEL_EXPORTER_OTLP_") {
        let (signal, setting) = setting.split_once('_')?;
        let is_one = ["TRACES", "METRICS", "LOGS"].contains(&signal) && setting != "TEMPORALITY_PREFERENCE";
        return is_one.then(|| format!("OTEL_EXPORTER_OTLP_{setting}"));
    }
    let limit = name.strip_prefix("OTEL_")?.split_once("_ATTRIBUTE_")?;
    ["SPAN", "EVENT", "LINK", "LOGRECORD"].contains(&limit.0).then(|| format!("OTEL_ATTRIBUTE_{}", limit.1))
}

/// Most bytes of a file. One of the specification's examples has four thousand.
const LARGEST: u64 = 1 << 20;

/// The text of a file.
pub(super) fn read_file(path: &Path) -> Result<String, String> {
    use std::io::Read as _;
    // Opening a named pipe without a writer would block the start of the application.
    let is_file = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?.is_file();
    if !is_file {
        return Err("not a file".to_owned());
    }
    let file = std::fs::File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| format!("cannot be read: {error}"))?;
    if read as u64 > LARGEST {
        return Err(format!("larger than {LARGEST} bytes"));
    }
    Ok(text)
}
