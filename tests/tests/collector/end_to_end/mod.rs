//! The OTLP of `server_auto` arrives unchanged elsewhere: decoded by the official classes, and forwarded by a collector
//! of another project.
//!
//! Each combination is also sent to the decoder directly, to distinguish a fault of the collector from one of ours.

mod environment;
mod expected;
mod export;
mod receiver;
mod rotel;
mod run;

use examples::compare::Failure;
use receiver::Receiver;
use rotel::Rotel;
use run::{COMBINATIONS, Combination, Way};
use workspace_tests::with_programs;

/// Runs the server once per combination of protocol and compression.
fn each_combination(
    way: Way,
    check: fn(Combination, &export::Telemetry, &run::Sent) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let environment = environment::find()?;
    with_programs(|programs| async move {
        let mut receiver = Receiver::start(&environment).await?;
        let rotel = match way {
            Way::Direct => None,
            Way::ThroughRotel => Some(Rotel::start(&environment, receiver.http()).await?),
        };
        for combination in COMBINATIONS {
            let endpoint = match &rotel {
                Some(rotel) => rotel.endpoint(combination.protocol),
                None => receiver.endpoint(combination.protocol),
            };
            let sent = run::run(&programs.server_auto, combination, &endpoint).await?;
            let telemetry = receiver.telemetry(&sent.run).await?;
            check(combination, &telemetry, &sent).map_err(|failure| format!("{combination:?}: {failure}"))?;
        }
        receiver.complaints()
    })
}

#[test]
#[ignore = "needs tests/collector/setup"]
fn official_classes_decode_every_protocol() {
    each_combination(Way::Direct, |combination, telemetry, sent| {
        for part in telemetry.parts() {
            assert_eq!(part.transport, combination.protocol);
            // gRPC does not show its users whether a message was compressed.
            let encoding = (combination.protocol != "grpc").then_some(combination.compression);
            assert_eq!(part.encoding.as_deref(), encoding);
        }
        expected::check(telemetry, sent)
    })
    .unwrap();
}

#[test]
#[ignore = "needs tests/collector/setup"]
fn a_collector_passes_on_every_protocol() {
    each_combination(Way::ThroughRotel, |combination, telemetry, sent| match combination.protocol {
        "http/json" => expected::check_after_json_by_rotel(telemetry, sent),
        _ => expected::check(telemetry, sent),
    })
    .unwrap();
}
