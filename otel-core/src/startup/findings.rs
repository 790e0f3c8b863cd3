//! What a diagnosis sees of the telemetry that runs.

use super::running::Running;
use crate::findings::Finding;

/// Exports what waits and returns what does not arrive; `None` while telemetry does not run.
pub(super) fn exports() -> Option<Vec<Finding>> {
    let Running { pipeline, deadline } = Running::current()?;
    let before = pipeline.ended();
    let flushed = pipeline.try_flush(deadline);
    let mut findings = pipeline.failing();
    let unexplained = findings.is_empty() && flushed != Some(true);
    if unexplained {
        findings.push(Finding::ExportSlow { waited: deadline });
    }
    // What waits is not lost.
    if flushed.is_some() && !unexplained {
        findings.extend(pipeline.lost(&before));
    }
    Some(findings)
}
