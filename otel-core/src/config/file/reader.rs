//! From nodes to settings: each scalar is taken as the variable's text, so that one parser judges both.

use std::collections::HashMap;

use super::node::{Kind, Scalar, ScalarValue};
use super::section::{Place, Section};
use crate::config::problem::Problem;
use crate::config::setting::Setting;

/// A setting, and where it stands.
#[derive(Debug)]
pub(in crate::config) struct Said {
    pub(in crate::config) setting: Setting,
    /// `otel.yaml:12:5 tracer_provider.sampler`
    pub(in crate::config) origin: String,
}

/// What was read so far.
pub(super) struct Reader<'a> {
    file: &'a str,
    /// The environment, for what the schema itself takes from there.
    pub(super) lookup: &'a dyn Fn(&str) -> Option<String>,
    pub(super) said: HashMap<String, Said>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { file, lookup, said: HashMap::new(), problems: Vec::new() }
    }

    /// Reports what is not understood. `value` is empty where it may be secret, or is no scalar.
    pub(super) fn report(&mut self, place: &Place<'_>, value: &str, reason: impl Into<String>, fallback: &str) {
        let problem = Problem::new(self.origin(place), value, reason, fallback);
        self.problems.push(problem);
    }

    fn origin(&self, place: &Place<'_>) -> String {
        format!("{}:{} {}", self.file, place.node.at, place.path)
    }

    /// Says what `variable` would say. Where it is already said otherwise, that stays.
    pub(super) fn set(&mut self, variable: impl Into<String>, setting: Setting, place: &Place<'_>) {
        let variable = variable.into();
        match self.said.get(&variable) {
            Some(said) if said.setting == setting => {}
            Some(said) => {
                let first = said.origin.rsplit_once(' ').map_or("", |(_, path)| path).to_owned();
                self.report(place, "", "there is one such setting, and it is already given", &first);
            }
            None => {
                let origin = self.origin(place);
                self.said.insert(variable, Said { setting, origin });
            }
        }
    }

    pub(super) fn set_text(&mut self, variable: impl Into<String>, text: impl Into<String>, place: &Place<'_>) {
        self.set(variable, Setting::Text(text.into()), place);
    }

    /// A mapping. Nothing is `None`, and so is what is no mapping, which is reported.
    pub(super) fn section<'n>(&mut self, place: &Place<'n>) -> Option<Section<'n>> {
        match &place.node.kind {
            Kind::Mapping(entries) => Some(Section::new(place.clone(), entries)),
            _ if place.node.is_null() => None,
            _ => self.expected(place, "a mapping"),
        }
    }

    /// A mapping that may be left out: `console:` is a console exporter with its defaults.
    pub(super) fn component<'n>(&mut self, place: &Place<'n>) -> Section<'n> {
        self.section(place).unwrap_or_else(|| Section::new(place.clone(), &[]))
    }

    /// A mapping with one key, which says what it is.
    pub(super) fn choice<'n>(&mut self, place: &Place<'n>) -> Option<(&'n str, Place<'n>)> {
        match &place.node.kind {
            Kind::Mapping(entries) if entries.len() == 1 => {
                entries.first().map(|(key, node)| (key.as_str(), place.child(key, node)))
            }
            Kind::Mapping(_) => {
                self.report(place, "", "expected a mapping with exactly one key", "nothing of it");
                None
            }
            _ => self.expected(place, "a mapping with one key"),
        }
    }

    /// The members of a list. Nothing is an empty list.
    pub(super) fn items<'n>(&mut self, place: &Place<'n>) -> Vec<Place<'n>> {
        match &place.node.kind {
            Kind::Sequence(items) => items.iter().enumerate().map(|(index, node)| place.item(index, node)).collect(),
            _ if place.node.is_null() => Vec::new(),
            _ => self.expected(place, "a list").unwrap_or_default(),
        }
    }

    /// A scalar that is not null.
    pub(super) fn scalar<'n>(&mut self, place: &Place<'n>) -> Option<&'n Scalar> {
        match &place.node.kind {
            Kind::Scalar(scalar) => (scalar.value != ScalarValue::Null).then_some(scalar),
            _ => self.expected(place, "one value"),
        }
    }

    /// Text, or whatever else is written as one value.
    pub(super) fn text<'n>(&mut self, place: &Place<'n>) -> Option<&'n str> {
        self.scalar(place).map(|scalar| scalar.text.as_str())
    }

    /// The members of a list of texts; null ones are left out.
    pub(super) fn texts(&mut self, place: &Place<'_>) -> Vec<String> {
        let items = self.items(place);
        items.iter().filter_map(|item| self.text(item)).map(str::to_owned).collect()
    }

    fn expected<T>(&mut self, place: &Place<'_>, what: &str) -> Option<T> {
        let reason = format!("expected {what}, found {}", place.node.description());
        self.report(place, "", reason, "the default");
        None
    }
}

/// A whole number in decimal notation, whatever it was written in; other text as it is, for the variable's parser to
/// refuse.
pub(super) fn decimal(scalar: &Scalar) -> String {
    match scalar.value {
        ScalarValue::Integer(number) => number.to_string(),
        _ => scalar.text.clone(),
    }
}
