//! The comparison as text, for people and for `grep`.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Comparison, Mark, Mode, Row, Style};

/// Renders comparisons and counts them.
#[derive(Debug)]
pub struct Report {
    style: Style,
    verdict: Verdict,
    differences: Vec<String>,
}

/// The sum of all comparisons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Requests compared, counted once for each mode.
    pub compared: usize,
    /// Requests that were different, or wrong on all sides.
    pub different: usize,
}

impl Verdict {
    /// Returns `true` if there were comparisons, and no difference.
    #[must_use]
    pub fn is_equal(self) -> bool {
        self.compared > 0 && self.different == 0
    }
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self { style, verdict: Verdict::default(), differences: Vec::new() }
    }

    /// A description of the comparison and of its output.
    #[must_use]
    pub fn introduction(&self, requests: usize, with_zero_code: bool) -> String {
        let modes = Mode::ALL.map(Mode::opt_in).join(", ");
        let third =
            if with_zero_code { " server_uninstrumented: no line of telemetry, built by `cargo otel`." } else { "" };
        format!(
            "server_manual: spans written by hand. server_auto: one attribute.{third}\n\
             {requests} requests to each, by the conventions {modes}.\n\
             = equal   ~ equal but for an id, a time or a port, which is the right one   ! different\n\n"
        )
    }

    /// The counts so far.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The spans side by side, each fact marked `=` (equal), `~` (equal except for a correct id, time or port) or `!`
    /// (different).
    pub fn comparison(&mut self, comparison: &Comparison) -> String {
        let (rows, problems) = (comparison.rows(), comparison.problems());
        let title = title(comparison);
        self.verdict.compared += 1;
        self.verdict.different += usize::from(!comparison.is_equal());

        let names: Vec<&str> = comparison.sides().map(|(name, _)| name).collect();
        let columns = Columns::fit(&rows, names.len(), self.style.width);
        let mut text = self.heading(&title);
        text.push_str(&columns.line(' ', "", names.iter().map(|&name| name.to_owned())));
        for row in &rows {
            text.push_str(&self.row(row, columns));
            if row.mark == Mark::Different {
                let values =
                    row.values.iter().zip(&names).map(|(value, name)| format!("{name} {}", show(value.as_ref())));
                let values = values.collect::<Vec<_>>().join(", ");
                self.differences.push(format!("{title}: {}: {values}", row.field.name));
            }
        }
        if comparison.sides().all(|(_, side)| side.spans.is_empty()) {
            text.push_str("    no span from any server\n");
        }
        for problem in problems {
            _ = writeln!(text, "{}", self.style.bad(format_args!("  ! {problem}")));
            self.differences.push(format!("{title}: {problem}"));
        }
        text.push('\n');
        text
    }

    /// All differences again, and the verdict on the last line.
    #[must_use]
    pub fn conclusion(&self) -> String {
        let mut text = String::new();
        for difference in &self.differences {
            _ = writeln!(text, "{}", self.style.bad(format_args!("DIFFERENT {difference}")));
        }
        let Verdict { compared, different } = self.verdict;
        let line = if self.verdict.is_equal() {
            self.style.good(format_args!("VERDICT equal: {compared} of {compared} requests gave the same span"))
        } else {
            self.style.bad(format_args!("VERDICT different: {different} of {compared} requests gave different spans"))
        };
        _ = writeln!(text, "{line}");
        text
    }

    fn heading(&self, title: &str) -> String {
        let rule = self.style.width.map_or(0, |width| width.saturating_sub(title.chars().count() + 4));
        match self.style.width {
            Some(_) => format!(
                "{} {} {}\n",
                self.style.faint("──"),
                self.style.bold(title),
                self.style.faint("─".repeat(rule))
            ),
            None => format!("== {title}\n"),
        }
    }

    fn row(&self, row: &Row, columns: Columns) -> String {
        let mark = match row.mark {
            Mark::Equal => '=',
            Mark::Normalised => '~',
            Mark::Different => '!',
        };
        let line = columns.line(mark, &row.field.name, row.values.iter().map(|value| show(value.as_ref())));
        match row.mark {
            Mark::Equal => line,
            Mark::Normalised => self.style.faint(line.trim_end()) + "\n",
            Mark::Different => self.style.bad(line.trim_end()) + "\n",
        }
    }
}

fn title(comparison: &Comparison) -> String {
    let case = &comparison.case;
    let note = if case.note.is_empty() { String::new() } else { format!(" ({})", case.note) };
    format!("[{}] {} {}{note}", comparison.mode.opt_in(), case.method, case.target)
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| "(nothing)".to_owned(), Value::to_string)
}

/// The widths of the columns.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    value: usize,
    cut: bool,
}

impl Columns {
    fn fit(rows: &[Row], servers: usize, width: Option<usize>) -> Self {
        let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        let name = longest(&mut rows.iter().map(|row| row.field.name.chars().count()));
        let first = |row: &Row| row.values.first().map_or(0, |value| show(value.as_ref()).chars().count());
        let value = longest(&mut rows.iter().map(first)).max(13);
        match width {
            Some(width) => Self {
                name,
                value: value.min(width.saturating_sub(name + 4 + 2 * servers) / servers).max(8),
                cut: true,
            },
            None => Self { name, value, cut: false },
        }
    }

    fn line(self, mark: char, name: &str, values: impl Iterator<Item = String>) -> String {
        let mut line = format!("  {mark} {name:<0$}", self.name);
        for value in values {
            _ = write!(line, "  {:<1$}", self.value(&value), self.value);
        }
        format!("{}\n", line.trim_end())
    }

    fn value(self, value: &str) -> String {
        if self.cut && value.chars().count() > self.value {
            value.chars().take(self.value - 1).chain(['…']).collect()
        } else {
            value.to_owned()
        }
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
