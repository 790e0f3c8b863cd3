//! Opt-in and opt-out settings of HTTP telemetry, beyond the defaults of the conventions.

use super::problem::Problem;
use super::setting::Setting;
use super::source::Source;
use crate::http::settings::HttpSettings;
use crate::http::{HeaderCapture, InvalidPattern, Network, Patterns, TrustedProxies};

/// Reads the controls into settings that hold the defaults.
pub(super) fn read(source: &mut Source<'_>, settings: &mut HttpSettings) {
    settings.headers = headers(source, "SERVER");
    settings.client_headers = headers(source, "CLIENT");
    settings.excluded_urls = patterns(source, &["OTEL_RUST_EXCLUDED_URLS"], |pattern| Patterns::search(pattern));
    settings.excluded_routes.extend(source.members("OTEL_RUST_EXCLUDED_ROUTES").unwrap_or_default());
    let keys = "OTEL_RUST_REDACTED_QUERY_KEYS";
    match source.setting(keys) {
        Some(Setting::Exactly(keys)) => settings.redacted_query_keys = keys,
        _ => settings.redacted_query_keys.extend(source.members(keys).unwrap_or_default()),
    }
    settings.trusted_proxies = trusted_proxies(source);
    settings.trace_response_header = source.boolean("OTEL_RUST_TRACE_RESPONSE_HEADER");
    settings.body_sizes = source.boolean("OTEL_RUST_HTTP_BODY_SIZES");
    settings.synthetic_user_agents = source.boolean("OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS");
    settings.exclude_long_lived_durations = source.boolean("OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS");
}

/// Two spellings name the same thing: that of Python's instrumentation and that of Java's. Both are read.
fn headers(source: &mut Source<'_>, side: &str) -> HeaderCapture {
    const SANITIZE: &str = "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS";
    let sanitize = sanitize(source, SANITIZE);
    let mut read = |variables: &[&str]| patterns(source, variables, |pattern| Patterns::full_match(pattern));
    let mut of_stage = |stage| {
        let python = format!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_{side}_{stage}");
        let java = format!("OTEL_INSTRUMENTATION_HTTP_{side}_CAPTURE_{stage}_HEADERS");
        read(&[&python, &java])
    };
    HeaderCapture {
        request: of_stage("REQUEST"),
        response: of_stage("RESPONSE"),
        sanitize,
        unredacted: read(&["OTEL_RUST_HTTP_UNREDACTED_HEADERS"]),
    }
}

/// Headers to hide. If one of them is not understood, all are hidden: any header may be meant.
fn sanitize(source: &mut Source<'_>, variable: &str) -> Patterns {
    let Some(names) = source.members(variable) else { return Patterns::default() };
    Patterns::full_match(&names).unwrap_or_else(|reason| {
        let reason = format!("expected regular expressions ({reason})");
        source.report(Problem::new(variable, names.join(","), reason, "[REDACTED] for every header"));
        Patterns::full_match([".*"]).unwrap_or_default()
    })
}

/// Comma-separated lists of regular expressions. An invalid one is reported and left out; the others stay in force.
fn patterns(
    source: &mut Source<'_>,
    variables: &[&str],
    compile: impl Fn(&[String]) -> Result<Patterns, InvalidPattern>,
) -> Patterns {
    let mut valid = Vec::new();
    for variable in variables {
        for member in source.members(variable).unwrap_or_default() {
            match compile(std::slice::from_ref(&member)) {
                Ok(_) => valid.push(member),
                Err(reason) => {
                    let reason = format!("expected a regular expression ({reason})");
                    source.report(Problem::new(*variable, member, reason, "the other members"));
                }
            }
        }
    }
    if valid.is_empty() {
        return Patterns::default();
    }
    compile(&valid).unwrap_or_else(|reason| {
        source.report(Problem::new(variables.join(", "), valid.join(","), reason.to_string(), "none of them"));
        Patterns::default()
    })
}

