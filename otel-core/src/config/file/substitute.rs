//! `${VAR}`, `${VAR:-default}`, `${env:VAR}` and `$$`
//! ([specification](https://opentelemetry.io/docs/specs/otel/configuration/data-model/#environment-variable-substitution)).

/// Replaces the references in a scalar. The text in their place is not looked at again: references and escapes in it have
/// no meaning.
///
/// # Errors
///
/// If a reference is malformed: the specification wants no partial result.
pub(in crate::config) fn substitute(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut output = String::with_capacity(text.len());
    // Escapes come first, from left to right: `$$` separates the parts that are searched for references.
    for (index, part) in text.split("$$").enumerate() {
        if index > 0 {
            output.push('$');
        }
        replace(part, lookup, &mut output)?;
    }
    Ok(output)
}

fn replace(text: &str, lookup: &dyn Fn(&str) -> Option<String>, output: &mut String) -> Result<(), String> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        output.push_str(before);
        match after.split_once('}') {
            Some((reference, behind)) if !reference.is_empty() => {
                output.push_str(&value(reference, lookup)?);
                rest = behind;
            }
            // Neither an end nor a name: no reference.
            _ => {
                output.push_str("${");
                rest = after;
            }
        }
    }
    output.push_str(rest);
    Ok(())
}

fn value(reference: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let content = reference.strip_prefix("env:").unwrap_or(reference);
    let (name, default) = content.split_once(":-").map_or((content, ""), |(name, default)| (name, default));
    if !is_name(name) || default.contains('\n') {
        return Err("a `${…}` that is neither ${VARIABLE} nor ${VARIABLE:-default}; a `$` is written `$$`".to_owned());
    }
    Ok(lookup(name).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned()))
}

fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        let value = match name {
            "STRING_VALUE" => "value",
            "BOOL_VALUE" => "true",
            "FLOAT_VALUE" => "1.1",
            "EMPTY" => "",
            "INVALID_MAP_VALUE" => "value\nkey:value",
            "DO_NOT_REPLACE_ME" => "Never use this value",
            "REPLACE_ME" => "${DO_NOT_REPLACE_ME}",
            "VALUE_WITH_ESCAPE" => "value$$",
            _ => return None,
        };
        Some(value.to_owned())
    }

    /// The table of the specification, and some cases that it leaves open.
    #[test]
    fn as_the_table_of_the_specification() {
        for (input, output) in [
            ("${STRING_VALUE}", "value"),
            ("${env:STRING_VALUE}", "value"),
            ("${INVALID_MAP_VALUE}", "value\nkey:value"),
            ("foo ${STRING_VALUE} ${FLOAT_VALUE}", "foo value 1.1"),
            ("${UNDEFINED_KEY}", ""),
            ("${UNDEFINED_KEY:-fallback}", "fallback"),
            ("${EMPTY:-fallback}", "fallback"),
            ("${env:UNDEFINED_KEY:-a b:-c}", "a b:-c"),
            ("${UNDEFINED_KEY:-}", ""),
            ("${STRING_VALUE:-fallback}", "value"),
            ("${REPLACE_ME}", "${DO_NOT_REPLACE_ME}"),
            ("${UNDEFINED_KEY:-${STRING_VALUE}}", "${STRING_VALUE}"),
            ("$${STRING_VALUE}", "${STRING_VALUE}"),
            ("$$${STRING_VALUE}", "$value"),
            ("$$$${STRING_VALUE}", "$${STRING_VALUE}"),
            ("$${STRING_VALUE:-fallback}", "${STRING_VALUE:-fallback}"),
            ("$${STRING_VALUE:-${STRING_VALUE}}", "${STRING_VALUE:-value}"),
            ("${UNDEFINED_KEY:-$${UNDEFINED_KEY}}", "${UNDEFINED_KEY:-${UNDEFINED_KEY}}"),
            ("${VALUE_WITH_ESCAPE}", "value$$"),
            ("$${FOO} ${BOOL_VALUE} $${BAZ}", "${FOO} true ${BAZ}"),
            ("a $$ b", "a $ b"),
            ("a $ b", "a $ b"),
            ("$STRING_VALUE", "$STRING_VALUE"),
            ("${}", "${}"),
            ("${STRING_VALUE", "${STRING_VALUE"),
            ("", ""),
        ] {
            assert_eq!(substitute(input, &environment).as_deref(), Ok(output), "{input}");
        }
    }

    #[test]
    fn references_that_are_none() {
        for input in ["${STRING_VALUE:?error}", "${1API_KEY}", "${API_$KEY}", "${sys:otel.name}", "${ A}", "${A:-\n}"] {
            assert!(substitute(input, &environment).is_err(), "{input}");
        }
    }
}
