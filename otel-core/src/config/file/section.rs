//! A mapping of the document, and the keys of it that were read.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::node::{LocatedNode, Node, NodeKind};
use super::reader::{Reader, decimal};
use crate::config::setting::Setting;

impl Reader<'_> {
    /// A mapping. `None` for null, and for another kind of node, which is reported.
    pub(super) fn section<'n>(&mut self, place: &LocatedNode<'n>) -> Option<Section<'n>> {
        match &place.node.kind {
            NodeKind::Mapping(entries) => Some(Section::new(place.clone(), entries)),
            _ if place.node.is_null() => None,
            _ => self.expected(place, "a mapping"),
        }
    }

    /// A mapping that may be left out: `console:` is a console exporter with its defaults.
    pub(super) fn component<'n>(&mut self, place: &LocatedNode<'n>) -> Section<'n> {
        self.section(place).unwrap_or_else(|| Section::new(place.clone(), &[]))
    }
}

/// The meaning of a zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zero {
    Number,
    /// The default.
    Unset,
    Is(&'static str),
}

/// A mapping that is being read.
#[derive(Debug)]
pub(super) struct Section<'n> {
    pub(super) place: LocatedNode<'n>,
    entries: &'n [(String, Node)],
    /// Keys that are read here.
    asked: Vec<&'static str>,
    /// Keys that the schema allows here and that have no effect.
    unused: Vec<&'static str>,
}

impl<'n> Section<'n> {
    pub(super) fn new(place: LocatedNode<'n>, entries: &'n [(String, Node)]) -> Self {
        Self { place, entries, asked: Vec::new(), unused: Vec::new() }
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<LocatedNode<'n>> {
        self.asked.push(key);
        self.entries.iter().find(|(name, _)| name == key).map(|(_, node)| self.place.child(key, node))
    }

    /// Reads a key whose value is the text of `variable`.
    pub(super) fn text(&mut self, reader: &mut Reader<'_>, key: &'static str, variable: &str) {
        let Some(place) = self.get(key) else { return };
        if let Some(text) = reader.text(&place) {
            reader.set_text(variable, text, &place);
        }
    }

    /// Reads a key whose value is the number, or the boolean, of `variable`.
    pub(super) fn value(&mut self, reader: &mut Reader<'_>, key: &'static str, variable: &str) {
        self.time(reader, key, variable, Zero::Number);
    }

    /// As [`value`](Self::value), with another meaning of zero.
    pub(super) fn time(&mut self, reader: &mut Reader<'_>, key: &'static str, variable: &str, zero: Zero) {
        let Some(place) = self.get(key) else { return };
        let Some(scalar) = reader.scalar(&place) else { return };
        let text = decimal(scalar);
        match zero {
            Zero::Unset if text == "0" => {}
            Zero::Is(other) if text == "0" => reader.set_text(variable, other, &place),
            _ => reader.set_text(variable, text, &place),
        }
    }

    /// Reads a key whose value is a list of texts.
    pub(super) fn list(&mut self, reader: &mut Reader<'_>, key: &'static str, variable: &str) {
        let Some(place) = self.get(key) else { return };
        let texts = reader.texts(&place);
        reader.set(variable, Setting::List(texts), &place);
    }

    /// Reads a key whose value is a whole number in `range`. Any other value is a problem, which names `fallback` as the
    /// value in force.
    pub(super) fn number<N>(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        range: RangeInclusive<N>,
        fallback: &str,
    ) -> Option<N>
    where
        N: FromStr + PartialOrd + Display,
    {
        let place = self.get(key)?;
        let scalar = reader.scalar(&place)?;
        let number = decimal(scalar).parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let reason = format!("expected a number from {} to {}", range.start(), range.end());
            reader.report(&place, &scalar.text, reason, fallback);
        }
        number
    }

    /// Reads a key with a fixed set of values: pairs of a name and its meaning.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let place = self.get(key)?;
        let text = reader.text(&place)?;
        let chosen = choices.iter().find(|(name, _)| *name == text);
        if chosen.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            let fallback = names.first().copied().unwrap_or_default();
            reader.report(&place, text, format!("expected one of {}", names.join(", ")), fallback);
        }
        chosen.map(|(_, value)| *value)
    }

    /// As [`text`](Self::text), by a name of earlier versions of the schema.
    pub(super) fn former_text(&mut self, reader: &mut Reader<'_>, key: &'static str, variable: &str) {
        self.text(reader, key, variable);
        self.others(key);
    }

    /// Accepts a key that is for other languages, or that no message should recommend.
    pub(super) fn others(&mut self, key: &'static str) {
        self.asked.retain(|asked| *asked != key);
        self.unused.push(key);
    }

    /// Accepts a key of the schema that has no effect. Only the values in `as_it_is`, which are in force anyway, are no problem.
    pub(super) fn unsupported(&mut self, reader: &mut Reader<'_>, key: &'static str, as_it_is: &[&str]) {
        self.unused.push(key);
        let Some((_, node)) = self.entries.iter().find(|(name, _)| name == key) else { return };
        let place = self.place.child(key, node);
        let fits = matches!(&node.kind, NodeKind::Scalar(scalar) if as_it_is.contains(&scalar.text.as_str()));
        if !node.is_null() && !fits {
            reader.report(&place, "", "not supported", "the default");
        }
    }

    /// Reports the keys that were not read, without their values, which may be secret.
    pub(super) fn end(self, reader: &mut Reader<'_>) {
        let known = |key: &str| self.asked.contains(&key) || self.unused.contains(&key);
        let reason = match self.asked.as_slice() {
            [] => "not supported".to_owned(),
            asked => format!("not supported, expected one of {}", asked.join(", ")),
        };
        for (key, node) in self.entries.iter().filter(|(key, _)| !known(key)) {
            reader.report(&self.place.child(key, node), "", &reason, "the other settings");
        }
    }
}
