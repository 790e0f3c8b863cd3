//! The metric of RPC clients.

use std::time::Duration;

use opentelemetry::{Context, KeyValue};

use super::instruments::Instruments;
use crate::span_facts::RpcView;

impl Instruments {
    /// Records one call. The span in `context` is current meanwhile, where the provider may look for it.
    pub(in crate::client) fn record_rpc(&self, call: &RpcView<'_>, duration: Duration, context: &Context) {
        let mut attributes: Vec<KeyValue> = Vec::with_capacity(6);
        call.visit_metric(&mut attributes);
        let _current = context.clone().attach();
        self.rpc_duration.record(duration.as_secs_f64(), &attributes);
    }
}
