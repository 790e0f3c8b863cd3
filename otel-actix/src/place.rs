//! What was instrumented, and whether a layer stands where it sees everything.
//!
//! Which middleware is around a layer cannot be seen from within: not by type, for a service knows only what it is
//! around; and not by what a request looks like. But while actix-web builds an app, each layer is built within the
//! future of the next one outside, and with debug information a backtrace names the type of the whole. So this works in
//! the builds in which somebody develops, costs a stack walk per worker there, and nothing in others.

use crate::middleware::HttpTelemetryService;
use otel_core::diagnosis::Finding;
use otel_core::findings::{add_source, instrumented};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, Once, PoisonError};

/// Backtraces that are kept, not resolved yet. Each worker builds each app.
const KEPT: usize = 32;

static PLACES: Mutex<Vec<Backtrace>> = Mutex::new(Vec::new());

thread_local! {
    static WITHIN_SERVICE: Cell<bool> = const { Cell::new(false) };
}

/// Notes that a service is instrumented as a whole, and builds it: layers inside it have nothing to see.
pub(crate) async fn service_made<F: Future>(building: F) -> F::Output {
    instrumented();
    let mut building = pin!(building);
    poll_fn(|cx| {
        let before = WITHIN_SERVICE.replace(true);
        let polled = building.as_mut().poll(cx);
        WITHIN_SERVICE.set(before);
        polled
    })
    .await
}

/// Notes that a layer is being built. `whole_app`: it is meant to be around an app.
pub(crate) fn layer_made(whole_app: bool) {
    instrumented();
    if whole_app && cfg!(debug_assertions) && !WITHIN_SERVICE.get() {
        static ASKED: Once = Once::new();
        ASKED.call_once(|| add_source(findings));
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() < KEPT {
            places.push(Backtrace::force_capture());
        }
    }
}

fn findings() -> Vec<Finding> {
    let places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut findings = Vec::new();
    for outermost in places.iter().filter_map(|place| outside(&place.to_string())) {
        let finding = Finding::NotOutermost { outermost };
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// The outermost middleware of the app that a layer was built for, if it is another one; `None` if nobody can tell.
fn outside(backtrace: &str) -> Option<String> {
    let layer = std::any::type_name::<HttpTelemetryService<(), ()>>();
    let (layer, _) = layer.split_once('<')?;
    let (_, app) = backtrace.split_once("actix_web::app_service::AppInitService<")?;
    let (name, inside) = app.lines().next()?.split_once('<')?;
    // That of a scope is not part of the app's type.
    (name != layer && inside.contains(layer)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(app: &str) -> String {
        format!(
            "   7: poll<Box<dyn Future<Output=Result<actix_web::app_service::AppInitService<{app}, BoxBody>, ()>>>>\n"
        )
    }

    #[test]
    fn what_is_outside_is_named() {
        let layer = "otel_actix::middleware::service::HttpTelemetryService";
        let app = format!("app::Outer<fn(), {layer}<actix_web::app_service::AppRouting, Preserved>>");
        assert_eq!(outside(&frame(&app)).as_deref(), Some("app::Outer"));
        assert_eq!(outside(&frame(&format!("{layer}<app::Inner<AppRouting>, Preserved>"))), None);
        assert_eq!(outside(&frame(&format!("{layer}<app::Inner<{layer}<AppRouting, P>>, P>"))), None, "a second one");
        assert_eq!(outside(&frame("app::Outer<actix_web::app_service::AppRouting>")), None, "the layer of a scope");
        assert_eq!(outside("   0: main\n   1: <unknown>\n"), None, "no debug information");
    }
}
