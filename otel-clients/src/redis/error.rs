//! Failed commands: the code of the server, or the reason why there is no answer.

use otel_core::client::DatabaseSpan;
use redis_1::{ErrorKind, RedisError, ServerError, Value};

/// The longest code that is recorded, in bytes.
const LONGEST_CODE: usize = 32;

/// Ends the span of a call by its answer.
pub(super) fn end<'a>(span: DatabaseSpan, answer: Result<impl IntoIterator<Item = &'a Value>, &RedisError>) {
    match answer {
        Ok(values) => match values.into_iter().find_map(server_error) {
            None => span.end(),
            Some(error) => span.fail("server", code(error.code())),
        },
        Err(error) => span.fail(error_type(error), error.code().and_then(code)),
    }
}

/// The code of an error, unless it is the first word of a message: a script's error can start with any text.
fn code(word: &str) -> Option<&str> {
    let is_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    ((1..=LONGEST_CODE).contains(&word.len()) && word.bytes().all(is_code)).then_some(word)
}

/// The first error in an answer. The library makes it the error of the call, but only above the connection.
fn server_error(value: &Value) -> Option<&ServerError> {
    match value {
        Value::ServerError(error) => Some(error),
        Value::Array(values) | Value::Set(values) | Value::Push { data: values, .. } => {
            values.iter().find_map(server_error)
        }
        Value::Map(entries) => {
            entries.iter().find_map(|(key, value)| server_error(key).or_else(|| server_error(value)))
        }
        Value::Attribute { data, .. } => server_error(data),
        _ => None,
    }
}

/// One word for the reason why a call failed, if the server names no code. The I/O error itself cannot be reached.
fn error_type(error: &RedisError) -> &'static str {
    match error.kind() {
        ErrorKind::Server(_) | ErrorKind::Extension => "server",
        ErrorKind::Io if error.is_timeout() => "timeout",
        ErrorKind::Io if error.is_connection_refusal() => "connection_refused",
        ErrorKind::Io if error.is_connection_dropped() => "connection_closed",
        ErrorKind::Io => "io",
        ErrorKind::Parse => "protocol",
        ErrorKind::AuthenticationFailed => "authentication_failed",
        ErrorKind::Client => "client",
        ErrorKind::ClusterConnectionNotFound => "connection_not_found",
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_word_in_capital_letters() {
        for (word, expected) in [
            ("WRONGTYPE", Some("WRONGTYPE")),
            ("ERR", Some("ERR")),
            ("user:42", None),
            ("secret", None),
            ("", None),
            (&"X".repeat(33), None),
        ] {
            assert_eq!(code(word), expected);
        }
    }
}
