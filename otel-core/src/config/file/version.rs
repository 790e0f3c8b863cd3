//! `file_format`: the version of the schema that the file was written for
//! ([versions](https://github.com/open-telemetry/opentelemetry-configuration/blob/main/VERSIONING.md#file-format)).

use super::node::LocatedNode;
use super::node::NodeKind;
use super::reader::Reader;
use super::section::Section;
use super::unusable::Unusable;
use crate::config::printable;

/// The latest version of the schema that is known here is 1.1.
const MINOR: u32 = 1;

/// The root of a document of a version that is understood: any 1.x, the candidates of 1.0, and 0.4, which differs from
/// them in the names of certificate files.
pub(super) fn read<'n>(reader: &mut Reader<'_>, place: &LocatedNode<'n>) -> Result<Section<'n>, Unusable> {
    let NodeKind::Mapping(entries) = &place.node.kind else {
        let found = place.node.description();
        return Err(Unusable::at(place.node.at, format!("expected a mapping with file_format, found {found}")));
    };
    let mut root = Section::new(place.clone(), entries);
    let Some(version) = root.get("file_format") else {
        return Err(Unusable::at(place.node.at, "file_format is missing, expected \"1.0\""));
    };
    let NodeKind::Scalar(scalar) = &version.node.kind else {
        return Err(Unusable::at(version.node.at, "file_format is not a version, expected \"1.0\""));
    };
    match minor(&scalar.text) {
        Some(minor) if minor <= MINOR => {}
        Some(_) => {
            let reason = format!("newer than 1.{MINOR}, which is understood here");
            reader.report(&version, &scalar.text, reason, "what is known of it");
        }
        None => {
            let reason =
                format!("file_format {:?} is not understood, expected \"1.0\"", printable::value(&scalar.text));
            return Err(Unusable::at(version.node.at, reason));
        }
    }
    Ok(root)
}

/// The minor part of a version 1. Versions before count as its first.
fn minor(version: &str) -> Option<u32> {
    let (number, tag) =
        version.trim().split_once('-').map_or((version.trim(), None), |(number, tag)| (number, Some(tag)));
    match number.split_once('.')? {
        ("0", "4") if tag.is_none() => Some(0),
        ("1", "0") if tag.is_some_and(|tag| tag.starts_with("rc")) => Some(0),
        ("1", minor) if tag.is_none() && minor.bytes().all(|byte| byte.is_ascii_digit()) => minor.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn versions() {
        for version in ["1.0", "0.4", "1.0-rc.1", "1.0-rc.3", "1.1", " 1.0 "] {
            assert!(minor(version).is_some_and(|minor| minor <= 1), "{version}");
        }
        assert_eq!(minor("1.7"), Some(7));
        for version in ["", "1", "0.3", "2.0", "1.x", "1.", "1.+1", "1.0.0", "1.0-beta", "one"] {
            assert_eq!(minor(version), None, "{version}");
        }
    }
}
