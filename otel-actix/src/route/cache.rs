//! The route patterns that this thread has seen, found again without asking actix-web: it builds a new string per request.

use actix_web::dev::{Path, Url};
use otel_core::direct_mapped::DirectMapped;
use otel_core::foldhash::fast::FixedState;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The most patterns of a thread. An application has as many as it has routes; the limit is for programs that create
/// applications again and again.
const MAX_PATTERNS: usize = 4096;

/// Entries of the cache: an application receives most of its requests on few routes.
const CACHE_SIZE: usize = 64;

thread_local! {
    static ROUTES: RefCell<Routes> = const { RefCell::new(Routes::new()) };
}

/// The text after a parameter, and the route.
type Continuation = (Box<str>, Arc<str>);

/// The routes of a thread. Each is found by the address of the path's last parameter name (zero if the path has no
/// parameters) and the text after that parameter.
#[derive(Debug)]
struct Routes {
    /// The routes that were found last.
    cache: DirectMapped<(usize, Box<str>), Arc<str>, CACHE_SIZE>,
    /// Routes with parameters.
    dynamic: HashMap<usize, Vec<Continuation>, FixedState>,
    /// Routes without parameters: their text is their pattern.
    constant: HashSet<Arc<str>, FixedState>,
    /// All patterns. The spans and metrics of a route share one string.
    patterns: HashSet<Arc<str>, FixedState>,
}

impl Routes {
    const fn new() -> Self {
        Self {
            cache: DirectMapped::new(),
            dynamic: HashMap::with_hasher(FixedState::with_seed(0)),
            constant: HashSet::with_hasher(FixedState::with_seed(0)),
            patterns: HashSet::with_hasher(FixedState::with_seed(0)),
        }
    }

    #[inline]
    fn find(&mut self, name: usize, text: &str) -> Option<Arc<str>> {
        // Names are allocations, whose lowest bits are equal. The texts of routes often differ in length or at their end.
        let end = text.as_bytes().last().copied().map_or(0, usize::from);
        let hash = name >> 4 ^ name >> 10 ^ text.len() << 2 ^ end;
        let is_key = |(other, rest): &(usize, Box<str>)| *other == name && **rest == *text;
        if let Some(route) = self.cache.get(hash, is_key) {
            return Some(Arc::clone(route));
        }
        let route = self.find_slowly(name, text)?;
        *self.cache.entry(hash) = Some(((name, text.into()), Arc::clone(&route)));
        Some(route)
    }

    #[cold]
    fn find_slowly(&self, name: usize, text: &str) -> Option<Arc<str>> {
        let route = if name == 0 {
            self.constant.get(text)
        } else {
            self.dynamic.get(&name)?.iter().find(|(rest, _)| **rest == *text).map(|(_, route)| route)
        };
        route.cloned()
    }

    fn intern(&mut self, pattern: &str) -> Arc<str> {
        let known = self.patterns.get(pattern).cloned();
        known.unwrap_or_else(|| {
            let route = Arc::from(pattern);
            if self.patterns.len() < MAX_PATTERNS {
                self.patterns.insert(Arc::clone(&route));
            }
            route
        })
    }
}

/// Returns the address of the path's last parameter name and the text after the parameter. Together they identify the route:
/// the name belongs to one resource or scope, whose position in the app settles everything before it, and the resources
/// after it have no parameters.
///
/// This relies on actix-router, which leaks one string per parameter of each `ResourceDef`, so that no two definitions ever
/// have a name at the same address. A test of this module fails if that changes.
fn last_parameter(path: &Path<Url>) -> Option<(usize, &str)> {
    let (name, value) = path.iter().nth(path.segment_count().checked_sub(1)?)?;
    let whole = path.as_str();
    let end = value.as_ptr().addr().checked_sub(whole.as_ptr().addr())?.checked_add(value.len())?;
    Some((name.as_ptr().addr(), whole.get(end..)?))
}

/// Returns the route of a path that the router consumed, if it was [inserted](insert).
#[inline]
pub(super) fn find(path: &Path<Url>) -> Option<Arc<str>> {
    let (name, text) = if path.segment_count() == 0 { (0, path.as_str()) } else { last_parameter(path)? };
    ROUTES.try_with(|routes| routes.borrow_mut().find(name, text)).ok().flatten()
}

/// Returns the shared string of a pattern.
pub(super) fn intern(pattern: &str) -> Arc<str> {
    ROUTES.try_with(|routes| routes.borrow_mut().intern(pattern)).unwrap_or_else(|_| Arc::from(pattern))
}

/// Inserts the pattern of a path that the router consumed, and returns its shared string. A pattern that does not read like
/// the path (a resource with several patterns) is only shared, and has to be looked up again.
pub(super) fn insert(pattern: &str, path: &Path<Url>) -> Arc<str> {
    let route = intern(pattern);
    let insert = |routes: &RefCell<Routes>| {
        let routes = &mut *routes.borrow_mut();
        if !routes.patterns.contains(&route) || !reads_like(pattern, path) {
            return;
        }
        match last_parameter(path) {
            Some((name, text)) => {
                routes.dynamic.entry(name).or_default().push((text.into(), Arc::clone(&route)));
            }
            None => drop(routes.constant.insert(Arc::clone(&route))),
        }
    };
    let _ = ROUTES.try_with(insert);
    route
}

