//! Routes that were seen before, found again without asking the router for their pattern: it makes a new string each time.

use actix_web::dev::{Path, Url};
use otel_core::foldhash::fast::FixedState;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Patterns of a thread at most. There are as many as the application has routes; the limit is for those who make
/// applications all the time.
const MOST: usize = 4096;

thread_local! {
    static ROUTES: RefCell<Routes> = const { RefCell::new(Routes::new()) };
}

/// The text behind a parameter, and the route that it belongs to.
type Known = (Box<str>, Arc<str>);

/// Places near at hand: enough for the routes that most requests take.
const NEAR: usize = 64;

/// The routes of a thread.
#[derive(Debug)]
struct Routes {
    /// Those that were found last. Where they stand depends on what they are found by.
    near: [Option<Near>; NEAR],
    /// By the resource, or the scope, that had the last parameter of the path, and the text behind it.
    dynamic: HashMap<usize, Vec<Known>, FixedState>,
    /// Those without parameters, by themselves.
    constant: HashSet<Arc<str>, FixedState>,
    /// All of them: spans and series of the same route share one string.
    patterns: HashSet<Arc<str>, FixedState>,
}

/// A route, and what it is found by.
#[derive(Debug)]
struct Near {
    /// Zero for those without parameters.
    owner: usize,
    text: Box<str>,
    route: Arc<str>,
}

impl Routes {
    const fn new() -> Self {
        Self {
            near: [const { None }; NEAR],
            dynamic: HashMap::with_hasher(FixedState::with_seed(0)),
            constant: HashSet::with_hasher(FixedState::with_seed(0)),
            patterns: HashSet::with_hasher(FixedState::with_seed(0)),
        }
    }

    #[inline]
    fn near(&mut self, owner: usize, text: &str) -> Option<&mut Option<Near>> {
        // Owners are allocations: their lowest bits are the same. Texts of routes often differ in their ends.
        let end = text.as_bytes().last().copied().map_or(0, usize::from);
        self.near.get_mut((owner >> 4 ^ owner >> 10 ^ text.len() << 2 ^ end) % NEAR)
    }

    #[inline]
    fn find(&mut self, owner: usize, text: &str) -> Option<Arc<str>> {
        match self.near(owner, text) {
            Some(Some(near)) if near.owner == owner && *near.text == *text => Some(Arc::clone(&near.route)),
            _ => self.find_far(owner, text),
        }
    }

    #[cold]
    fn find_far(&mut self, owner: usize, text: &str) -> Option<Arc<str>> {
        let route = if owner == 0 {
            self.constant.get(text)
        } else {
            self.dynamic.get(&owner)?.iter().find(|(known, _)| **known == *text).map(|(_, route)| route)
        };
        let route = Arc::clone(route?);
        if let Some(near) = self.near(owner, text) {
            *near = Some(Near { owner, text: text.into(), route: Arc::clone(&route) });
        }
        Some(route)
    }
}

/// Which resource had the last parameter of a path, and the text behind the parameter. Together these tell the route: a
/// resource has one place among the application's scopes, which settles all that comes before, and what is behind is of
/// resources without parameters.
///
/// The resource is told by the place of the parameter's name: actix-router makes a new one for each resource and scope,
/// and never frees it.
fn last_parameter(path: &Path<Url>) -> Option<(usize, &str)> {
    let (name, value) = path.iter().nth(path.segment_count().checked_sub(1)?)?;
    let whole = path.as_str();
    let end = value.as_ptr().addr().checked_sub(whole.as_ptr().addr())?.checked_add(value.len())?;
    Some((name.as_ptr().addr(), whole.get(end..)?))
}

/// The route of a path that the router consumed, if it was seen before.
#[inline]
pub(super) fn find(path: &Path<Url>) -> Option<Arc<str>> {
    let (owner, text) = if path.segment_count() == 0 { (0, path.as_str()) } else { last_parameter(path)? };
    ROUTES.try_with(|routes| routes.borrow_mut().find(owner, text)).ok().flatten()
}

/// Keeps a pattern. One that does not read like the path is shared, but has to be asked for again.
pub(super) fn keep(pattern: &str, path: &Path<Url>) -> Arc<str> {
    let keep = |routes: &RefCell<Routes>| {
        let mut routes = routes.borrow_mut();
        let known = routes.patterns.get(pattern).cloned();
        let route = known.unwrap_or_else(|| Arc::from(pattern));
        if routes.patterns.len() < MOST {
            routes.patterns.insert(Arc::clone(&route));
            if is_of(&route, path) {
                match last_parameter(path) {
                    Some((owner, rest)) => {
                        routes.dynamic.entry(owner).or_default().push((rest.into(), Arc::clone(&route)));
                    }
                    None => drop(routes.constant.insert(Arc::clone(&route))),
                }
            }
        }
        route
    };
    ROUTES.try_with(keep).unwrap_or_else(|_| Arc::from(pattern))
}

/// Whether the pattern, with the path's parameters in their places, is the path.
fn is_of(pattern: &str, path: &Path<Url>) -> bool {
    let whole = path.as_str();
    let start = whole.as_ptr().addr();
    let (mut pattern, mut read) = (pattern, 0);
    for (name, value) in path.iter() {
        let Some(at) = value.as_ptr().addr().checked_sub(start) else { return false };
        // The text before the parameter, and `{name}` or `{name:expression}`, without `}` in the expression.
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

/// What follows `:expression}`, which may have braces inside.
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

    #[test]
    fn a_pattern_is_found_again_by_its_resource_alone() {
        let by_number = ResourceDef::new("/orders/{id:[0-9]{1,5}}/{part}");
        let by_name = ResourceDef::new("/orders/{id:[a-z]+}/{part}");
        let pattern = |resource: &ResourceDef| resource.pattern().map(str::to_owned).unwrap_or_default();
        for (resource, path) in [(&by_number, "/orders/7/lines"), (&by_name, "/orders/x/lines")] {
            let Some(path) = matched(resource, path) else { panic!("{path} does not match") };
            assert_eq!(find(&path), None);
            assert_eq!(*keep(&pattern(resource), &path), *pattern(resource));
            assert_eq!(find(&path).as_deref(), Some(&*pattern(resource)));
        }
        let Some(other) = matched(&by_number, "/orders/12345/total") else { panic!("does not match") };
        assert_eq!(find(&other).as_deref(), Some(&*pattern(&by_number)));
    }

    #[test]
    fn resources_of_one_scope_are_told_apart_by_their_texts() {
        let scope = ResourceDef::prefix("/{tenant}");
        let paths = ["/acme/users", "/acme/orders"];
        for path in paths {
            let Some(path) = matched(&scope, path) else { panic!("{path} does not match") };
            keep(&format!("/{{tenant}}{}", path.unprocessed()), &path);
        }
        for path in paths {
            let Some(path) = matched(&scope, path) else { panic!("{path} does not match") };
            assert_eq!(find(&path).as_deref(), Some(&*format!("/{{tenant}}{}", path.unprocessed())));
        }
    }

    #[test]
    fn texts_without_parameters_are_their_own_pattern() {
        let Some(path) = matched(&ResourceDef::new("/health"), "/health") else { panic!("does not match") };
        keep("/health", &path);
        assert_eq!(find(&path).as_deref(), Some("/health"));
        let Some(other) = matched(&ResourceDef::new("/healthy"), "/healthy") else { panic!("does not match") };
        assert_eq!(find(&other), None);
        // Nothing to find it by.
        keep("/{tail}", &other);
        assert_eq!(find(&other), None);
    }
}
