//! What is noted while the process runs for somebody who wonders why nothing arrives: [`diagnose`](crate::diagnosis::diagnose)
//! reads it.

mod finding;
mod noted;

pub use finding::{Finding, Global};
pub(crate) use noted::{Noted, Settings, Status, set_exports, set_settings, set_status, was_request_seen};
pub use noted::{OpenTelemetryVersion, add_source, found_versions, instrumented, request_seen};
