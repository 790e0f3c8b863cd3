//! `OTEL_MACROS_DEBUG=1`: what did the attribute make of my function?

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Prints `expansion` to stderr when the variable asks for it. Cargo does not know about the variable: touch the file
/// to see the expansion of a crate that is already built.
#[expect(clippy::print_stderr, reason = "the whole purpose of this switch")]
pub(crate) fn show(expansion: &TokenStream) {
    if std::env::var_os("OTEL_MACROS_DEBUG").is_some_and(|value| value == "1") {
        eprintln!("// #[auto_instrument] expands to:\n{}", pretty(expansion));
    }
}

/// One statement per line, indented by braces. A real formatter would be a dependency of every user's build.
fn pretty(tokens: &TokenStream) -> String {
    let mut lines = Lines::default();
    lines.stream(tokens.clone());
    lines.flush();
    lines.text
}

#[derive(Default)]
struct Lines {
    text: String,
    line: TokenStream,
    depth: usize,
}

impl Lines {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.push(" {");
                    self.depth += 1;
                    self.stream(group.stream());
                    self.flush();
                    self.depth -= 1;
                    self.push("}");
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => self.push(";"),
                _ => self.line.extend([token]),
            }
        }
    }

    fn push(&mut self, end: &str) {
        let line = std::mem::take(&mut self.line).to_string();
        let line = format!("{line}{end}");
        self.text.extend(std::iter::repeat_n("    ", self.depth));
        self.text.push_str(line.trim_start());
        self.text.push('\n');
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            self.push("");
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn one_statement_per_line() {
        let tokens = quote!(
            fn f() -> u8 {
                let a = 1;
                if a == 1 {
                    return 2;
                }
                a
            }
        );
        let expected = "fn f () -> u8 {\n    let a = 1;\n    if a == 1 {\n        return 2;\n    }\n    a\n}\n";
        assert_eq!(super::pretty(&tokens), expected);
    }
}
