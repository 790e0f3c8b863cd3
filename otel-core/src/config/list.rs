//! Comma-separated lists of names in which `none` stands for the empty list.

use super::choice::Choice;
use super::names::ExporterName;
use super::problem::Problem;
use super::source::{Source, members};

/// Where a signal goes unless its own variable says so: to the viewer, if the traces go there by name, else to a collector.
pub(super) fn usual_exporters(source: &Source<'_>) -> &'static [ExporterName] {
    let traces = source.text("OTEL_TRACES_EXPORTER").unwrap_or_default();
    let is_viewed = members(&traces).any(|member| ExporterName::by_name(member) == Some(ExporterName::Viewer));
    if is_viewed { &[ExporterName::Viewer] } else { &[ExporterName::Otlp] }
}

/// Reads a list of names. Duplicates count once; a member that is not understood is reported and left out, and when
/// no member is left `fallback` is used.
pub(super) fn read<C: Choice>(source: &mut Source<'_>, variable: &str, fallback: &[C]) -> Vec<C> {
    let Some(text) = source.text(variable) else { return fallback.to_vec() };
    let mut chosen = Vec::new();
    let mut unknown = Vec::new();
    let mut none = false;
    for member in members(&text) {
        match C::by_name(member) {
            Some(value) if chosen.contains(&value) => {}
            Some(value) => chosen.push(value),
            None if member.eq_ignore_ascii_case("none") => none = true,
            None => unknown.push(member.to_owned()),
        }
    }
    if none && !chosen.is_empty() {
        let reason = "`none` cannot be combined with other values";
        source.report(Problem::new(variable, &text, reason, names(&chosen)));
    } else if chosen.is_empty() && !none {
        chosen = fallback.to_vec();
    }
    for member in unknown {
        let reason = format!("{}, none", C::expectation());
        source.report(Problem::new(variable, member, reason, names(&chosen)));
    }
    chosen
}

fn names<C: Choice>(values: &[C]) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    values.iter().map(|value| value.name()).collect::<Vec<_>>().join(",")
}
