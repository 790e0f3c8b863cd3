//! Looks for a route attribute above ours.
//!
//! `#[get("/")] #[auto_instrument] async fn h()`: when our macro runs, `get` is gone, and the item is a plain `async
//! fn`. But the compiler knows the place of our attribute in the source file, and the text directly above it still has
//! the `#[get("/")]`. If the text is not available (no file, or one that changed), the function is an ordinary one.

mod attributes;

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
    rc::Rc,
};

use attributes::{Attribute, attributes};
use proc_macro::Span;

thread_local! {
    /// The files read so far: a crate may have 300 handlers in one file. The compiler runs macros on one thread.
    static FILES: RefCell<HashMap<PathBuf, Rc<File>>> = RefCell::default();
}

struct File {
    text: String,
    attributes: Vec<Attribute>,
}

/// Returns `true` if the attribute at `ours` stands below a route attribute of the same item.
pub(crate) fn route_attribute_above(ours: Span) -> bool {
    let (Some(path), line, column) = (ours.local_file(), ours.line(), ours.column()) else { return false };
    read(&path).is_some_and(|file| file.route_above(line, column))
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
        Self { attributes: attributes(&text), text }
    }

    /// Looks above a line and column as the compiler counts them: from 1, columns in characters.
    fn route_above(&self, line: usize, column: usize) -> bool {
        let Some(place) = self.offset(line, column) else { return false };
        // Attributes come in the order of their ends: an attribute inside another one comes before the outer one.
        let Some(ours) = self.attributes.iter().position(|attribute| attribute.range.contains(&place)) else {
            return false;
        };
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
