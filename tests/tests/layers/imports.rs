//! The imports of a source file: its `use` items and paths outside of test code.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The segments of a path.
pub(crate) type Path = Vec<String>;

/// The imports of one source file.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    pub(crate) paths: Vec<Path>,
    /// `pub use` items: the name, and the path that it stands for.
    pub(crate) exports: Vec<(String, Path)>,
    /// Names of the modules that exist in tests only.
    pub(crate) test_modules: Vec<String>,
}

impl Imports {
    /// Reads a source file. Comments and strings hold no tokens, so none is mistaken for an import.
    #[allow(clippy::expect_used, reason = "a test fails by panicking")]
    pub(crate) fn of(source: &str) -> Self {
        let mut imports = Self::default();
        imports.read(TokenStream::from_str(source).expect("the source file consists of tokens"));
        imports
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        let mut is_public = false;
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let [TokenTree::Group(attribute), after @ ..] = rest {
                        rest = after;
                        if is_for_tests(attribute) {
                            rest = self.skip_item(rest);
                        }
                    }
                }
                TokenTree::Ident(keyword) if keyword == "pub" => {
                    is_public = true;
                    // `pub(in crate::path)` imports nothing.
                    if let [TokenTree::Group(group), after @ ..] = rest
                        && group.delimiter() == Delimiter::Parenthesis
                    {
                        rest = after;
                    }
                    continue;
                }
                // Not that of `impl Trait + use<'a>`.
                TokenTree::Ident(keyword) if keyword == "use" && !is_punct(rest.first(), '<') => {
                    let end = rest.iter().position(|token| is_punct(Some(token), ';')).unwrap_or(rest.len());
                    let (tree, after) = rest.split_at(end);
                    rest = after;
                    self.read_use(tree, &Path::new(), is_public);
                }
                TokenTree::Ident(segment) => {
                    let mut path = vec![segment.to_string()];
                    while let Some((segment, after)) = next_segment(rest) {
                        path.push(segment);
                        rest = after;
                    }
                    if path.len() > 1 {
                        self.paths.push(path);
                    }
                }
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            is_public = false;
        }
    }

    /// Reads the tree of a `use` item.
    fn read_use(&mut self, tree: &[TokenTree], prefix: &[String], is_public: bool) {
        for branch in tree.split(|token| is_punct(Some(token), ',')).filter(|branch| !branch.is_empty()) {
            let mut path = prefix.to_vec();
            let mut name = None;
            let mut is_tree = false;
            for (index, token) in branch.iter().enumerate() {
                match token {
                    TokenTree::Ident(keyword) if keyword == "as" => {
                        name = branch.get(index + 1).map(ToString::to_string);
                        break;
                    }
                    TokenTree::Ident(segment) => path.push(segment.to_string()),
                    TokenTree::Group(group) => {
                        is_tree = true;
                        let branches: Vec<TokenTree> = group.stream().into_iter().collect();
                        self.read_use(&branches, &path, is_public);
                    }
                    TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
            }
            if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                path.pop();
            }
            match (is_tree, is_public, name.or_else(|| path.last().cloned())) {
                (true, ..) | (_, _, None) => {}
                (false, true, Some(name)) => self.exports.push((name, path)),
                (false, false, Some(_)) => self.paths.push(path),
            }
        }
    }

    /// The tokens after an item of test code.
    fn skip_item<'a>(&mut self, tokens: &'a [TokenTree]) -> &'a [TokenTree] {
        let is_end = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            token => is_punct(Some(token), ';'),
        };
        let end = tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1);
        let (item, after) = tokens.split_at(end);
        let is_mod = |token: &TokenTree| matches!(token, TokenTree::Ident(keyword) if keyword == "mod");
        if let Some(name) = item.iter().position(is_mod).and_then(|keyword| item.get(keyword + 1)) {
            self.test_modules.push(name.to_string());
        }
        after
    }
}

/// Returns `true` for `#[cfg(test)]` and the combinations of it that users never compile.
fn is_for_tests(attribute: &Group) -> bool {
    let text = attribute.stream().to_string().replace(' ', "");
    let condition = text.strip_prefix("cfg(").unwrap_or_default();
    ["test)", "all(test,", "any(test,fuzzing)"].iter().any(|test| condition.starts_with(test))
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

/// The next segment of a path, and the tokens after it.
fn next_segment(tokens: &[TokenTree]) -> Option<(String, &[TokenTree])> {
    let [first, second, TokenTree::Ident(segment), after @ ..] = tokens else { return None };
    (is_punct(Some(first), ':') && is_punct(Some(second), ':')).then(|| (segment.to_string(), after))
}
