//! The exports, as a diagnosis sees them.

use super::running::RunningTelemetry;
use crate::findings::Finding;
use crate::fork;

/// Exports all queued items and returns what went wrong; `None` while telemetry does not run.
pub(super) fn exports() -> Option<Vec<Finding>> {
    let RunningTelemetry { pipeline, deadline } = RunningTelemetry::current()?;
    if fork::is_child() {
        return Some(vec![Finding::Forked]);
    }
    let before = pipeline.ended();
    let flushed = pipeline.try_flush(deadline);
    let mut findings = pipeline.failing();
    let unexplained = findings.is_empty() && flushed != Some(true);
    if unexplained {
        findings.push(Finding::ExportSlow { waited: deadline });
    }
    // Items that are still queued are not lost.
    if flushed.is_some() && !unexplained {
        findings.extend(pipeline.lost(&before));
    }
    Some(findings)
}