/// `true` trusts every peer, a comma-separated list trusts its networks, anything else trusts no peer.
fn trusted_proxies(source: &mut Source<'_>) -> TrustedProxies {
    const VARIABLE: &str = "OTEL_RUST_TRUST_FORWARDED_HEADERS";
    let mut trusted = TrustedProxies::default();
    let Some(text) = source.text(VARIABLE) else { return trusted };
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        trusted.any = text.eq_ignore_ascii_case("true");
        return trusted;
    }
    for member in source.members(VARIABLE).unwrap_or_default() {
        match member.parse::<Network>() {
            Ok(network) => trusted.networks.push(network),
            Err(reason) => {
                let reason = format!("expected true, false or a list of networks ({reason})");
                source.report(Problem::new(VARIABLE, member, reason, "no trust in this one"));
            }
        }
    }
    trusted
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Problem};
    use crate::http::settings::HttpSettings;

    fn read(variables: &[(&str, &str)]) -> (HttpSettings, Vec<Problem>) {
        let (config, problems) = Config::from_lookup(|name| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        });
        (config.http, problems)
    }

    #[test]
    fn nothing_and_emptiness_are_the_default() {
        for value in [None, Some(""), Some("  ")] {
            let (config, problems) = Config::from_lookup(|name| {
                value.filter(|_| name.contains("HTTP") || name.contains("RUST")).map(str::to_owned)
            });
            assert_eq!((config.http, problems), (HttpSettings::default(), vec![]));
        }
    }

    #[test]
    fn both_spellings_of_header_lists_are_read() {
        for stage in ["REQUEST", "RESPONSE"] {
            let python = format!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_{stage}");
            let java = format!("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_{stage}_HEADERS");
            let (settings, problems) = read(&[(&python, "Accept, x-.*"), (&java, "Range")]);
            let captured = if stage == "REQUEST" { settings.headers.request } else { settings.headers.response };
            assert_eq!(problems, []);
            assert!(["accept", "x-y", "range"].iter().all(|name| captured.is_match(name)), "{captured:?}");
            assert!(!captured.is_match("host"));
        }
    }

    #[test]
    fn a_pattern_that_is_none_is_told_and_the_others_stay() {
        for variable in ["OTEL_RUST_EXCLUDED_URLS", "OTEL_RUST_HTTP_UNREDACTED_HEADERS"] {
            let (settings, problems) = read(&[(variable, "good, (, fine")]);
            assert_eq!(problems.len(), 1);
            assert_eq!((problems[0].variable.as_str(), problems[0].value.as_str()), (variable, "("));
            let patterns = [&settings.excluded_urls, &settings.headers.unredacted];
            assert_eq!(patterns.iter().filter(|patterns| patterns.is_match("good")).count(), 1, "{variable}");
        }
    }

    #[test]
    fn trust_is_all_or_networks_or_none() {
        let variable = "OTEL_RUST_TRUST_FORWARDED_HEADERS";
        let home = std::net::IpAddr::from([10, 0, 0, 1]);
        for (value, trusts, problems) in [
            ("true", true, 0),
            ("false", false, 0),
            ("10.0.0.0/8,::1", true, 0),
            ("yes", false, 1),
            ("10.0.0.0/8, x", true, 1),
        ] {
            let (settings, reported) = read(&[(variable, value)]);
            assert_eq!(settings.trusted_proxies.trusts(home), trusts, "{value}");
            assert_eq!(reported.len(), problems, "{value}: {reported:?}");
        }
    }

    #[test]
    fn switches_and_keys() {
        let (settings, problems) = read(&[
            ("OTEL_RUST_TRACE_RESPONSE_HEADER", "TRUE"),
            ("OTEL_RUST_HTTP_BODY_SIZES", "true"),
            ("OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS", "1"),
            ("OTEL_RUST_REDACTED_QUERY_KEYS", "token, code"),
            ("OTEL_RUST_EXCLUDED_ROUTES", "/health, /users/{id}"),
        ]);
        assert!(settings.trace_response_header && settings.body_sizes && !settings.synthetic_user_agents);
        assert_eq!(problems.len(), 1, "1 is not true: {problems:?}");
        assert_eq!(settings.excluded_routes, ["/health", "/users/{id}"]);
        assert!(settings.redacted_query_keys.iter().any(|key| key == "token"));
        assert!(settings.redacted_query_keys.iter().any(|key| key == "sig"));
    }
}
