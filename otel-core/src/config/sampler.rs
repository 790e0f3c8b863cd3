//! `OTEL_TRACES_SAMPLER` and its argument.

use std::fmt;

use super::choice::{Choice, choice};
use super::problem::Problem;
use super::source::Source;

const VARIABLE: &str = "OTEL_TRACES_SAMPLER";
const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

/// Which spans are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum SamplerChoice {
    /// `always_on`
    AlwaysOn,
    /// `always_off`
    AlwaysOff,
    /// `traceidratio`: this share of all traces, from 0 to 1.
    TraceIdRatio(f64),
    /// `parentbased_always_on`: as the parent decided, every new trace. The default.
    #[default]
    ParentBasedAlwaysOn,
    /// `parentbased_always_off`: as the parent decided, no new trace.
    ParentBasedAlwaysOff,
    /// `parentbased_traceidratio`: as the parent decided, this share of new traces, from 0 to 1.
    ParentBasedTraceIdRatio(f64),
}

#[derive(Clone, Copy, PartialEq)]
enum Name {
    AlwaysOn,
    AlwaysOff,
    Ratio,
    ParentAlwaysOn,
    ParentAlwaysOff,
    ParentRatio,
}

choice!(Name {
    "parentbased_always_on" => Self::ParentAlwaysOn,
    "parentbased_always_off" => Self::ParentAlwaysOff,
    "parentbased_traceidratio" => Self::ParentRatio,
    "always_on" => Self::AlwaysOn,
    "always_off" => Self::AlwaysOff,
    "traceidratio" => Self::Ratio,
});

impl SamplerChoice {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        match source.choice(VARIABLE, Name::ParentAlwaysOn) {
            Name::AlwaysOn => Self::AlwaysOn,
            Name::AlwaysOff => Self::AlwaysOff,
            Name::Ratio => Self::TraceIdRatio(ratio(source)),
            Name::ParentAlwaysOn => Self::ParentBasedAlwaysOn,
            Name::ParentAlwaysOff => Self::ParentBasedAlwaysOff,
            Name::ParentRatio => Self::ParentBasedTraceIdRatio(ratio(source)),
        }
    }

    /// The values of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` that choose this sampler.
    pub(crate) fn variables(self) -> (&'static str, Option<f64>) {
        match self {
            Self::AlwaysOn => (Name::AlwaysOn.name(), None),
            Self::AlwaysOff => (Name::AlwaysOff.name(), None),
            Self::TraceIdRatio(ratio) => (Name::Ratio.name(), Some(ratio)),
            Self::ParentBasedAlwaysOn => (Name::ParentAlwaysOn.name(), None),
            Self::ParentBasedAlwaysOff => (Name::ParentAlwaysOff.name(), None),
            Self::ParentBasedTraceIdRatio(ratio) => (Name::ParentRatio.name(), Some(ratio)),
        }
    }
}

impl fmt::Display for SamplerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.variables() {
            (name, Some(ratio)) => write!(f, "{name} {ratio}"),
            (name, None) => f.write_str(name),
        }
    }
}

/// The share of traces. Unset means all of them, by the specification.
fn ratio(source: &mut Source<'_>) -> f64 {
    let Some(value) = source.text(ARGUMENT) else { return 1.0 };
    let ratio = value.parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
    ratio.unwrap_or_else(|| {
        source.report(Problem::new(ARGUMENT, value, "expected a number from 0 to 1", "1"));
        1.0
    })
}
