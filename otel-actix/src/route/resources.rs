//! The resources and scopes of an app, as a tree that can be searched.
//!
//! actix-web's `ResourceMap` finds the first resource for a path. It does not show whether there are others, or whether
//! a scope ends at the end of the path. Only its `Debug` output shows the whole tree, so the tree is read from there,
//! once per app and worker. If actix-web changes that output, the tree is unknown: the responses that need it then have
//! no route, and the test of this module fails.

use actix_web::dev::{ResourceDef, ResourceMap};
use std::cell::OnceCell;

/// The resources of one app.
#[derive(Debug, Default)]
pub(crate) struct Resources(OnceCell<Tree>);

#[derive(Debug)]
struct Tree {
    /// The address of the app's map.
    map: usize,
    /// `None` if the map was not readable.
    root: Option<Node>,
}

/// A resource, or a scope with its content.
#[derive(Debug)]
struct Node {
    patterns: Vec<String>,
    /// `true` if it matches the beginning of a path, not the whole.
    is_prefix: bool,
    /// Compiled when a path is first searched here.
    definition: OnceCell<ResourceDef>,
    /// `None` for a resource.
    children: Option<Vec<Node>>,
}

/// The resources and scopes that a path leads to, whatever their guards say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matches {
    /// The distinct route patterns.
    pub(super) routes: Vec<String>,
    /// `true` if the prefix of a scope is the whole path.
    pub(super) is_scope: bool,
}

impl Resources {
    /// Reads the tree of `map`, unless it was read before. Returns `false` if another map was: a service may pass requests
    /// to several apps.
    #[inline]
    pub(crate) fn read(&self, map: &ResourceMap) -> bool {
        let address = std::ptr::from_ref(map).addr();
        self.0.get_or_init(|| Tree { map: address, root: Text(&format!("{map:?}")).node() }).map == address
    }

    /// Searches the tree. Returns `None` if it is unknown.
    pub(super) fn matches(&self, path: &str) -> Option<Matches> {
        let root = self.0.get()?.root.as_ref()?;
        let mut matches = Matches::default();
        root.search(path, &mut String::new(), &mut matches);
        Some(matches)
    }
}

impl Node {
    fn definition(&self) -> &ResourceDef {
        self.definition.get_or_init(|| {
            let patterns = self.patterns.clone();
            if self.is_prefix { ResourceDef::prefix(patterns) } else { ResourceDef::new(patterns) }
        })
    }

    fn search(&self, path: &str, pattern: &mut String, matches: &mut Matches) {
        let definition = self.definition();
        let Some(rest) = definition.find_match(path).and_then(|length| path.get(length..)) else { return };
        let outer = pattern.len();
        pattern.push_str(definition.pattern().unwrap_or_default());
        match &self.children {
            None if !matches.routes.contains(pattern) => matches.routes.push(pattern.clone()),
            None => {}
            Some(children) => {
                matches.is_scope |= rest.is_empty();
                for child in children {
                    child.search(rest, pattern, matches);
                }
            }
        }
        pattern.truncate(outer);
    }
}

/// The rest of a `Debug` output.
struct Text<'a>(&'a str);

