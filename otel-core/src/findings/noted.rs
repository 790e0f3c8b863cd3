//! Facts that are recorded while the process runs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::finding::{Finding, OpenTelemetryVersion};
use crate::config::{Config, Problem, SamplerChoice};

static INSTRUMENTED: AtomicUsize = AtomicUsize::new(0);
static REQUEST_SEEN: AtomicBool = AtomicBool::new(false);
static NOTED: Mutex<NotedState> = Mutex::new(NotedState {
    status: StartupStatus::NotStarted,
    settings: None,
    versions: Vec::new(),
    sources: Vec::new(),
    exports: None,
});

#[derive(Clone, Debug)]
struct NotedState {
    status: StartupStatus,
    settings: Option<NotedSettings>,
    versions: Vec<OpenTelemetryVersion>,
    sources: Vec<fn() -> Vec<Finding>>,
    exports: Option<fn() -> Option<Vec<Finding>>>,
}

/// The result of start-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartupStatus {
    NotStarted,
    Disabled,
    Started,
}

/// The settings that start-up read.
#[derive(Clone, Debug)]
pub(crate) struct NotedSettings {
    problems: Vec<Problem>,
    sampler: SamplerChoice,
    /// `true` if spans have an exporter.
    spans: bool,
    /// `true` if metrics have an exporter.
    metrics: bool,
}

impl NotedSettings {
    pub(crate) fn new(config: &Config, problems: Vec<Problem>) -> Self {
        Self { problems, sampler: config.traces.sampler, spans: true, metrics: true }
    }
}

/// Notes the versions of the API crate, if the build has several.
pub fn found_versions(versions: Vec<OpenTelemetryVersion>) {
    noted().versions = versions;
}

/// Notes that an app, a service or a handler was instrumented. For layers of web frameworks.
pub fn instrumented() {
    INSTRUMENTED.fetch_add(1, Ordering::Relaxed);
}

/// Notes that a request reached an instrumented app, service or handler.
#[inline]
pub fn request_seen() {
    // Read first: only the first request writes to memory that all workers read.
    if !REQUEST_SEEN.load(Ordering::Relaxed) {
        REQUEST_SEEN.store(true, Ordering::Relaxed);
    }
}

/// Adds a function whose findings become part of each diagnosis. For layers of web frameworks.
pub fn add_source(source: fn() -> Vec<Finding>) {
    noted().sources.push(source);
}

/// Sets the function that checks the exports for a diagnosis. It returns `None` while telemetry does not run.
pub(crate) fn set_exports(exports: fn() -> Option<Vec<Finding>>) {
    noted().exports = Some(exports);
}

/// Returns `true` if a request has reached an instrumented app, service or handler.
pub(crate) fn was_request_seen() -> bool {
    REQUEST_SEEN.load(Ordering::Relaxed)
}

pub(crate) fn set_settings(settings: NotedSettings) {
    noted().settings = Some(settings);
}

/// Notes the result of start-up, and whether spans and metrics have an exporter.
pub(crate) fn set_status(status: StartupStatus, spans: bool, metrics: bool) {
    let mut noted = noted();
    noted.status = status;
    if let Some(settings) = &mut noted.settings {
        (settings.spans, settings.metrics) = (spans, metrics);
    }
}

fn noted() -> MutexGuard<'static, NotedState> {
    NOTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All facts, as they are at one moment.
#[derive(Debug)]
pub(crate) struct Noted {
    state: NotedState,
    pub(crate) instrumented: usize,
    pub(crate) request_seen: bool,
}

impl Noted {
    pub(crate) fn now() -> Self {
        Self {
            state: noted().clone(),
            instrumented: INSTRUMENTED.load(Ordering::Relaxed),
            request_seen: was_request_seen(),
        }
    }

    /// Returns `true` if start-up installed a meter provider that exports.
    pub(crate) fn measures(&self) -> bool {
        self.state.settings.as_ref().is_some_and(|settings| settings.metrics)
    }

    /// Exports all queued items and returns what went wrong; `None` while telemetry does not run.
    pub(crate) fn exports(&self) -> Option<Vec<Finding>> {
        self.state.exports.and_then(|exports| exports())
    }

    pub(crate) fn findings(&self, running: bool) -> Vec<Finding> {
        let NotedState { status, settings, versions, sources, exports: _ } = &self.state;
        let mut findings = Vec::new();
        match status {
            StartupStatus::NotStarted => findings.push(Finding::NotStarted),
            StartupStatus::Disabled => findings.push(Finding::Disabled),
            StartupStatus::Started if !running => findings.push(Finding::ShutDown),
            StartupStatus::Started => {}
        }
        if self.instrumented == 0 && !self.request_seen {
            findings.push(Finding::NotInstrumented);
        }
        if versions.len() > 1 {
            findings.push(Finding::SeveralVersions(versions.clone()));
        }
        for source in sources {
            findings.extend(source());
        }
        let Some(settings) = settings else { return findings };
        if running && !settings.spans {
            findings.push(Finding::NoSpanExporter);
        }
        if running && records_nothing(settings.sampler) {
            findings.push(Finding::NothingSampled(settings.sampler));
        }
        for problem in &settings.problems {
            findings.push(Finding::Setting(problem.clone()));
        }
        findings
    }
}

fn records_nothing(sampler: SamplerChoice) -> bool {
    match sampler {
        SamplerChoice::AlwaysOff | SamplerChoice::ParentBasedAlwaysOff => true,
        SamplerChoice::TraceIdRatio(ratio) | SamplerChoice::ParentBasedTraceIdRatio(ratio) => ratio <= 0.0,
        SamplerChoice::AlwaysOn | SamplerChoice::ParentBasedAlwaysOn => false,
    }
}
