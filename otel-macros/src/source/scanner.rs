//! A scanner for the outer attributes and the blocks of a Rust file. It knows just enough of the language to skip comments
//! (nested ones too), strings of every kind, characters as opposed to lifetimes, and brackets inside attributes.

use std::ops::Range;

/// One `#[..]` in the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// From `#` to the end of `]`, in bytes.
    pub(crate) range: Range<usize>,
    /// Last segment of its path: `get` for `#[actix_web::get("/")]`.
    pub(crate) name: String,
    /// `true` if its first argument is a string, or a `$variable` of a macro.
    pub(crate) takes_text: bool,
    /// The end of the attribute before it, if only white space and comments are between the two.
    pub(crate) after: Option<usize>,
}

/// Braces with their contents.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// From the item, statement or block before to the opening brace, in bytes.
    pub(crate) head: Range<usize>,
    /// Between the braces.
    pub(crate) inside: Range<usize>,
}

/// All attributes and blocks of `text`, in the order in which they end.
pub(crate) fn scan(text: &str) -> (Vec<Attribute>, Vec<Block>) {
    let mut scanner = Scanner::new(text);
    scanner.tokens(false);
    (scanner.attributes, scanner.blocks)
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    attributes: Vec<Attribute>,
    blocks: Vec<Block>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, attributes: Vec::new(), blocks: Vec::new() }
    }

    /// Scans to the end, or to the `]` that ends an attribute.
    fn tokens(&mut self, in_attribute: bool) {
        let mut brackets = 0_usize;
        let mut previous = None;
        // The end of the item or statement before, and the same for each open block with the place of its brace.
        let mut start = self.at;
        let mut open = Vec::new();
        while let Some(next) = self.peek() {
            if self.skip_trivia(next) {
                continue;
            }
            match next {
                '#' if self.rest()[1..].trim_start().starts_with('[') => {
                    self.attribute(previous);
                    previous = Some(self.at);
                    continue;
                }
                ']' if in_attribute && brackets == 0 => {
                    self.at += 1;
                    return;
                }
                '[' => brackets += 1,
                ']' => brackets = brackets.saturating_sub(1),
                '{' => open.push((start, self.at)),
                '}' => {
                    if let Some((start, brace)) = open.pop() {
                        self.blocks.push(Block { head: start..brace, inside: brace + 1..self.at });
                    }
                }
                _ => {}
            }
            if matches!(next, '{' | '}') || next == ';' && brackets == 0 {
                start = self.at + 1;
            }
            previous = None;
            self.skip_token(next);
        }
    }

    fn attribute(&mut self, after: Option<usize>) {
        let start = self.at;
        self.at += self.rest().find('[').map_or(1, |bracket| bracket + 1);
        let inside = self.at;
        self.tokens(true);
        let (name, arguments) = split_path(&self.text[inside..self.at]);
        let attribute = Attribute {
            range: start..self.at,
            name: name.to_owned(),
            takes_text: arguments.trim_start().strip_prefix('(').is_some_and(starts_with_text),
            after,
        };
        self.attributes.push(attribute);
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Skips white space and comments.
    fn skip_trivia(&mut self, next: char) -> bool {
        if next.is_whitespace() || next == '\u{feff}' {
            self.at += next.len_utf8();
        } else if self.rest().starts_with("//") {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        } else if self.rest().starts_with("/*") {
            self.skip_block_comment();
        } else {
            return false;
        }
        true
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else if let Some(next) = rest.chars().next() {
                self.at += next.len_utf8();
            } else {
                return;
            }
        }
    }

    fn skip_token(&mut self, next: char) {
        if next == '"' {
            self.at += 1;
            self.skip_string();
        } else if next == '\'' {
            self.skip_char_or_lifetime();
        } else if next == '_' || next.is_alphanumeric() {
            self.skip_word();
        } else {
            self.at += next.len_utf8();
        }
    }

    /// Skips an identifier or a number, and the string behind a prefix (`r#".."#`, `b".."`, `c".."`).
    fn skip_word(&mut self) {
        let word = self.rest();
        let end = word.find(|next: char| next != '_' && !next.is_alphanumeric()).unwrap_or(word.len());
        let (word, behind) = word.split_at(end);
        let hashes = behind.len() - behind.trim_start_matches('#').len();
        let raw = matches!(word, "r" | "br" | "cr") && behind[hashes..].starts_with('"');
        let prefixed = matches!(word, "b" | "c") && behind.starts_with('"');
        self.at += end;
        if raw {
            let terminator = format!("\"{}", "#".repeat(hashes));
            self.at += hashes + 1;
            self.at += self.rest().find(&terminator).map_or(self.rest().len(), |found| found + terminator.len());
        } else if prefixed {
            self.at += 1;
            self.skip_string();
        }
    }

    /// Skips a string, from behind the opening quote.
    fn skip_string(&mut self) {
        let mut escaped = false;
        while let Some(next) = self.peek() {
            self.at += next.len_utf8();
            match next {
                '"' if !escaped => return,
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
    }

    fn skip_char_or_lifetime(&mut self) {
        let mut inside = self.rest()[1..].char_indices();
        let first = inside.next().map(|(_, next)| next);
        let second = inside.next();
        self.at += match (first, second) {
            // '\'' and '\\' end at the quote behind the escaped character.
            (Some('\\'), Some((at, escaped))) => {
                let behind = 1 + at + escaped.len_utf8();
                self.rest()[behind..].find('\'').map_or(behind, |quote| behind + quote + 1)
            }
            (Some(_), Some((at, '\''))) => 1 + at + 1,
            // A lifetime: its name is an ordinary word.
            _ => 1,
        };
    }
}

/// `get` and `("/")]` of `actix_web :: get("/")]`.
fn split_path(path: &str) -> (&str, &str) {
    let end = path
        .find(|next: char| !(next == '_' || next == ':' || next.is_alphanumeric() || next.is_whitespace()))
        .unwrap_or(path.len());
    let (path, arguments) = path.split_at(end);
    (path.rsplit(':').next().unwrap_or_default().trim(), arguments)
}

/// Returns `true` if the first argument is a string or a variable, after white space and comments.
fn starts_with_text(arguments: &str) -> bool {
    let mut scanner = Scanner::new(arguments);
    while scanner.peek().is_some_and(|next| scanner.skip_trivia(next)) {}
    let rest = scanner.rest();
    rest.starts_with(['"', '$'])
        || rest.strip_prefix('r').is_some_and(|raw| raw.trim_start_matches('#').starts_with('"'))
}
