use super::*;
use crate::test_input::Noise;

/// Valid headers of each propagator.
const HEADERS: &[(PropagatorName, &[(&str, &str)])] = &[
    (
        PropagatorName::TraceContext,
        &[
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("tracestate", "rojo=00f067aa0ba902b7,congo@x@y=t61"),
        ],
    ),
    (PropagatorName::B3, &[("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90")]),
    (
        PropagatorName::B3Multi,
        &[
            ("x-b3-traceid", "80f198ee56343ba864fe8b2a57d3eff7"),
            ("x-b3-spanid", "e457b5a2e4d86bd1"),
            ("x-b3-sampled", "1"),
            ("x-b3-flags", "1"),
        ],
    ),
    (PropagatorName::Jaeger, &[("uber-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0:1")]),
    (
        PropagatorName::Xray,
        &[("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1")],
    ),
];

#[test]
fn propagators() {
    let mut noise = Noise::new(1);
    for (name, headers) in HEADERS {
        for _ in 0..10_000 {
            let mut lines = Vec::new();
            for (header, value) in *headers {
                // Usually one header is damaged, so that the others are still read.
                let times = 1 + u32::from(noise.number(0..=20) == 0);
                for _ in 0..times {
                    let damaged = noise.number(0..=u32::try_from(headers.len()).unwrap()) == 0;
                    let value = if damaged { noise.damaged(&[value]) } else { (*value).to_owned() };
                    lines.push(((*header).to_owned(), value));
                }
            }
            propagator(*name, &Lines(lines));
        }
    }
}

#[test]
fn trace_states() {
    let mut noise = Noise::new(2);
    for _ in 0..20_000 {
        let lines: Vec<_> =
            (0..noise.number(1..=3)).map(|_| noise.damaged(&["a=1,b@c=2", "foo@@bar=x y", "a=1,a=2", ""])).collect();
        trace_state(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn baggages() {
    let mut noise = Noise::new(3);
    for _ in 0..10_000 {
        let many = format!("k=%{}", noise.number(0..=255));
        let lines: Vec<_> =
            (0..noise.number(1..=3)).map(|_| noise.damaged(&["a=1;p=2,b=%20%C3%A9", "token=a==", &many])).collect();
        baggage(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn values_of_baggage() {
    let mut noise = Noise::new(4);
    for _ in 0..10_000 {
        baggage_value(noise.damaged(&["a value", "ü, ;=\"%", "%41", "a=b;c,d"]).trim());
    }
}
