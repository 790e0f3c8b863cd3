//! Headers of exports: in clear from code, `name=value` members with percent-encoded values from everywhere else.

use crate::config::http::is_token;
use crate::config::problem::Problem;
use crate::config::resource::decode;
use crate::config::setting::Setting;
use crate::config::source::Source;
use crate::config::source::members;

/// Returns the well-formed headers, or `None` if unset. Problems name a header or its number, because values are often
/// keys.
pub(super) fn read(source: &mut Source<'_>, variable: &str) -> Option<Vec<(String, String)>> {
    let members: Vec<(Option<String>, Result<_, _>)> = match source.setting(variable)? {
        Setting::Headers(headers) if headers.is_empty() => return None,
        Setting::Headers(headers) => {
            headers.into_iter().map(|(name, value)| (Some(name.clone()), checked(&name, value))).collect()
        }
        _ => {
            let text = source.text(variable)?;
            // The text before a later `=` may be the rest of a value that has a comma.
            let name = |index, member: &str| {
                member.split_once('=').filter(|_| index == 0).map(|(name, _)| name.trim().to_owned())
            };
            members(&text).enumerate().map(|(index, member)| (name(index, member), parse(member))).collect()
        }
    };
    let mut headers = Vec::new();
    for (index, (name, header)) in members.into_iter().enumerate() {
        match header {
            Ok(header) => headers.push(header),
            Err(reason) => {
                let name = name.filter(|name| is_token(name));
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
    checked(name, decode(value)?)
}

fn checked(name: &str, value: String) -> Result<(String, String), &'static str> {
    if !is_token(name) {
        return Err("not a header name");
    }
    if value.bytes().any(|byte| byte != b'\t' && byte.is_ascii_control()) {
        return Err("the value contains control characters");
    }
    Ok((name.to_ascii_lowercase(), value))
}
