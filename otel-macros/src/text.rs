//! Tokens as a person would write them, as far as that is easy: for people who look at an expansion. A real formatter
//! would be a dependency of every user's build.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// On one line.
pub(crate) fn line(tokens: TokenStream) -> String {
    let mut printer = Printer::default();
    printer.stream(tokens);
    printer.text
}

/// One statement per line, indented by braces.
pub(crate) fn lines(tokens: TokenStream) -> String {
    let mut printer = Printer { over_lines: true, ..Printer::default() };
    printer.stream(tokens);
    printer.text.push('\n');
    printer.text
}

#[derive(Default)]
struct Printer {
    text: String,
    over_lines: bool,
    depth: usize,
    /// The next token starts a line, unless it belongs to this one.
    line_ends: bool,
}

impl Printer {
    fn stream(&mut self, tokens: TokenStream) {
        let mut operator = String::new();
        let mut before: Option<TokenTree> = None;
        for token in tokens {
            if !continues_line(&token) {
                self.end_line();
            }
            let starts_line = self.text.ends_with([' ', '\n']);
            if before.as_ref().is_some_and(|before| !starts_line && is_space_between(before, &operator, &token)) {
                self.text.push(' ');
            }
            self.line_ends = false;
            match &token {
                TokenTree::Group(group) => self.group(group),
                other => self.text.push_str(&other.to_string()),
            }
            match &token {
                TokenTree::Punct(punct) => {
                    let joined =
                        matches!(&before, Some(TokenTree::Punct(before)) if before.spacing() == Spacing::Joint);
                    if !joined {
                        operator.clear();
                    }
                    operator.push(punct.as_char());
                    self.line_ends = self.over_lines && punct.as_char() == ';';
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => self.line_ends = self.over_lines,
                _ => {}
            }
            before = Some(token);
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
            Delimiter::Brace if group.stream().is_empty() => ("{", "}"),
            Delimiter::Brace if self.over_lines => {
                self.text.push('{');
                self.depth += 1;
                self.line_ends = true;
                self.stream(group.stream());
                self.depth -= 1;
                self.line_ends = true;
                self.end_line();
                self.text.push('}');
                return;
            }
            Delimiter::Brace => ("{ ", " }"),
        };
        self.text.push_str(open);
        self.stream(group.stream());
        self.line_ends = false;
        self.text.push_str(close);
    }

    fn end_line(&mut self) {
        if std::mem::take(&mut self.line_ends) {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("    ", self.depth));
        }
    }
}

/// What may follow a `}` on its line.
fn continues_line(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), ',' | ';' | '.' | '?'),
        TokenTree::Ident(ident) => ident == "else",
        _ => false,
    }
}

/// `operator` is all of the operator that ends with `before`, if that is one.
fn is_space_between(before: &TokenTree, operator: &str, next: &TokenTree) -> bool {
    let next_is = |characters: &str| matches!(next, TokenTree::Punct(punct) if characters.contains(punct.as_char()));
    match (before, next) {
        (TokenTree::Punct(before), _) if before.spacing() == Spacing::Joint => false,
        (TokenTree::Punct(_), _) if operator.ends_with('.') => false,
        (TokenTree::Punct(_), _) if matches!(operator, "::" | "&" | "&&" | "#" | "#!" | "<" | "!" | "::<") => false,
        (TokenTree::Punct(_), TokenTree::Group(group)) if operator == ">" => group.delimiter() == Delimiter::Brace,
        (TokenTree::Ident(_), TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        (TokenTree::Ident(word), _) if next_is(":<") && ["use", "let", "in", "return"].iter().any(|w| word == w) => {
            true
        }
        (TokenTree::Punct(_), _) if next_is(":") => operator != ">",
        _ => !next_is(",;.?:!<>"),
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn one_line_is_as_a_person_writes_it() {
        let tokens = quote!(::a::route(::a::New::<u8>::new(::core::concat!(::core::module_path!(), "::b"), &c.d?)));
        let expected = r#"::a::route(::a::New::<u8>::new(::core::concat!(::core::module_path!(), "::b"), &c.d?))"#;
        assert_eq!(super::line(tokens), expected);
    }

    #[test]
    fn one_statement_per_line() {
        let tokens = quote!(
            #[inline]
            fn f(x: &'a u8) -> Vec<u8> {
                let a = ::b::c(x)?;
                if a == 1 {
                    use ::h::i;
                    run(async move { a.d()?.e() }, || (&&&j).k());
                } else {
                    g::<u8>();
                }
                a
            }
        );
        let expected = "\
#[inline] fn f(x: &'a u8) -> Vec<u8> {
    let a = ::b::c(x)?;
    if a == 1 {
        use ::h::i;
        run(async move {
            a.d()?.e()
        }, || (&&&j).k());
    } else {
        g::<u8>();
    }
    a
}
";
        assert_eq!(super::lines(tokens), expected);
    }
}
