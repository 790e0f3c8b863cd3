//! The texts of a request, one behind the other.

/// Room for the texts of an ordinary request: path, query, host, user agent and route. Longer ones take an allocation.
const ORDINARY: usize = 256;

/// Bytes of longer texts that keep their place for the next ones.
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

    /// The text, among others that begin at `base`.
    #[inline]
    pub(super) fn find(self, base: u32, all: &[u8]) -> Option<&[u8]> {
        let (base, start, end) = (base as usize, self.start as usize, self.end as usize);
        all.get(base.checked_add(start)?..base.checked_add(end)?)
    }
}

/// The texts of one request.
#[derive(Debug)]
pub(super) struct Text {
    length: usize,
    ordinary: [u8; ORDINARY],
    /// Used where they are longer.
    long: Vec<u8>,
}

impl Default for Text {
    fn default() -> Self {
        Self { length: 0, ordinary: [0; ORDINARY], long: Vec::new() }
    }
}

impl Text {
    /// Copies a text behind the others.
    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) -> Place {
        let (start, end) = (self.length, self.length.saturating_add(text.len()));
        match self.ordinary.get_mut(start..end) {
            Some(place) => place.copy_from_slice(text),
            None => self.push_long(text),
        }
        self.length = end;
        // A request head of four gigabytes is not accepted by any server.
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Place { start: number(start), end: number(end) }
    }

    #[cold]
    fn push_long(&mut self, text: &[u8]) {
        if self.long.is_empty() {
            self.long.extend_from_slice(self.ordinary.get(..self.length).unwrap_or_default());
        }
        self.long.extend_from_slice(text);
    }

    /// All of them.
    #[inline]
    pub(super) fn all(&self) -> &[u8] {
        self.ordinary.get(..self.length).unwrap_or(&self.long)
    }

    /// Forgets them.
    #[inline]
    pub(super) fn clear(&mut self) {
        if self.length > ORDINARY {
            self.long.clear();
            self.long.shrink_to(KEPT);
        }
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_what_they_were() {
        let lengths = [0, 1, 20, 128, 255, 256, 257, 5000];
        let mut text = Text::default();
        for first in lengths {
            for second in lengths {
                let texts = [("a", first), ("", 0), ("b", second), ("c", 3)].map(|(letter, times)| letter.repeat(times));
                let places = texts.each_ref().map(|one| text.push(one.as_bytes()));
                let all = [b"before", text.all()].concat();
                assert_eq!(places.map(|place| place.find(6, &all)), texts.each_ref().map(|one| Some(one.as_bytes())));
                assert_eq!(Place::NONE.find(6, &all), None);
                text.clear();
                assert!(text.all().is_empty() && text.long.capacity() <= KEPT);
            }
        }
    }
}
