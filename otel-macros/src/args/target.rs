//! The arguments that each kind of item takes.

use super::{Args, Name, name};
use crate::diagnostics::Diagnostics;

/// The kind of an annotated item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Function,
    Handler,
    Main,
    Server,
    App,
    Container,
}

impl Target {
    fn describe(self) -> &'static str {
        match self {
            Self::Function => "a function with a span of its own",
            Self::Handler => "a handler, whose span is the request's,",
            Self::Main => "`fn main`",
            Self::Server => "a function that builds an `HttpServer`",
            Self::App => "a function that returns an `App`",
            Self::Container => "an `impl` block, a `trait` or a module",
        }
    }

    fn takes(self, name: Name) -> bool {
        use Target::{Container, Function, Handler, Main, Server};
        match name {
            Name::Called | Name::Ret | Name::Root | Name::Links => self == Function,
            Name::Kind | Name::Err => matches!(self, Function | Container),
            Name::Fields | Name::Args => matches!(self, Function | Handler),
            Name::Handler => self == Handler,
            Name::Service | Name::Init => self == Main,
            Name::App | Name::Server => matches!(self, Main | Server),
            Name::Carry | Name::Skip | Name::Crate => true,
        }
    }
}

impl Args {
    /// Reports arguments that have no effect on `target`: without an error, the user would believe that they work.
    pub(crate) fn check(&self, target: Target, diagnostics: &mut Diagnostics) {
        for &(given, place) in &self.given {
            // They declare that the function is neither the program's `main` nor an app.
            let is_way_out = target == Target::Function && !self.app && matches!(given, Name::App | Name::Init);
            if !target.takes(given) && !is_way_out {
                let valid = name::list(Name::ALL.iter().copied().filter(|&name| target.takes(name)));
                diagnostics.error(
                    place,
                    &format!("`{}` has no meaning on {}", given.as_str(), target.describe().trim_end_matches(',')),
                    &format!("{} takes {valid}", target.describe()),
                );
            }
        }
        self.check_pair(Name::Init, !self.init, Name::Service, diagnostics);
        self.check_pair(Name::App, !self.app, Name::Server, diagnostics);
    }

    /// `off = false` leaves nothing for `useless` to act on.
    fn check_pair(&self, off: Name, is_off: bool, useless: Name, diagnostics: &mut Diagnostics) {
        if let (true, Some(place)) = (is_off, self.place_of(useless)) {
            let (off, useless) = (off.as_str(), useless.as_str());
            diagnostics.error(
                place,
                &format!("`{useless}` contradicts `{off} = false`"),
                &format!("remove `{useless}` or `{off} = false`"),
            );
        }
    }
}
