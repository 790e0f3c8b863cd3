//! Metrics of connection pools, around the start.

use std::sync::Arc;

use otel_core::client::{ConnectionPool, PoolConnections, observe_pool};

use crate::process::run;

struct Pool;

impl ConnectionPool for Pool {
    fn name(&self) -> &'static str {
        "shop.db"
    }

    fn id(&self) -> usize {
        1
    }

    fn connections(&self) -> Option<PoolConnections> {
        Some(PoolConnections { idle: 1, used: 2, max: 5 })
    }
}

#[test]
#[ignore = "started by other tests"]
fn a_pool_that_is_older_than_telemetry() {
    let pool: Arc<dyn ConnectionPool> = Arc::new(Pool);
    observe_pool(Arc::downgrade(&pool));
    let telemetry = otel_core::startup::init();
    telemetry.shutdown();
}

#[test]
fn a_pool_without_calls_has_metrics_once() {
    let environment = [("OTEL_METRICS_EXPORTER", "console"), ("OTEL_TRACES_EXPORTER", "none")];
    let outcome = run("pools::a_pool_that_is_older_than_telemetry", &environment);
    for name in ["db.client.connection.count", "db.client.connection.max"] {
        assert_eq!(outcome.stdout.matches(&format!("\"{name}\"")).count(), 1, "{outcome:?}");
    }
}
