//! Facts that are recorded while the process runs, and the findings that [`diagnose`](crate::diagnosis::diagnose)
//! derives from them.

mod finding;
mod noted;

pub use finding::{Finding, Global, OpenTelemetryVersion};
pub(crate) use noted::{Noted, NotedSettings, StartupStatus, set_exports, set_settings, set_status, was_request_seen};
pub use noted::{add_source, found_versions, instrumented, request_seen};
