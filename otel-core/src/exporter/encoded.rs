//! Texts that other texts encode.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

/// Accepts base64 that was cut, as a part of a longer text is.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Undoes percent-encoding.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Undoes base64. `None` if the text is no base64, or encodes no text.
#[cfg(feature = "_otlp")]
pub(super) fn base64_decoded(text: &str) -> Option<String> {
    BASE64.decode(in_standard_alphabet(text)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// Everything that a text, or a part of it, may encode by percent-encoding or base64.
pub(super) fn decodings(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
    let runs = text.split(move |c| !is_base64(c)).map(in_standard_alphabet);
    // Words before a part in base64 may be joined to it, so it may begin at any character.
    let decoded = runs.flat_map(|run| (0..4).filter_map(move |start| lossy_decoded(run.get(start..)?)));
    std::iter::once(percent_decoded(text)).chain(decoded.map(Cow::Owned))
}

/// The two alphabets of base64 differ in two characters ([RFC 4648, section 5](https://www.rfc-editor.org/rfc/rfc4648#section-5)).
fn in_standard_alphabet(base64: &str) -> String {
    base64.replace('-', "+").replace('_', "/")
}

fn lossy_decoded(base64: &str) -> Option<String> {
    // One character alone is less than a byte.
    let length = base64.len() - usize::from(base64.len() % 4 == 1);
    let bytes = BASE64.decode(base64.get(..length)?).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoded_part_is_decoded() {
        for text in [
            "s%33cret",
            "%73%33%63%72%65%74",
            "key is czNjcmV0",
            "xczNjcmV0",
            "a/czNjcmV0Cg==",
            "user:s3cret is dXNlcjpzM2NyZXQ=",
            "-_8tczNjcmV0",
        ] {
            assert!(decodings(text).any(|decoded| decoded.contains("s3cret")), "{text}");
        }
        assert!(decodings("").all(|decoded| decoded.is_empty()));
        assert!(decodings("words, and 100 % more: é").all(|decoded| !decoded.contains("s3cret")));
    }
}
