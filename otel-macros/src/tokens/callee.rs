//! Functions and methods that start a task or a thread, by their names.

use proc_macro2::TokenTree;

use super::path::{is_punct, segments_before};

/// Functions, by their last two path segments.
const FUNCTIONS: [(&str, &str); 11] = [
    ("tokio", "spawn"),
    ("task", "spawn"),
    ("task", "spawn_blocking"),
    ("task", "spawn_local"),
    ("rt", "spawn"),
    ("actix_rt", "spawn"),
    ("rt", "spawn_blocking"),
    ("actix_rt", "spawn_blocking"),
    ("web", "block"),
    ("thread", "spawn"),
    ("thread", "spawn_local"),
];

/// Methods of runtimes, join sets, local sets, scopes and arbiters. Other types have methods of these names,
/// too: their arguments pass through as they are.
const METHODS: [&str; 6] =
    ["spawn", "spawn_local", "spawn_blocking", "spawn_on", "spawn_local_on", "spawn_blocking_on"];

/// The function that is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    Function,
    /// `.spawn(..)`, which may take anything.
    SpawnMethod,
    /// A method with a longer name.
    OtherMethod,
}

impl Callee {
    /// The function whose arguments are `tokens[at]`; `None` if it starts nothing.
    pub(super) fn before(tokens: &[TokenTree], at: usize) -> Option<Self> {
        let [Some(name), module] = segments_before::<2>(tokens, at) else { return None };
        if module.is_some_and(|module| FUNCTIONS.iter().any(|(m, f)| name == f && module == m)) {
            return Some(Self::Function);
        }
        // `segments_before` skips a turbofish, so the dot is looked for in front of the name.
        let name_at = tokens[..at].iter().rposition(|token| matches!(token, TokenTree::Ident(ident) if ident == name));
        let dot = name_at.and_then(|at| at.checked_sub(1)).filter(|&dot| is_punct(&tokens[dot], '.'));
        match dot {
            Some(_) if name == "spawn" => Some(Self::SpawnMethod),
            Some(_) if METHODS.iter().any(|method| name == method) => Some(Self::OtherMethod),
            _ => None,
        }
    }
}