/// Returns `true` if the pattern is the path when the path's values replace its parameters.
fn reads_like(pattern: &str, path: &Path<Url>) -> bool {
    let whole = path.as_str();
    let start = whole.as_ptr().addr();
    let (mut pattern, mut read) = (pattern, 0);
    for (name, value) in path.iter() {
        let Some(at) = value.as_ptr().addr().checked_sub(start) else { return false };
        // The text before the parameter, then `{name}` or `{name:expression}`.
        let Some(text) = whole.get(read..at) else { return false };
        let rest = pattern.strip_prefix(text).and_then(|rest| rest.strip_prefix('{')).and_then(|rest| {
            let rest = rest.strip_prefix(name)?;
            if let Some(rest) = rest.strip_prefix('}') { Some(rest) } else { after_expression(rest) }
        });
        let Some(rest) = rest else { return false };
        pattern = rest;
        read = at + value.len();
    }
    whole.get(read..).is_some_and(|text| pattern == text || pattern.strip_suffix('*').is_some_and(|all| all == text))
}

/// Returns the text after `:expression}`. The expression may contain pairs of braces.
fn after_expression(rest: &str) -> Option<&str> {
    let expression = rest.strip_prefix(':')?;
    let mut depth = 0;
    for (at, character) in expression.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return expression.get(at + 1..),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a failed assumption should fail the test")]

    use super::*;
    use actix_web::dev::ResourceDef;

    fn matched(resource: &ResourceDef, path: &str) -> Option<Path<Url>> {
        let mut path = Path::new(Url::new(path.parse().ok()?));
        resource.capture_match_info(&mut path).then_some(path)
    }

    /// If this test fails, actix-router has changed, and routes must not be found by the addresses of names any more.
    #[test]
    fn each_definition_has_its_parameter_name_at_an_address_of_its_own() {
        let mut seen = HashSet::new();
        for number in 0..1_000 {
            // Dropped at once, so that an allocator would use its memory for the next one.
            let definition = ResourceDef::new("/orders/{id}/lines");
            let address = |definition: &ResourceDef| {
                let path = matched(definition, &format!("/orders/{number}/lines"));
                path.and_then(|path| last_parameter(&path).map(|(name, _)| name))
            };
            let name = address(&definition);
            assert!(
                name.is_some() && seen.insert(name),
                "the name of definition {number} has an earlier one's address"
            );
            assert_eq!(address(&definition.clone()), name, "a router and its resource map have copies of a definition");
        }
    }

    #[test]
    fn a_pattern_is_found_again_by_its_resource_alone() {
        let by_number = ResourceDef::new("/orders/{id:[0-9]{1,5}}/{part}");
        let by_name = ResourceDef::new("/orders/{id:[a-z]+}/{part}");
        let pattern = |resource: &ResourceDef| resource.pattern().map(str::to_owned).unwrap_or_default();
        for (resource, path) in [(&by_number, "/orders/7/lines"), (&by_name, "/orders/x/lines")] {
            let Some(path) = matched(resource, path) else { panic!("{path} does not match") };
            assert_eq!(find(&path), None);
            assert_eq!(*insert(&pattern(resource), &path), *pattern(resource));
            assert_eq!(find(&path).as_deref(), Some(&*pattern(resource)));
        }
        let Some(other) = matched(&by_number, "/orders/12345/total") else { panic!("does not match") };
        assert_eq!(find(&other).as_deref(), Some(&*pattern(&by_number)));
    }

    #[test]
    fn resources_of_one_scope_are_distinguished_by_their_texts() {
        let scope = ResourceDef::prefix("/{tenant}");
        let paths = ["/acme/users", "/acme/orders"];
        for path in paths {
            let Some(path) = matched(&scope, path) else { panic!("{path} does not match") };
            insert(&format!("/{{tenant}}{}", path.unprocessed()), &path);
        }
        for path in paths {
            let Some(path) = matched(&scope, path) else { panic!("{path} does not match") };
            assert_eq!(find(&path).as_deref(), Some(&*format!("/{{tenant}}{}", path.unprocessed())));
        }
    }

    #[test]
    fn texts_without_parameters_are_their_own_pattern() {
        let Some(path) = matched(&ResourceDef::new("/health"), "/health") else { panic!("does not match") };
        insert("/health", &path);
        assert_eq!(find(&path).as_deref(), Some("/health"));
        let Some(other) = matched(&ResourceDef::new("/healthy"), "/healthy") else { panic!("does not match") };
        assert_eq!(find(&other), None);
        // A pattern that does not read like the path.
        insert("/{tail}", &other);
        assert_eq!(find(&other), None);
    }
}
