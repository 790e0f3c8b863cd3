//! Metrics of the connections of `sqlx`'s pools.
//!
//! A test program of its own: its meter provider is that of the process.
#![allow(missing_docs, reason = "a test program")]

#[path = "../../../otel-clients/tests/support/registry.rs"]
mod registry;

use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use otel_actix::clients::sqlx_0_9::TracedPool;
use otel_actix::{opentelemetry, opentelemetry_sdk};
use serde_json::json;
use sqlx::Sqlite;
use sqlx::sqlite::SqlitePoolOptions;

static METRICS: LazyLock<(SdkMeterProvider, InMemoryMetricExporter)> = LazyLock::new(|| {
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    opentelemetry::global::set_meter_provider(provider.clone());
    (provider, exporter)
});

static READING: Mutex<()> = Mutex::new(());

async fn pool(name: &str, max: u32) -> TracedPool<Sqlite> {
    LazyLock::force(&METRICS);
    let pool = SqlitePoolOptions::new().max_connections(max).connect("sqlite::memory:").await.unwrap();
    TracedPool::new(pool).with_url(&format!("sqlite:{name}"))
}

/// Each metric now, as `read` sees it.
fn metrics<T>(read: impl FnMut(&Metric) -> T) -> Vec<T> {
    let (provider, exporter) = &*METRICS;
    // Tests read in parallel, each what it has exported itself.
    let _reading = READING.lock().unwrap_or_else(PoisonError::into_inner);
    exporter.reset();
    provider.force_flush().unwrap();
    let metrics = exporter.get_finished_metrics().unwrap().pop();
    let metrics = metrics.iter().flat_map(ResourceMetrics::scope_metrics).flat_map(ScopeMetrics::metrics);
    metrics.map(read).collect()
}

/// The numbers of a pool now: idle, used, and the most.
fn numbers(name: &str) -> Vec<i64> {
    let mut points = Vec::new();
    metrics(|metric| {
        assert_eq!(metric.unit(), "{connection}");
        let AggregatedMetrics::I64(MetricData::Sum(sum)) = metric.data() else { panic!("a sum") };
        assert!(!sum.is_monotonic());
        for point in sum.data_points() {
            let mut attributes: Vec<_> = point.attributes().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
            attributes.sort();
            if attributes[0] == format!("db.client.connection.pool.name={name}") {
                points.push((format!("{} {}", metric.name(), attributes[1..].join(" ")), point.value()));
            }
        }
    });
    points.sort();
    points.into_iter().map(|(_, value)| value).collect()
}

/// Waits for these numbers: connections are returned to their pool by a task.
async fn wait_for(name: &str, expected: &[i64]) {
    let reached = async {
        while numbers(name) != expected {
            tokio::task::yield_now().await;
        }
    };
    let is_reached = tokio::time::timeout(Duration::from_secs(20), reached).await.is_ok();
    assert!(is_reached, "{:?} instead of {expected:?}", numbers(name));
}

#[tokio::test]
async fn the_connections_of_a_pool_are_counted_by_their_state() {
    let pool = pool("counted.db", 3).await;
    wait_for("counted.db", &[1, 0, 3]).await;
    let connection = pool.acquire().await.unwrap();
    let other = pool.clone().acquire().await.unwrap();
    wait_for("counted.db", &[0, 2, 3]).await;
    drop(other);
    drop(connection);
    wait_for("counted.db", &[2, 0, 3]).await;
}

#[tokio::test]
async fn pools_with_one_name_count_together_and_none_is_kept_alive() {
    let (one, other) = (pool("shared.db", 3).await, pool("shared.db", 4).await);
    wait_for("shared.db", &[2, 0, 7]).await;
    let inner = one.inner().clone();
    // A pool that is wrapped again counts once.
    let again = TracedPool::new(inner.clone()).with_url("sqlite:shared.db");
    wait_for("shared.db", &[2, 0, 7]).await;
    drop(one);
    wait_for("shared.db", &[2, 0, 7]).await;
    drop(again);
    wait_for("shared.db", &[1, 0, 4]).await;
    let closed = inner.close_event();
    drop(inner);
    // The pool closes itself once nobody has it.
    closed.await;
    drop(other);
    wait_for("shared.db", &[]).await;
}

#[tokio::test]
#[ignore = "needs python3"]
async fn metrics_of_a_pool_follow_the_registry() {
    let _pool = pool("registry.db", 1).await;
    // Another test may be about to register the metrics.
    wait_for("registry.db", &[1, 0, 1]).await;
    let otlp = metrics(registry::otlp_metric);
    registry::check(
        "metrics",
        &json!({ "resourceMetrics": [{ "scopeMetrics": [{ "metrics": otlp }] }] }),
        "{\"metric\": 2}",
    );
}
