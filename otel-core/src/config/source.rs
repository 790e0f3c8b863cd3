//! Reading variables one by one, by the rules that hold for all of them.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::choice::Choice;
use super::printable;
use super::problem::Problem;
use super::setting::Setting;

/// Longest time that a variable can set, in milliseconds (49 days): adding it to a clock can never overflow.
const LONGEST: u64 = u32::MAX as u64;

/// Members of a comma-separated list, trimmed, empty ones left out.
pub(super) fn members(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|member| !member.is_empty())
}

/// The variables, and the problems of the variables read so far.
pub(super) struct Source<'a> {
    lookup: &'a dyn Fn(&str) -> Option<Setting>,
    problems: Vec<Problem>,
}

impl<'a> Source<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<Setting>) -> Self {
        Self { lookup, problems: Vec::new() }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Adds a problem. Of a list that may hold a secret no member is shown as it is: a comma may have split the secret.
    pub(super) fn report(&mut self, mut problem: Problem) {
        let whole = self.text(&problem.variable).unwrap_or_default();
        let shown = printable::value(&whole);
        if shown != whole && whole.contains(&problem.value) && !problem.value.is_empty() {
            problem.value = shown;
        }
        // A general variable is read once per signal; its problem is reported once.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The value as it is set, empty or not.
    pub(super) fn setting(&self, variable: &str) -> Option<Setting> {
        (self.lookup)(variable)
    }

    /// A value without surrounding white space. `None` if the value is empty.
    pub(super) fn text(&self, variable: &str) -> Option<String> {
        let value = match self.setting(variable)? {
            Setting::Text(text) => text,
            Setting::List(members) | Setting::Exactly(members) => members.join(","),
            Setting::Path(path) => path.to_string_lossy().into_owned(),
            Setting::Headers(_) | Setting::Attributes(_) | Setting::Views(_) => return None,
        };
        let trimmed = value.trim();
        if trimmed.is_empty() { None } else { Some(trimmed.to_owned()) }
    }

    /// The members of a list, trimmed, empty ones left out. `None` if the list has no member.
    pub(super) fn members(&self, variable: &str) -> Option<Vec<String>> {
        let members: Vec<String> = match self.setting(variable)? {
            Setting::Text(text) => members(&text).map(str::to_owned).collect(),
            Setting::List(members) | Setting::Exactly(members) => members
                .iter()
                .map(|member| member.trim())
                .filter(|member| !member.is_empty())
                .map(str::to_owned)
                .collect(),
            Setting::Path(_) | Setting::Headers(_) | Setting::Attributes(_) | Setting::Views(_) => return None,
        };
        if members.is_empty() { None } else { Some(members) }
    }

    /// Returns `true` for `true` only. Any value other than `true` and `false` is a problem.
    pub(super) fn boolean(&mut self, variable: &str) -> bool {
        let Some(value) = self.text(variable) else { return false };
        let is_true = value.eq_ignore_ascii_case("true");
        if !is_true && !value.eq_ignore_ascii_case("false") {
            self.report(Problem::new(variable, value, "expected true or false", false));
        }
        is_true
    }

    /// A value of an enumeration.
    pub(super) fn choice<C: Choice>(&mut self, variable: &str, fallback: C) -> C {
        let Some(value) = self.text(variable) else { return fallback };
        C::by_name(&value).unwrap_or_else(|| {
            self.report(Problem::new(variable, value, C::expectation(), fallback.name()));
            fallback
        })
    }

    /// A whole number in `range`. `None` if unset or not understood; the problem then names `fallback`.
    pub(super) fn number<N>(&mut self, variable: &str, range: RangeInclusive<N>, fallback: impl Display) -> Option<N>
    where
        N: FromStr + PartialOrd + Display,
    {
        let value = self.text(variable)?;
        let number = value.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let reason = format!("expected a number from {} to {}", range.start(), range.end());
            self.report(Problem::new(variable, value, reason, fallback));
        }
        number
    }

    /// A time in milliseconds, at least one: some readers would take zero for no limit, others for no wait.
    pub(super) fn millis(&mut self, variable: &str, fallback: Duration) -> Duration {
        let shown = format!("{} ms", fallback.as_millis());
        self.optional_millis(variable, &shown).unwrap_or(fallback)
    }

    /// As [`millis`](Self::millis), but `None` if unset or not understood; the problem then names `fallback`.
    pub(super) fn optional_millis(&mut self, variable: &str, fallback: &str) -> Option<Duration> {
        self.number(variable, 1..=LONGEST, fallback).map(Duration::from_millis)
    }
}
