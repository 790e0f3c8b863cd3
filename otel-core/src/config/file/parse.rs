//! YAML → a tree of nodes, references replaced, within bounds.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::node::{Node, NodeKind, Position, Scalar};
use super::substitute::substitute;
use super::unusable::Unusable;
use crate::config::printable;

/// Deepest nesting. The schema needs a dozen.
const DEEPEST: usize = 64;

/// Most nodes of a document, repeated ones counted each time: aliases of aliases grow without limit otherwise.
const MOST_NODES: usize = 20_000;

/// The one document that `text` holds.
pub(super) fn parse(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Node, Unusable> {
    // YAML files may begin with a byte order mark.
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut builder = Builder { lookup, open: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Unusable::at(position(error.marker()), error.info()))?;
        builder.event(event, position(&span.start))?;
    }
    builder.root.ok_or_else(|| Unusable::at(Position { line: 1, column: 1 }, "the file is empty"))
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

/// A mapping or list that is not complete yet.
struct OpenCollection {
    node: Node,
    anchor: usize,
    /// A key that waits for its value.
    key: Option<(String, Position)>,
}

struct Builder<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    open: Vec<OpenCollection>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, at: Position) -> Result<(), Unusable> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.as_deref().is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                if tag.is_some() && !is_text {
                    return Err(Unusable::at(at, "tags other than !!str are not understood"));
                }
                // Keys are taken as they are: the specification replaces references in values only.
                let text = if self.awaits_key() {
                    text.into_owned()
                } else {
                    substitute(&text, self.lookup).map_err(|reason| Unusable::at(at, reason))?
                };
                let plain = style == ScalarStyle::Plain && !is_text;
                let scalar = if plain { Scalar::plain(text) } else { Scalar::quoted(text) };
                self.put(Node { at, kind: NodeKind::Scalar(scalar) }, anchor)
            }
            Event::MappingStart(anchor, _) => self.open(Node { at, kind: NodeKind::Mapping(Vec::new()) }, anchor),
            Event::SequenceStart(anchor, _) => self.open(Node { at, kind: NodeKind::Sequence(Vec::new()) }, anchor),
            Event::MappingEnd | Event::SequenceEnd => match self.open.pop() {
                Some(OpenCollection { node, anchor, .. }) => self.put(node, anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node = node.ok_or_else(|| Unusable::at(at, "an alias of what is not there, or not complete"))?;
                self.count(&node, at)?;
                self.put(node, 0)
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Unusable::at(at, "expected one document, found another one"))
            }
            _ => Ok(()),
        }
    }

    fn awaits_key(&self) -> bool {
        self.open.last().is_some_and(|open| matches!(open.node.kind, NodeKind::Mapping(_)) && open.key.is_none())
    }

    fn open(&mut self, node: Node, anchor: usize) -> Result<(), Unusable> {
        if self.open.len() == DEEPEST {
            return Err(Unusable::at(node.at, format!("nested deeper than {DEEPEST} levels")));
        }
        if self.awaits_key() {
            return Err(Unusable::at(node.at, "a key that is not text"));
        }
        self.open.push(OpenCollection { node, anchor, key: None });
        Ok(())
    }

    /// Adds a complete node to the mapping or list around it.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Unusable> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Unusable::at(node.at, format!("more than {MOST_NODES} nodes")));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut parent.node.kind {
            NodeKind::Sequence(items) => items.push(node),
            NodeKind::Mapping(entries) => {
                if let Some((key, at)) = parent.key.take() {
                    // Problems of a value are reported at its key.
                    entries.push((key, Node { at, ..node }));
                    return Ok(());
                }
                let NodeKind::Scalar(Scalar { text, .. }) = node.kind else {
                    return Err(Unusable::at(node.at, "a key that is not text"));
                };
                if entries.iter().any(|(other, _)| *other == text) {
                    return Err(Unusable::at(
                        node.at,
                        format!("the key {:?} stands here twice", printable::value(&text)),
                    ));
                }
                parent.key = Some((text, node.at));
            }
            NodeKind::Scalar(_) => {}
        }
        Ok(())
    }

    /// Counts the nodes of a repeated node, and its depth.
    fn count(&mut self, node: &Node, at: Position) -> Result<(), Unusable> {
        let mut level = vec![node];
        let mut depth = self.open.len();
        while !level.is_empty() {
            self.nodes += level.len();
            depth += 1;
            if self.nodes > MOST_NODES || depth > DEEPEST + 1 {
                return Err(Unusable::at(at, format!("more than {MOST_NODES} nodes, or {DEEPEST} levels of them")));
            }
            let mut below = Vec::new();
            for node in level {
                match &node.kind {
                    NodeKind::Mapping(entries) => below.extend(entries.iter().map(|(_, node)| node)),
                    NodeKind::Sequence(items) => below.extend(items),
                    NodeKind::Scalar(_) => {}
                }
            }
            level = below;
        }
        Ok(())
    }
}
