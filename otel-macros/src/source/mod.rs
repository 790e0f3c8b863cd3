//! The text around our attribute.
//!
//! `#[get("/")] #[auto_instrument] async fn h()`: when our macro runs, `get` is gone, and the item is a plain `async
//! fn`. But the compiler knows the place of our attribute in the source file, and the text directly above it still has
//! the `#[get("/")]`. In the same way the text shows the `impl<T>` around a method. If the text is not available (no file,
//! or one that changed), the function is an ordinary one.

mod scanner;

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
    rc::Rc,
};

use proc_macro::Span;
use scanner::{Attribute, Block, scan};

thread_local! {
    /// The files read so far: a crate may have 300 handlers in one file. The compiler runs macros on one thread.
    static FILES: RefCell<HashMap<PathBuf, Rc<File>>> = RefCell::default();
}

struct File {
    text: String,
    attributes: Vec<Attribute>,
    blocks: Vec<Block>,
}

/// The text around an attribute of ours.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Surrounding {
    /// `true` if a route attribute stands above.
    pub(crate) route: bool,
    /// The text in front of the innermost braces around the item, such as `impl<T> Service for Boxed<T>`. Empty for an item
    /// that no braces surround; `None` if there is no text.
    pub(crate) block: Option<String>,
}

/// The text around the attribute at `ours`.
pub(crate) fn surrounding(ours: Span) -> Surrounding {
    let (Some(path), line, column) = (ours.local_file(), ours.line(), ours.column()) else {
        return Surrounding::default();
    };
    read(&path).and_then(|file| file.surrounding(line, column)).unwrap_or_default()
}

fn read(path: &Path) -> Option<Rc<File>> {
    FILES.with_borrow_mut(|files| {
        if let Some(file) = files.get(path) {
            return Some(Rc::clone(file));
        }
        let text = std::fs::read_to_string(path).ok()?;
        let file = Rc::new(File::new(text));
        files.insert(path.to_owned(), Rc::clone(&file));
        Some(file)
    })
}

impl File {
    fn new(text: String) -> Self {
        let (attributes, blocks) = scan(&text);
        Self { text, attributes, blocks }
    }

    /// Looks around a line and column as the compiler counts them: from 1, columns in characters.
    fn surrounding(&self, line: usize, column: usize) -> Option<Surrounding> {
        let place = self.offset(line, column)?;
        // Attributes come in the order of their ends: an attribute inside another one comes before the outer one.
        let ours = self.attributes.iter().position(|attribute| attribute.range.contains(&place))?;
        // Blocks come in that order, too.
        let block = self.blocks.iter().find(|block| block.inside.contains(&place));
        let block = block.map_or("", |block| &self.text[block.head.clone()]);
        Some(Surrounding { route: self.is_below_route(ours), block: Some(block.to_owned()) })
    }

    fn is_below_route(&self, ours: usize) -> bool {
        let mut below = &self.attributes[ours];
        for above in self.attributes[..ours].iter().rev() {
            if below.after != Some(above.range.end) {
                return false;
            }
            // As in `routes::is_route`: `#[fastrace::trace]` is no route attribute.
            if above.name == "routes" || above.takes_text && crate::routes::is_route_name(&above.name) {
                return true;
            }
            below = above;
        }
        false
    }

    fn offset(&self, line: usize, column: usize) -> Option<usize> {
        // The compiler does not count a byte-order mark.
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let mark = self.text.len() - text.len();
        let (mut start, mut rest) = (mark, text);
        for _ in 1..line {
            let end = rest.find('\n')? + 1;
            start += end;
            rest = &rest[end..];
        }
        let line = rest.lines().next()?;
        let (column, _) = line.char_indices().nth(column.checked_sub(1)?)?;
        Some(start + column)
    }
}

#[cfg(test)]
mod tests;
