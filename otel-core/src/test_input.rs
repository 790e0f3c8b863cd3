//! Text that is nearly valid, from a seed, for property tests.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use std::ops::{Range, RangeInclusive};

/// Characters with a meaning for one of the parsers.
const CHARACTERS: &[char] = &[
    '0',
    '9',
    'a',
    'f',
    'F',
    'z',
    '-',
    '=',
    ',',
    ';',
    ':',
    '.',
    '%',
    '@',
    '[',
    ']',
    '"',
    '\\',
    '/',
    '?',
    '&',
    ' ',
    '\t',
    '_',
    '*',
    '+',
    '~',
    '(',
    ')',
    '|',
    '{',
    '}',
    '\0',
    '\r',
    '\n',
    '\u{7f}',
    'é',
    '\u{2028}',
    '\u{10ffff}',
];

pub(crate) struct Noise(SmallRng);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.random_range(0..from.len())]
    }

    pub(crate) fn number(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.0.random_range(range)
    }

    pub(crate) fn bits(&mut self) -> u128 {
        self.0.random()
    }

    /// Characters of an alphabet.
    pub(crate) fn of(&mut self, alphabet: &str, length: Range<usize>) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..self.0.random_range(length)).map(|_| self.pick(&alphabet)).collect()
    }

    /// One of the seeds with damage: characters are inserted, replaced, cut off and repeated.
    pub(crate) fn damaged(&mut self, seeds: &[&str]) -> String {
        let mut text: Vec<char> = self.pick(seeds).chars().collect();
        for _ in 0..self.0.random_range(0..6) {
            let noise = self.pick(CHARACTERS);
            let at = self.0.random_range(0..=text.len());
            match self.0.random_range(0..5) {
                0 => text.insert(at, noise),
                1 if at < text.len() => text[at] = noise,
                2 => text.truncate(at),
                3 => text.extend(std::iter::repeat_n(noise, self.0.random_range(0..60))),
                _ => text.extend_from_within(at..),
            }
        }
        text.into_iter().collect()
    }
}
