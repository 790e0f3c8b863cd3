//! Variables with a fixed set of values.

/// An enumeration that can be chosen by name.
pub(super) trait Choice: Copy + PartialEq + 'static {
    /// Every accepted name. The first name of a value is its canonical one.
    const NAMES: &'static [&'static str];

    /// The values of the names.
    const VALUES: &'static [Self];

    /// Finds a value by name, ignoring case and surrounding white space.
    fn by_name(name: &str) -> Option<Self> {
        Self::VALUES.get(position(Self::NAMES, name)?).copied()
    }

    /// The canonical name.
    fn name(self) -> &'static str {
        let place = Self::VALUES.iter().position(|value| *value == self);
        place.and_then(|place| Self::NAMES.get(place)).copied().unwrap_or_default()
    }

    /// `expected one of a, b, c`
    fn expectation() -> String {
        format!("expected one of {}", Self::NAMES.join(", "))
    }
}

fn position(names: &[&str], name: &str) -> Option<usize> {
    let name = name.trim();
    names.iter().position(|candidate| candidate.eq_ignore_ascii_case(name))
}

/// Gives an enumeration its names, as [`Choice`] and as [`Display`](std::fmt::Display).
macro_rules! choice {
    ($type:ty { $($name:literal => $value:expr),+ $(,)? }) => {
        impl $crate::config::choice::Choice for $type {
            const NAMES: &'static [&'static str] = &[$($name),+];
            const VALUES: &'static [Self] = &[$($value),+];
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::config::choice::Choice::name(*self))
            }
        }
    };
}

pub(super) use choice;
