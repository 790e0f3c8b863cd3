//! Counts instrumented apps and services, and finds layers that are not outermost.
//!
//! A layer cannot see the middleware around it: a service knows only the type that it wraps, and requests do not record
//! the middleware that they passed. But actix-web builds each layer within the future of the next one outside, and with
//! debug information a backtrace names the type of the whole app. So this works in development builds, where it costs
//! one stack walk per worker, and finds nothing in release builds.

use otel_core::diagnosis::Finding;
use otel_core::findings::{add_source, instrumented};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, Once, PoisonError};

/// The most backtraces that are kept. Each worker builds each app.
const MAX_BUILT: usize = 32;

/// The layers that were built. Backtraces are resolved only when a diagnosis needs them.
static BUILT: Mutex<Vec<BuiltLayer>> = Mutex::new(Vec::new());

thread_local! {
    static WITHIN_SERVICE: Cell<bool> = const { Cell::new(false) };
}

/// A layer, and the backtrace of its construction.
struct BuiltLayer {
    type_name: &'static str,
    backtrace: Backtrace,
}

/// Counts a service that is instrumented as a whole, and builds it. Layers inside it record nothing, so their order does
/// not matter.
pub(crate) async fn service_built<F: Future>(building: F) -> F::Output {
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

/// Counts the layer of a single handler.
pub(crate) fn handler_layer_built() {
    instrumented();
}

/// Counts a layer that should be around a whole app. `type_name` is that of its service.
pub(crate) fn app_layer_built(type_name: &'static str) {
    instrumented();
    if cfg!(debug_assertions) && !WITHIN_SERVICE.get() {
        static SOURCE: Once = Once::new();
        SOURCE.call_once(|| add_source(findings));
        let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
        if built.len() < MAX_BUILT {
            built.push(BuiltLayer { type_name, backtrace: Backtrace::force_capture() });
        }
    }
}

fn findings() -> Vec<Finding> {
    let built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let mut findings = Vec::new();
    for outermost in built.iter().filter_map(|layer| outside(layer.type_name, &layer.backtrace.to_string())) {
        let finding = Finding::NotOutermost { outermost };
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// Returns the outermost middleware of the app that a layer was built for, if the backtrace shows that it is not the layer.
fn outside(layer: &str, backtrace: &str) -> Option<String> {
    let (layer, _) = layer.split_once('<')?;
    let (_, app) = backtrace.split_once("actix_web::app_service::AppInitService<")?;
    let (name, inside) = app.lines().next()?.split_once('<')?;
    // The type of an app does not contain the layers of its scopes.
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
    fn the_outermost_middleware_is_named() {
        let layer = "otel_actix::middleware::service::HttpTelemetryService";
        let outside = |app: &str| outside(&format!("{layer}<(), ()>"), &frame(app));
        let app = format!("app::Outer<fn(), {layer}<actix_web::app_service::AppRouting, Preserved>>");
        assert_eq!(outside(&app).as_deref(), Some("app::Outer"));
        assert_eq!(outside(&format!("{layer}<app::Inner<AppRouting>, Preserved>")), None);
        assert_eq!(outside(&format!("{layer}<app::Inner<{layer}<AppRouting, P>>, P>")), None, "a second layer inside");
        assert_eq!(outside("app::Outer<actix_web::app_service::AppRouting>"), None, "the layer of a scope");
    }

    #[test]
    fn a_backtrace_without_symbols_names_nothing() {
        assert_eq!(outside("otel_actix::Layer<()>", "   0: main\n   1: <unknown>\n"), None);
    }
}
