//! The generations of the HTTP conventions, and the known facts of each.

use super::Stop;

/// A generation of the HTTP conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `http`
    Stable,
    /// `http/dup`
    Dup,
    /// `http/old`
    Old,
}

impl Mode {
    /// All generations.
    pub const ALL: [Self; 3] = [Self::Stable, Self::Dup, Self::Old];

    /// The value of `OTEL_SEMCONV_STABILITY_OPT_IN` that selects it.
    #[must_use]
    pub fn opt_in(self) -> &'static str {
        match self {
            Self::Stable => "http",
            Self::Dup => "http/dup",
            Self::Old => "http/old",
        }
    }

    pub(super) fn status_attributes(self) -> &'static [&'static str] {
        match self {
            Self::Stable => &["http.response.status_code"],
            Self::Dup => &["http.response.status_code", "http.status_code"],
            Self::Old => &["http.status_code"],
        }
    }

    pub(super) fn peer_port_attributes(self) -> &'static [&'static str] {
        match self {
            Self::Stable => &["network.peer.port"],
            Self::Dup => &["network.peer.port", "net.peer.port"],
            Self::Old => &["net.peer.port"],
        }
    }

    /// The signal that stops a server. Both signals have to work, so the modes share them.
    pub(super) fn stop(self) -> Stop {
        if self == Self::Dup { Stop::Interrupt } else { Stop::Terminate }
    }
}