impl Text<'_> {
    /// Reads the next `ResourceMap { .. }`.
    fn node(&mut self) -> Option<Node> {
        self.skip_past("patterns: ")?;
        let mut patterns = vec![self.string()?];
        while self.take(", ") {
            let Some(pattern) = self.string() else { break };
            patterns.push(pattern);
        }
        self.skip_past("is_prefix: ")?;
        let is_prefix = self.take("true");
        // The resources with names are listed a second time.
        self.skip_past("named: ")?;
        self.skip_map()?;
        self.skip_past("nodes: ")?;
        let children = if self.take("Some([") {
            let mut children = Vec::new();
            while !self.take("])") {
                children.push(self.node()?);
                self.take(", ");
            }
            Some(children)
        } else {
            self.take("None").then_some(None)?
        };
        self.skip_past("}")?;
        Some(Node { patterns, is_prefix, definition: OnceCell::new(), children })
    }

    /// Skips `text` if it is next; returns `true` if it was.
    fn take(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Skips everything up to the end of the next `text` that is not part of a string.
    fn skip_past(&mut self, text: &str) -> Option<()> {
        loop {
            if self.take(text) {
                return Some(());
            }
            self.skip_one()?;
        }
    }

    /// Skips `{ .. }`, with everything nested in it.
    fn skip_map(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            if self.take("{") {
                depth += 1;
            } else if self.take("}") {
                depth -= 1;
            } else {
                self.skip_one()?;
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Skips a string, or else a character.
    fn skip_one(&mut self) -> Option<()> {
        if self.0.starts_with('"') {
            return self.string().map(drop);
        }
        let mut rest = self.0.chars();
        rest.next()?;
        self.0 = rest.as_str();
        Some(())
    }

    /// Reads a string, after the names of enum variants and brackets before it.
    fn string(&mut self) -> Option<String> {
        let (before, mut rest) = self.0.split_once('"')?;
        if before.contains([',', ']', ')']) {
            return None;
        }
        let mut string = String::new();
        loop {
            let (plain, _) = rest.split_once(['"', '\\'])?;
            string.push_str(plain);
            let special = rest.get(plain.len()..)?;
            rest = special.get(1..)?;
            if special.starts_with('"') {
                self.0 = rest;
                return Some(string);
            }
            // `\u{..}` never stands for a character of a pattern that matches a path.
            let escaped = rest.chars().next().filter(|escaped| matches!(escaped, '\\' | '"' | '\''))?;
            string.push(escaped);
            rest = rest.get(1..)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn app() -> ResourceMap {
        let mut root = ResourceMap::new(ResourceDef::root_prefix(""));
        let mut named = ResourceDef::new(["/users/{id:\\d+}", "/people/\"{id}\""]);
        named.set_name("a \"name\" with } and {");
        root.add(&mut named, None);
        root.add(&mut ResourceDef::new("/users/{name}"), None);
        root.add(&mut ResourceDef::prefix("/files"), None);
        let mut prefix = ResourceDef::root_prefix("/api");
        let mut scope = ResourceMap::new(prefix.clone());
        for resource in ["", "/users/{id:[^{}\"]{1,3}}", "/x"] {
            scope.add(&mut ResourceDef::new(resource), None);
        }
        root.add(&mut prefix, Some(Rc::new(scope)));
        root
    }

    #[test]
    fn a_tree_is_read_from_the_text_of_this_actix_web() {
        let (map, resources) = (app(), Resources::default());
        assert_eq!(resources.matches("/api"), None, "not read");
        assert!(resources.read(&map) && resources.read(&map));
        assert!(!resources.read(&app()), "another app");
        let matches = |path: &str| {
            let Matches { routes, is_scope } = resources.matches(path).unwrap_or_default();
            (routes, is_scope)
        };
        for (path, routes, is_scope) in [
            ("/users/7", &["/users/{id:\\d+}", "/users/{name}"][..], false),
            ("/users/x", &["/users/{name}"], false),
            ("/people/\"x\"", &["/users/{id:\\d+}"], false),
            ("/files/css/site.css", &["/files"], false),
            ("/api", &["/api"], true),
            ("/api/users/abc", &["/api/users/{id:[^{}\"]{1,3}}"], false),
            ("/api/users/abcd", &[], false),
            ("/api/x", &["/api/x"], false),
            ("/nowhere", &[], false),
        ] {
            assert_eq!(matches(path), (routes.iter().map(|&route| route.to_owned()).collect(), is_scope), "{path}");
        }
    }

    #[test]
    fn another_text_is_no_tree() {
        for text in ["", "ResourceMap", "ResourceMap { pattern: ResourceDef { patterns: Single(\"/\\", "{\"\"}"] {
            assert!(Text(text).node().is_none(), "{text}");
        }
        let text = format!("{:?}", app());
        for end in 0..text.len() {
            assert!(Text(&text[..end]).node().is_none(), "cut at {end}");
        }
    }
}
