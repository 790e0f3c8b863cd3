//! Numbers and tables as people read them.

/// A number with a comma every three digits, and without decimals.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0.0 && digits != "0" { format!("−{text}") } else { text }
}

/// The same with its sign.
pub(super) fn more(number: f64) -> String {
    let text = grouped(number);
    if text.starts_with('−') { text } else { format!("+{text}") }
}

/// A table in Markdown, its columns aligned.
pub(super) fn markdown(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let width = |column| rows.iter().map(|row| cell(row, column).chars().count()).max().unwrap_or_default().max(3);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let first = format!("{:<1$}", cell(row, 0), width(0));
            let others = (1..columns).map(|column| format!("{:>1$}", cell(row, column), width(column)));
            let cells: Vec<_> = std::iter::once(first).chain(others).collect();
            format!("| {} |\n", cells.join(" | "))
        })
        .collect();
    let rule = |column| format!("{}{}", "-".repeat(width(column) - 1), if column == 0 { "-" } else { ":" });
    let rules: Vec<_> = (0..columns).map(rule).collect();
    lines.insert(lines.len().min(1), format!("| {} |\n", rules.join(" | ")));
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        for (number, text) in [(0.0, "0"), (999.4, "999"), (1000.0, "1,000"), (-1_234_567.0, "−1,234,567"), (-0.3, "0")]
        {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((more(12.0), more(-12.0)), ("+12".to_owned(), "−12".to_owned()));
    }

    #[test]
    fn columns_are_aligned() {
        let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let text = markdown(&[row(&["", "number"]), row(&["long title", "1"]), row(&["x"])]);
        assert_eq!(
            text,
            "|            | number |\n| ---------- | -----: |\n| long title |      1 |\n| x          |        |\n"
        );
    }
}
