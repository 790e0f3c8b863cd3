//! Input of fuzz targets → input of the parsers.

/// Header lines: `name: value`, one per line. A line without a colon has an empty value.
#[must_use]
pub fn headers(input: &[u8]) -> Vec<(String, &[u8])> {
    let lines = input.split(|&byte| byte == b'\n');
    lines
        .map(|line| {
            let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
            let (name, value) = line.split_at(colon);
            let value = value.strip_prefix(b":").unwrap_or_default();
            (String::from_utf8_lossy(name).to_ascii_lowercase(), value.trim_ascii())
        })
        .collect()
}
