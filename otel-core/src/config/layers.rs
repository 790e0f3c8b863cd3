//! Code over configuration file or environment, and these over the defaults.
//!
//! A configuration file takes the place of the environment as a whole: with one, variables count only where the file
//! refers to them, as the
//! [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#declarative-configuration)
//! says.

use std::collections::HashMap;
use std::path::Path;

#[cfg(feature = "config-file")]
use super::file;
use super::problem::Problem;
use super::setting::Setting;
use super::source::Source;
use super::{Config, ConfiguredFile};

/// The variable that names the file.
const FILE: &str = "OTEL_CONFIG_FILE";

/// The text of a file, or why there is none.
pub(super) type ReadFile<'a> = &'a dyn Fn(&Path) -> Result<String, String>;

/// A setting, and where it stands if that is a file.
#[derive(Debug)]
struct Said {
    setting: Setting,
    origin: Option<String>,
}

/// Reads the settings of `code`, those of the file that `code` or `environment` names, or of the `environment`.
pub(super) fn read(
    code: &dyn Fn(&str) -> Option<Setting>,
    environment: &dyn Fn(&str) -> Option<String>,
    read_file: ReadFile<'_>,
) -> (Config, Vec<Problem>) {
    let path = code(FILE).or_else(|| environment(FILE).map(Setting::Text)).and_then(Setting::into_path);
    let (said, mut problems) = match &path {
        Some(path) => {
            let (said, problems) = of_file(path, environment, read_file);
            (Some(said), problems)
        }
        None => (None, Vec::new()),
    };
    let below = |name: &str| match &said {
        Some(said) => said.get(name).map(|said| said.setting.clone()),
        None => environment(name).map(Setting::Text),
    };
    let is_code = |name: &str| code(name).is_some_and(|value| !value.is_empty());
    let lookup = |name: &str| match code(name) {
        Some(value) => Some(value),
        // What code says of all signals is not undone by what was said below of one of them.
        None if general(name).is_some_and(|general| is_code(&general)) => None,
        None => below(name),
    };
    let mut source = Source::new(&lookup);
    let mut config = Config { file: path, ..Config::read(&mut source) };
    let origin = |variable: &str| {
        let said = said.as_ref()?.get(variable)?;
        if code(variable).is_some() { None } else { said.origin.clone() }
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

/// What a file says; where it is of no use, that there is no telemetry. It may have said where telemetry must not go,
/// and what must not be recorded: no guess can be right. The context of requests is still passed on.
fn of_file(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
    read_file: ReadFile<'_>,
) -> (HashMap<String, Said>, Vec<Problem>) {
    match understood(path, environment, read_file) {
        Ok(understood) => understood,
        Err(reason) => {
            let off = [
                ("OTEL_SDK_DISABLED", "true"),
                ("OTEL_TRACES_EXPORTER", "none"),
                ("OTEL_METRICS_EXPORTER", "none"),
                ("OTEL_LOGS_EXPORTER", "none"),
            ];
            let said = |(name, value): (&str, &str)| {
                (name.to_owned(), Said { setting: Setting::Text(value.to_owned()), origin: None })
            };
            (
                off.into_iter().map(said).collect(),
                vec![Problem::new(FILE, path.to_string_lossy(), reason, "no telemetry at all")],
            )
        }
    }
}

#[cfg(feature = "config-file")]
fn understood(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
    read_file: ReadFile<'_>,
) -> Result<(HashMap<String, Said>, Vec<Problem>), String> {
    let text = read_file(path)?;
    let file::FileSettings { said, problems } =
        file::read(&path.to_string_lossy(), &text, environment).map_err(|file::Unusable(reason)| reason)?;
    let said =
        said.into_iter().map(|(name, file::Said { setting, origin })| (name, Said { setting, origin: Some(origin) }));
    Ok((said.collect(), problems))
}

#[cfg(not(feature = "config-file"))]
fn understood(
    _: &Path,
    _: &dyn Fn(&str) -> Option<String>,
    _: ReadFile<'_>,
) -> Result<(HashMap<String, Said>, Vec<Problem>), String> {
    Err("this build reads no configuration files, its cargo feature `config-file` is off".to_owned())
}

/// The variable that says for all signals, or for all parts of a span, what `name` says for one.
fn general(name: &str) -> Option<String> {
    if let Some(setting) = name.strip_prefix("OTEL_EXPORTER_OTLP_") {
        let (signal, setting) = setting.split_once('_')?;
        let is_one = ["TRACES", "METRICS", "LOGS"].contains(&signal) && setting != "TEMPORALITY_PREFERENCE";
        return is_one.then(|| format!("OTEL_EXPORTER_OTLP_{setting}"));
    }
    let limit = name.strip_prefix("OTEL_")?.split_once("_ATTRIBUTE_")?;
    ["SPAN", "EVENT", "LINK", "LOGRECORD"].contains(&limit.0).then(|| format!("OTEL_ATTRIBUTE_{}", limit.1))
}

/// Most bytes of a file. One of the specification's own examples has four thousand.
const LARGEST: u64 = 1 << 20;

/// The text of a file.
pub(super) fn read_file(path: &Path) -> Result<String, String> {
    use std::io::Read as _;
    // Opening a pipe that nobody writes to would keep the application from starting.
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
