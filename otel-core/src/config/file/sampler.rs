//! `tracer_provider.sampler`

use super::node::LocatedNode;
use super::reader::Reader;

const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

/// The sampler in place of one that is not understood.
const DEFAULT: &str = "parent_based with always_on";

/// The samplers for each decision of the parent, by default.
const PARENTS: [(&str, &str); 4] = [
    ("remote_parent_sampled", "always_on"),
    ("remote_parent_not_sampled", "always_off"),
    ("local_parent_sampled", "always_on"),
    ("local_parent_not_sampled", "always_off"),
];

pub(super) fn read(reader: &mut Reader<'_>, place: &LocatedNode<'_>) {
    if place.node.is_null() {
        return;
    }
    let Some((kind, place)) = reader.choice(place) else { return };
    if kind != "parent_based" {
        return root(reader, kind, &place, ["always_on", "always_off", "traceidratio"]);
    }
    let names = ["parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];
    let mut section = reader.component(&place);
    let chosen = section.get("root").filter(|place| !place.node.is_null());
    match chosen.and_then(|place| reader.choice(&place)) {
        Some((kind, place)) => root(reader, kind, &place, names),
        None => reader.set_text(SAMPLER, "parentbased_always_on", &place),
    }
    for (key, usual) in PARENTS {
        if let Some(place) = section.get(key).filter(|place| !place.node.is_null())
            && let Some((kind, place)) = reader.choice(&place)
            && kind != usual
        {
            reader.report(&place, "", format!("not supported, expected {usual}"), usual);
        }
    }
    section.end(reader);
}

/// Reads a sampler that does not delegate. The array holds its names as values of the variable: on, off, ratio.
fn root(reader: &mut Reader<'_>, kind: &str, place: &LocatedNode<'_>, [on, off, ratio]: [&str; 3]) {
    match kind {
        "always_on" => reader.set_text(SAMPLER, on, place),
        "always_off" => reader.set_text(SAMPLER, off, place),
        "trace_id_ratio_based" | "probability/development" => {
            reader.set_text(SAMPLER, ratio, place);
            let mut section = reader.component(place);
            section.text(reader, "ratio", ARGUMENT);
            return section.end(reader);
        }
        _ => {
            let reason = "not supported, expected one of always_on, always_off, trace_id_ratio_based, parent_based";
            return reader.report(place, "", reason, DEFAULT);
        }
    }
    let section = reader.component(place);
    section.end(reader);
}
