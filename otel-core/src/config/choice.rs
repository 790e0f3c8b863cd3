//! Variables with a fixed set of values.

/// An enumeration that can be chosen by name.
pub(super) trait Choice: Copy + PartialEq + 'static {
    /// Every accepted name. The first name of a value is its canonical one.
    const NAMES: &'static [(&'static str, Self)];

    /// Finds a value by name, ignoring case and surrounding white space.
    fn by_name(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::NAMES.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|&(_, value)| value)
    }

    /// The canonical name.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|&&(_, value)| value == self).map_or("", |&(name, _)| name)
    }

    /// `expected one of a, b, c`
    fn expectation() -> String {
        let names: Vec<_> = Self::NAMES.iter().map(|&(name, _)| name).collect();
        format!("expected one of {}", names.join(", "))
    }
}

/// Gives an enumeration its names, as [`Choice`] and as [`Display`](std::fmt::Display).
macro_rules! choice {
    ($type:ty { $($name:literal => $value:expr),+ $(,)? }) => {
        impl $crate::config::choice::Choice for $type {
            const NAMES: &'static [(&'static str, Self)] = &[$(($name, $value)),+];
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::config::choice::Choice::name(*self))
            }
        }
    };
}

pub(super) use choice;
