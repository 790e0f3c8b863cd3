//! `user_agent.synthetic.type`: opt-in, from well-known words in the user agent.
//!
//! Source: [registry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/user-agent/); the words are those
//! of OpenTelemetry Python's instrumentation.

/// Words of user agents that test or monitor a service.
const TEST: [&str; 1] = ["alwayson"];

/// Words of user agents that crawl the web.
const BOT: [&str; 3] = ["googlebot", "bingbot", "crawler"];

/// `bot`, `test`, or `None`.
pub(super) fn synthetic_type(user_agent: &str) -> Option<&'static str> {
    let user_agent = user_agent.to_ascii_lowercase();
    let names_one_of = |words: &[&str]| words.iter().any(|word| user_agent.contains(word));
    if names_one_of(&TEST) {
        Some("test")
    } else if names_one_of(&BOT) {
        Some("bot")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bots_and_tests_are_told_from_people() {
        for (user_agent, expected) in [
            ("Mozilla/5.0 (compatible; Googlebot/2.1)", Some("bot")),
            ("Mozilla/5.0 (compatible; BINGBOT/2.0)", Some("bot")),
            ("AlwaysOn-Monitor/1.0", Some("test")),
            ("Mozilla/5.0 (X11; Linux x86_64)", None),
            ("", None),
        ] {
            assert_eq!(synthetic_type(user_agent), expected, "{user_agent}");
        }
    }
}
