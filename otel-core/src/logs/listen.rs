//! Listening to `tracing` and `log` where nobody else does.

use std::sync::Once;

use log::LevelFilter as LogFilter;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{layer, log_crate, logger};
use crate::{findings, self_log};

/// Exports `tracing` events and `log` records of an application that has neither subscriber nor logger.
///
/// Done when the first request comes: an application that sets a subscriber does so before it serves, and the usual
/// ways to set one panic if another was faster.
pub(crate) fn at_first_request() {
    static FIRST: Once = Once::new();
    findings::request_seen();
    if !FIRST.is_completed() && logger::is_installed() {
        FIRST.call_once(listen);
    }
}

fn listen() {
    if layer::is_made() {
        return;
    }
    if tracing::dispatcher::has_been_set() || log::max_level() != LogFilter::Off {
        self_log::debug(format_args!(
            "the application's own logging is left alone: to export it, add `logs::layer()` to its tracing subscriber, \
             or wrap its logger in `logs::ExportingLogger`"
        ));
        return;
    }
    // What we say ourselves is for the operator, not for the application's logs.
    let targets = Targets::new().with_default(Level::INFO).with_target("otel_actix", LevelFilter::OFF);
    let subscriber = tracing_subscriber::registry().with(targets).with(layer::layer());
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        self_log::set_subscriber_is_ours();
        log_crate::listen(LogFilter::Info);
    }
}
