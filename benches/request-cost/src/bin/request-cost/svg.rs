//! A bar chart in SVG, without a background, in colours that can be read on white and on black.

use std::fmt::Write as _;

/// A bar.
pub(super) struct Bar {
    /// The text to its left.
    pub(super) label: String,
    /// Its length, in the unit of the chart.
    pub(super) value: f64,
    /// The text to its right.
    pub(super) note: String,
    /// `true` if the bar belongs to the subject of the chart.
    pub(super) highlighted: bool,
}

const WIDTH: f64 = 880.0;
/// Width of the labels: [`LONGEST`] characters fit, in the widest of the common fonts.
const LABELS: f64 = 300.0;
/// Longest label, in characters.
#[cfg(test)]
pub(super) const LONGEST: usize = 41;
const NOTES: f64 = 150.0;
const TOP: f64 = 44.0;
const STEP: f64 = 26.0;
const THICKNESS: f64 = 16.0;

/// Grey with a contrast above 4 against both of GitHub's backgrounds.
const TEXT: &str = "#768390";
const PLAIN: &str = "#8b98a5";
const HIGHLIGHT: &str = "#2f9e62";

/// A chart of horizontal bars, the longest as wide as there is room.
pub(super) fn bars(title: &str, bars: &[Bar]) -> String {
    let longest = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let height = bars.iter().fold(TOP + 8.0, |height, _| height + STEP);
    let mut svg = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12" fill="{TEXT}">"#
    );
    let title = escaped(title);
    let _ = writeln!(svg, "<title>{title}</title>");
    let _ = writeln!(svg, r#"<text x="8" y="24" font-size="14" font-weight="600">{title}</text>"#);
    let mut y = TOP;
    for bar in bars {
        let length = (bar.value / longest * (WIDTH - LABELS - NOTES - 16.0)).max(1.0);
        let (color, weight) = if bar.highlighted { (HIGHLIGHT, 600) } else { (PLAIN, 400) };
        let middle = y + THICKNESS / 2.0 + 4.5;
        let (label, note) = (escaped(&bar.label), escaped(&bar.note));
        let _ =
            writeln!(svg, r#"<text x="{LABELS}" y="{middle}" text-anchor="end" font-weight="{weight}">{label}</text>"#);
        let x = LABELS + 8.0;
        let _ =
            writeln!(svg, r#"<rect x="{x}" y="{y}" width="{length:.1}" height="{THICKNESS}" rx="2" fill="{color}"/>"#);
        let x = x + length + 6.0;
        let _ = writeln!(svg, r#"<text x="{x:.1}" y="{middle}" font-weight="{weight}">{note}</text>"#);
        y += STEP;
    }
    svg + "</svg>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{Bar, bars};

    #[test]
    fn bars_are_to_scale() {
        let bar = |value, highlighted| Bar { label: "<x>".into(), value, note: "n".into(), highlighted };
        let svg = bars("a & b", &[bar(200.0, false), bar(50.0, true)]);
        let widths: Vec<f64> = svg
            .lines()
            .filter(|line| line.starts_with("<rect"))
            .filter_map(|line| line.split("width=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        assert!(matches!(widths[..], [long, short] if (long / short - 4.0).abs() < 0.01), "{widths:?}");
        assert!(svg.contains("a &amp; b") && svg.contains("&lt;x&gt;") && !svg.contains("<x>"), "{svg}");
        assert!(svg.ends_with("</svg>\n"));
    }
}
