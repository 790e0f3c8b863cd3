//! The texts of requests, one behind the other.

/// Bytes of a request's texts that keep their place for the next one. Those of an ordinary one are much shorter.
const KEPT: usize = 4096;

/// Where a text is among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    start: u32,
    end: u32,
}

impl Place {
    /// There is no such text.
    pub(super) const NONE: Self = Self { start: 1, end: 0 };

    /// A request head of four gigabytes is not accepted by any server, and lanes are emptied long before.
    #[inline]
    fn new(start: usize, end: usize) -> Self {
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: number(start), end: number(end) }
    }

    /// The place among others that begin at `base`.
    #[inline]
    fn range(self, base: u32) -> std::ops::Range<usize> {
        let at = |place: u32| base.saturating_add(place) as usize;
        at(self.start)..at(self.end)
    }
}

/// Texts, and what may be none: headers hold any byte.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    text: String,
    bytes: Vec<u8>,
}

/// Where the texts of one request begin among others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Base {
    pub(super) text: u32,
    pub(super) bytes: u32,
}

impl Texts {
    /// Copies a text behind the others.
    #[inline]
    pub(super) fn push(&mut self, text: &str) -> Place {
        let start = self.text.len();
        self.text.push_str(text);
        Place::new(start, self.text.len())
    }

    /// Copies bytes behind the others.
    #[inline]
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) -> Place {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        Place::new(start, self.bytes.len())
    }

    /// Copies all of another's.
    #[inline]
    pub(super) fn append(&mut self, other: &Self) -> Base {
        let Place { end: text, .. } = Place::new(0, self.text.len());
        let Place { end: bytes, .. } = Place::new(0, self.bytes.len());
        self.text.push_str(&other.text);
        self.bytes.extend_from_slice(&other.bytes);
        Base { text, bytes }
    }

    /// A text.
    #[inline]
    pub(super) fn text(&self, base: Base, place: Place) -> Option<&str> {
        self.text.get(place.range(base.text))
    }

    /// Bytes.
    #[inline]
    pub(super) fn bytes(&self, base: Base, place: Place) -> Option<&[u8]> {
        self.bytes.get(place.range(base.bytes))
    }

    /// Forgets them, and keeps room for those of one request.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.forget(KEPT);
    }

    /// Forgets them, and keeps room.
    #[inline]
    pub(crate) fn forget(&mut self, kept: usize) {
        self.text.clear();
        self.bytes.clear();
        if self.text.capacity().max(self.bytes.capacity()) > kept {
            self.text.shrink_to(kept);
            self.bytes.shrink_to(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_they_were_also_behind_others() {
        let (mut own, mut all) = (Texts::default(), Texts::default());
        for length in [0, 1, 300, 5000, 2] {
            let (one, other) = ("ä".repeat(length), [0xff].repeat(length));
            let places = [own.push(&one), own.push(""), own.push("end")];
            let bytes = [own.push_bytes(&other), own.push_bytes(b"end")];
            for base in [all.append(&own), all.append(&own)] {
                assert_eq!(places.map(|place| all.text(base, place)), [Some(&*one), Some(""), Some("end")]);
                assert_eq!(bytes.map(|place| all.bytes(base, place)), [Some(&*other), Some(&b"end"[..])]);
                assert_eq!((all.text(base, Place::NONE), all.bytes(base, Place::NONE)), (None, None));
            }
            own.clear();
            assert!(own.text.capacity() <= KEPT && own.bytes.capacity() <= KEPT);
        }
        all.forget(0);
        assert_eq!((all.text.capacity(), all.bytes.capacity()), (0, 0));
    }
}
