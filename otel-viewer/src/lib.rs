//! Traces, log records and request metrics in the browser, live, on one machine.
//!
//! A [`Viewer`] keeps what it receives within a bound in bytes, and serves one page on loopback. It receives OTLP/HTTP,
//! from programs in any language, and bytes of OTLP from the process it runs in. Nothing leaves the machine.
//!
//! ```
//! use otel_viewer::{Settings, Viewer};
//!
//! let viewer = Viewer::start(Settings::default().with_port(0))?;
//! println!("{}", viewer.link()); // http://127.0.0.1:37043/?token=…
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! | module | one idea |
//! |---|---|
//! | `settings` | port, bound and token |
//! | `viewer` | the thread that serves, from its start to its end |
//! | `server` | access and answers of HTTP |
//! | `store` | the kept traces, log records and durations |
//! | `otlp` | the parts of OTLP that are read |
//!
//! The interface for tools is described in the [README](https://docs.rs/crate/otel-viewer).

mod otlp;
mod server;
mod settings;
mod store;
mod viewer;

pub use otlp::Malformed;
pub use settings::{Settings, WrongSetting};
pub use store::RunningSpan;
pub use viewer::Viewer;
