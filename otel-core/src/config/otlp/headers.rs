//! Header lists: `name=value` members, values percent-encoded.

use crate::config::http::is_token;
use crate::config::list::members;
use crate::config::problem::Problem;
use crate::config::resource::decode;
use crate::config::source::Source;

/// The well-formed headers; others are reported by name only, for values are often keys. `None` if unset.
pub(super) fn read(source: &mut Source<'_>, variable: &str) -> Option<Vec<(String, String)>> {
    let text = source.text(variable)?;
    let mut headers = Vec::new();
    for (index, member) in members(&text).enumerate() {
        match parse(member) {
            Ok(header) => headers.push(header),
            Err(reason) => {
                let name = member.split_once('=').map(|(name, _)| name.trim()).filter(|name| is_token(name));
                let shown = name.map_or_else(|| format!("header {}", index + 1), |name| format!("{name}=…"));
                source.report(Problem::new(variable, shown, reason, "the other headers"));
            }
        }
    }
    Some(headers)
}

fn parse(member: &str) -> Result<(String, String), &'static str> {
    let (name, value) = member.split_once('=').ok_or("expected name=value")?;
    let name = name.trim();
    if !is_token(name) {
        return Err("not a header name");
    }
    let value = decode(value)?;
    if value.bytes().any(|byte| byte != b'\t' && byte.is_ascii_control()) {
        return Err("the value contains control characters");
    }
    Ok((name.to_ascii_lowercase(), value))
}
