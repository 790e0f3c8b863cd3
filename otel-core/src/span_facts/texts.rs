//! The texts of many spans in one buffer.

use std::ops::Range;

/// The most bytes for which the buffer of one span keeps room. The texts of an ordinary request are much shorter.
const KEPT: usize = 4096;

/// Where one text is, counted from the first text of its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextRange {
    start: u32,
    end: u32,
}

impl TextRange {
    /// There is no such text.
    pub(super) const NONE: Self = Self { start: 1, end: 0 };

    #[inline]
    fn new(start: usize, end: usize) -> Self {
        Self { start: offset(start), end: offset(end) }
    }

    /// The range in a buffer where the texts of the span begin at `base`.
    #[inline]
    fn after(self, base: u32) -> Range<usize> {
        let at = |offset: u32| base.saturating_add(offset) as usize;
        at(self.start)..at(self.end)
    }
}

/// No server accepts a request head of four gigabytes, and buffers are emptied long before they are that long.
#[inline]
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Texts, and bytes that need not be UTF-8: headers hold any byte.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    text: String,
    bytes: Vec<u8>,
}

/// Where the texts of one span begin among those of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextBase {
    text: u32,
    bytes: u32,
}

impl TextBase {
    /// The base of a span whose texts are alone in their buffer.
    pub(super) const START: Self = Self { text: 0, bytes: 0 };
}

impl Texts {
    /// Copies a text to the end.
    #[inline]
    pub(super) fn push(&mut self, text: &str) -> TextRange {
        let start = self.text.len();
        self.text.push_str(text);
        TextRange::new(start, self.text.len())
    }

    /// Copies bytes to the end.
    #[inline]
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) -> TextRange {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        TextRange::new(start, self.bytes.len())
    }

    /// Copies all texts of a span to the end.
    #[inline]
    pub(crate) fn append(&mut self, other: &Self) -> TextBase {
        let base = TextBase { text: offset(self.text.len()), bytes: offset(self.bytes.len()) };
        self.text.push_str(&other.text);
        self.bytes.extend_from_slice(&other.bytes);
        base
    }

    /// A text of the span whose texts are alone in this buffer.
    #[inline]
    pub(super) fn own(&self, range: TextRange) -> Option<&str> {
        self.at(TextBase::START).text(range)
    }

    /// The texts of the span whose texts begin at `base`.
    #[inline]
    pub(crate) fn at(&self, base: TextBase) -> TextsView<'_> {
        TextsView { texts: self, base }
    }

    /// Removes all texts of one span, and keeps room for those of another.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.clear_to(KEPT);
    }

    /// Removes all texts, and keeps room for `kept` bytes.
    #[inline]
    pub(crate) fn clear_to(&mut self, kept: usize) {
        self.text.clear();
        self.bytes.clear();
        if self.text.capacity().max(self.bytes.capacity()) > kept {
            self.text.shrink_to(kept);
            self.bytes.shrink_to(kept);
        }
    }
}

/// The texts of one span among those of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextsView<'a> {
    texts: &'a Texts,
    base: TextBase,
}

impl<'a> TextsView<'a> {
    #[inline]
    pub(super) fn text(self, range: TextRange) -> Option<&'a str> {
        self.texts.text.get(range.after(self.base.text))
    }

    #[inline]
    pub(super) fn bytes(self, range: TextRange) -> Option<&'a [u8]> {
        self.texts.bytes.get(range.after(self.base.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_span_are_found_after_those_of_others() {
        let (mut own, mut all) = (Texts::default(), Texts::default());
        for length in [0, 1, 300, 5000, 2] {
            let (one, other) = ("ä".repeat(length), [0xff].repeat(length));
            let texts = [own.push(&one), own.push(""), own.push("end")];
            let bytes = [own.push_bytes(&other), own.push_bytes(b"end")];
            for base in [all.append(&own), all.append(&own)] {
                let view = all.at(base);
                assert_eq!(texts.map(|range| view.text(range)), [Some(&*one), Some(""), Some("end")]);
                assert_eq!(bytes.map(|range| view.bytes(range)), [Some(&*other), Some(&b"end"[..])]);
                assert_eq!((view.text(TextRange::NONE), view.bytes(TextRange::NONE)), (None, None));
            }
            own.clear();
            assert!(own.text.capacity() <= KEPT && own.bytes.capacity() <= KEPT);
        }
        all.clear_to(0);
        assert_eq!((all.text.capacity(), all.bytes.capacity()), (0, 0));
    }
}
