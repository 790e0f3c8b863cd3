//! Metrics of connection pools: how many connections are idle, in use, and allowed.
//!
//! Source: [connection pools](https://opentelemetry.io/docs/specs/semconv/database/database-metrics/#connection-pools),
//! in development.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};

use opentelemetry::metrics::{AsyncInstrument, Meter, MeterProvider as _};
use opentelemetry::{KeyValue, global};

use crate::meters::{Meters, global_meters};

/// The most pools that are observed. An application has a few.
const MOST: usize = 256;

static POOLS: Mutex<Vec<Weak<dyn ConnectionPool>>> = Mutex::new(Vec::new());

fn lock_pools() -> MutexGuard<'static, Vec<Weak<dyn ConnectionPool>>> {
    POOLS.lock().unwrap_or_else(PoisonError::into_inner)
}

static EXPORTED_WITH: Mutex<ExportedWith> = Mutex::new(ExportedWith::None);

/// A pool whose connections are metrics.
pub trait ConnectionPool: Send + Sync {
    /// The name of the pool: `{server.address}:{server.port}/{db.namespace}` if the application has none for it. Pools with
    /// the same name count together.
    fn name(&self) -> &str;

    /// A number that two pools have in common only if they are the same one, such as an address. A pool that is observed
    /// several times counts once.
    fn id(&self) -> usize;

    /// The connections now. `None` if they are not to be recorded.
    fn connections(&self) -> Option<PoolConnections>;
}

/// Numbers of connections of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolConnections {
    /// Connections that are open and not in use.
    pub idle: usize,
    /// Connections that are in use.
    pub used: usize,
    /// The most connections that the pool opens.
    pub max: usize,
}

/// Exports the connections of a pool as `db.client.connection.count` and `db.client.connection.max`, as long as the pool
/// is there: it is not kept alive. At most 256 pools are observed.
///
/// Telemetry should have been started, unless our own start-up follows: another meter provider is not noticed later.
pub fn observe_pool(pool: Weak<dyn ConnectionPool>) {
    {
        let mut pools = lock_pools();
        pools.retain(|pool| pool.strong_count() > 0);
        if pools.len() < MOST {
            pools.push(pool);
        }
    }
    export_pools();
}

/// The meter provider that has the metrics of the pools.
#[derive(PartialEq)]
enum ExportedWith {
    None,
    Ours(Meters),
    Other,
}

/// Exports the metrics of the pools, if there are any, with the global meter provider, once.
pub(crate) fn export_pools() {
    if lock_pools().is_empty() {
        return;
    }
    let mut exported_with = match EXPORTED_WITH.try_lock() {
        Ok(exported_with) => exported_with,
        Err(TryLockError::Poisoned(exported_with)) => exported_with.into_inner(),
        // Another thread exports them, or this very thread: the code of another meter provider may make calls itself.
        Err(TryLockError::WouldBlock) => return,
    };
    // Read while no other thread exports: an older answer would export them with the same provider again.
    let provider = global_meters().map_or(ExportedWith::Other, ExportedWith::Ours);
    if *exported_with == provider {
        return;
    }
    let scope = super::scope().clone();
    export(&match &provider {
        ExportedWith::Ours(meters) => meters.meter_with_scope(scope),
        _ => global::meter_with_scope(scope),
    });
    *exported_with = provider;
}

fn export(meter: &Meter) {
    let _ = meter
        .i64_observable_up_down_counter("db.client.connection.count")
        .with_unit("{connection}")
        .with_description("The number of connections that are currently in state described by the `state` attribute.")
        .with_callback(|observer| {
            for (name, connections) in connections_by_name() {
                let name = KeyValue::new("db.client.connection.pool.name", name);
                for (state, number) in [("idle", connections.idle), ("used", connections.used)] {
                    observe(observer, number, &[name.clone(), KeyValue::new("db.client.connection.state", state)]);
                }
            }
        })
        .build();
    let _ = meter
        .i64_observable_up_down_counter("db.client.connection.max")
        .with_unit("{connection}")
        .with_description("The maximum number of open connections allowed.")
        .with_callback(|observer| {
            for (name, connections) in connections_by_name() {
                observe(observer, connections.max, &[KeyValue::new("db.client.connection.pool.name", name)]);
            }
        })
        .build();
}

fn observe(observer: &dyn AsyncInstrument<i64>, number: usize, attributes: &[KeyValue]) {
    observer.observe(i64::try_from(number).unwrap_or(i64::MAX), attributes);
}

/// The connections of all pools. Nothing is locked while they are asked.
fn connections_by_name() -> Vec<(String, PoolConnections)> {
    let pools = lock_pools().iter().filter_map(Weak::upgrade).collect::<Vec<_>>();
    sum_by_name(&pools)
}

fn sum_by_name(pools: &[Arc<dyn ConnectionPool>]) -> Vec<(String, PoolConnections)> {
    let (mut by_name, mut counted) = (Vec::<(String, PoolConnections)>::new(), HashSet::new());
    for pool in pools {
        if !counted.insert(pool.id()) {
            continue;
        }
        let Some(connections) = pool.connections() else { continue };
        let Some((_, sum)) = by_name.iter_mut().find(|(name, _)| name == pool.name()) else {
            by_name.push((pool.name().to_owned(), connections));
            continue;
        };
        *sum = PoolConnections {
            idle: sum.idle.saturating_add(connections.idle),
            used: sum.used.saturating_add(connections.used),
            max: sum.max.saturating_add(connections.max),
        };
    }
    by_name
}

#[cfg(test)]
mod tests {
    use super::*;

    struct TestPool(&'static str, usize, Option<PoolConnections>);

    impl ConnectionPool for TestPool {
        fn name(&self) -> &str {
            self.0
        }

        fn id(&self) -> usize {
            self.1
        }

        fn connections(&self) -> Option<PoolConnections> {
            self.2
        }
    }

    #[test]
    fn a_pool_counts_once() {
        let connections = |idle, used, max| Some(PoolConnections { idle, used, max });
        let pool = |name, id, connections| Arc::new(TestPool(name, id, connections)) as Arc<dyn ConnectionPool>;
        let sums = sum_by_name(&[
            pool("shop", 1, connections(1, 2, 5)),
            pool("shop", 1, connections(1, 2, 5)),
            pool("shop", 2, connections(3, 0, usize::MAX)),
            pool("disabled", 3, None),
        ]);
        let expected = PoolConnections { idle: 4, used: 2, max: usize::MAX };
        assert_eq!(sums, [("shop".to_owned(), expected)]);
    }
}
