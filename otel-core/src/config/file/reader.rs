//! Nodes → settings. Each scalar becomes the text of its variable, so that one parser checks both.

use std::collections::HashMap;

use super::node::{LocatedNode, NodeKind, Scalar, ScalarValue};
use crate::config::problem::Problem;
use crate::config::setting::{LocatedSetting, Setting};

/// The settings and problems that were read so far.
pub(super) struct Reader<'a> {
    file: &'a str,
    /// The environment, for the service name that the schema takes from it.
    pub(super) lookup: &'a dyn Fn(&str) -> Option<String>,
    /// The settings by the names of their variables.
    pub(super) settings: HashMap<String, LocatedSetting>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { file, lookup, settings: HashMap::new(), problems: Vec::new() }
    }

    /// Reports a node that is not understood. `value` is empty if it may be secret, or is no scalar.
    pub(super) fn report(&mut self, place: &LocatedNode<'_>, value: &str, reason: impl Into<String>, fallback: &str) {
        let problem = Problem::new(self.origin(place), value, reason, fallback);
        self.problems.push(problem);
    }

    fn origin(&self, place: &LocatedNode<'_>) -> String {
        format!("{}:{} {}", self.file, place.node.at, place.path)
    }

    /// Sets a variable. If it is set to another value already, that value stays, and a problem is reported.
    pub(super) fn set(&mut self, variable: impl Into<String>, setting: Setting, place: &LocatedNode<'_>) {
        let variable = variable.into();
        match self.settings.get(&variable) {
            Some(first) if first.setting == setting => {}
            Some(LocatedSetting { origin, .. }) => {
                let path = origin.as_deref().and_then(|origin| origin.rsplit_once(' ')).map(|(_, path)| path);
                let first = path.unwrap_or_default().to_owned();
                self.report(place, "", "there is one such setting, and it is already given", &first);
            }
            None => {
                let origin = Some(self.origin(place));
                self.settings.insert(variable, LocatedSetting { setting, origin });
            }
        }
    }

    pub(super) fn set_text(&mut self, variable: impl Into<String>, text: impl Into<String>, place: &LocatedNode<'_>) {
        self.set(variable, Setting::Text(text.into()), place);
    }

    /// A mapping with one key, which names a kind of component.
    pub(super) fn choice<'n>(&mut self, place: &LocatedNode<'n>) -> Option<(&'n str, LocatedNode<'n>)> {
        match &place.node.kind {
            NodeKind::Mapping(entries) if entries.len() == 1 => {
                entries.first().map(|(key, node)| (key.as_str(), place.child(key, node)))
            }
            NodeKind::Mapping(_) => {
                self.report(place, "", "expected a mapping with exactly one key", "nothing of it");
                None
            }
            _ => self.expected(place, "a mapping with one key"),
        }
    }

    /// The members of a list. Null is an empty list.
    pub(super) fn items<'n>(&mut self, place: &LocatedNode<'n>) -> Vec<LocatedNode<'n>> {
        match &place.node.kind {
            NodeKind::Sequence(items) => {
                items.iter().enumerate().map(|(index, node)| place.item(index, node)).collect()
            }
            _ if place.node.is_null() => Vec::new(),
            _ => self.expected(place, "a list").unwrap_or_default(),
        }
    }

    /// A scalar that is not null.
    pub(super) fn scalar<'n>(&mut self, place: &LocatedNode<'n>) -> Option<&'n Scalar> {
        match &place.node.kind {
            NodeKind::Scalar(scalar) => (scalar.value != ScalarValue::Null).then_some(scalar),
            _ => self.expected(place, "one value"),
        }
    }

    /// The text of a scalar of any type.
    pub(super) fn text<'n>(&mut self, place: &LocatedNode<'n>) -> Option<&'n str> {
        self.scalar(place).map(|scalar| scalar.text.as_str())
    }

    /// The members of a list of texts; null ones are left out.
    pub(super) fn texts(&mut self, place: &LocatedNode<'_>) -> Vec<String> {
        let items = self.items(place);
        items.iter().filter_map(|item| self.text(item)).map(str::to_owned).collect()
    }

    pub(super) fn expected<T>(&mut self, place: &LocatedNode<'_>, what: &str) -> Option<T> {
        let reason = format!("expected {what}, found {}", place.node.description());
        self.report(place, "", reason, "the default");
        None
    }
}

/// A whole number in decimal notation, also if the file has it as hexadecimal or octal; other text unchanged, for the
/// variable's parser to refuse.
pub(super) fn decimal(scalar: &Scalar) -> String {
    match scalar.value {
        ScalarValue::Integer(number) => number.to_string(),
        _ => scalar.text.clone(),
    }
}
