#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::http::properties::Lines;

fn origin(lines: &[(&'static str, &str)], networks: &[&str]) -> Option<ForwardedRequest> {
    let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
    let lines = lines.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    ForwardedRequest::of(&Lines(lines), Some("10.0.0.1".parse().unwrap()), &TrustedProxies { any: false, networks })
}

#[test]
fn a_peer_that_is_not_trusted_is_not_believed() {
    assert_eq!(origin(&[("x-forwarded-for", "1.2.3.4")], &[]), None);
    assert_eq!(origin(&[("x-forwarded-for", "1.2.3.4")], &["192.168.0.0/16"]), None);
}

#[test]
fn the_client_is_the_last_hop_that_is_no_trusted_proxy() {
    for (header, expected) in [
        ("1.2.3.4", Some("1.2.3.4")),
        // The client's own claims stand before its address, which the first proxy appended.
        ("6.6.6.6, 1.2.3.4", Some("1.2.3.4")),
        ("6.6.6.6, 1.2.3.4, 10.0.0.7", Some("1.2.3.4")),
        ("10.0.0.9, 10.0.0.7", Some("10.0.0.9")),
        ("1.2.3.4:5678", Some("1.2.3.4")),
        ("\"1.2.3.4\"", Some("1.2.3.4")),
        ("::ffff:1.2.3.4", Some("1.2.3.4")),
        ("", None),
    ] {
        let client = origin(&[("x-forwarded-for", header)], &["10.0.0.0/8"]).unwrap().client;
        assert_eq!(client.as_deref(), expected, "{header}");
    }
}

#[test]
fn forwarded_wins_and_its_quotes_come_off() {
    let lines = [
        ("forwarded", r#"for="[2001:db8::1]:4711";proto=HTTPS;host="a,b;c""#),
        ("forwarded", "for=10.0.0.7;by=10.0.0.1"),
        ("x-forwarded-for", "6.6.6.6"),
    ];
    let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
    assert_eq!(origin.client.as_deref(), Some("2001:db8::1"));
    assert_eq!(origin.scheme, Some("https"));
    assert_eq!(origin.authority.as_deref(), Some("a,b;c"));
}

/// RFC 7239, section 6: `unknown` and names that begin with `_` are no addresses.
#[test]
fn a_hop_without_an_address_leaves_the_last_proxy_before_it() {
    for hidden in ["unknown", "_hidden", "_SEVKISEK", "client.example", "unknown:80", "256.1.1.1", "<b>", ""] {
        for (proxies, expected) in [("", None), (", 10.0.0.7", Some("10.0.0.7")), (", 1.2.3.4", Some("1.2.3.4"))] {
            let chain = format!("6.6.6.6, {hidden}{proxies}");
            let elements = chain.split(", ").map(|hop| format!("for=\"{hop}\"")).collect::<Vec<_>>().join(", ");
            for line in [("x-forwarded-for", chain.as_str()), ("forwarded", elements.as_str())] {
                let client = origin(&[line], &["10.0.0.0/8"]).unwrap().client;
                assert_eq!(client.as_deref(), expected, "{line:?}");
            }
        }
    }
}

#[test]
fn each_fact_comes_from_the_first_header_that_has_it() {
    let others =
        [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "other.example")];
    for (forwarded, client, scheme, authority) in [
        ("host=a.example", "1.1.1.1", "https", "a.example"),
        ("proto=http", "1.1.1.1", "http", "other.example"),
        ("for=2.2.2.2", "2.2.2.2", "https", "other.example"),
        ("for=2.2.2.2;proto=gopher;host=", "2.2.2.2", "https", "other.example"),
        ("", "1.1.1.1", "https", "other.example"),
    ] {
        let lines = [&[("forwarded", forwarded)][..], &others[..]].concat();
        let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
        let found = (origin.client.as_deref(), origin.scheme, origin.authority.as_deref());
        assert_eq!(found, (Some(client), Some(scheme), Some(authority)), "{forwarded:?}");
    }
}

#[test]
fn quotes_are_taken_off_every_header() {
    let lines = [
        ("x-forwarded-for", r#""[2001:db8::1]:4711""#),
        ("x-forwarded-proto", r#""http", "https""#),
        ("x-forwarded-host", r#""a.example:8080""#),
    ];
    let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
    assert_eq!((origin.client.as_deref(), origin.scheme), (Some("2001:db8::1"), Some("https")));
    assert_eq!(origin.authority.as_deref(), Some("a.example:8080"));
}

#[test]
fn x_forwarded_headers_have_scheme_and_host() {
    let lines = [("x-forwarded-proto", "http, https"), ("x-forwarded-host", "evil.example, pub.example.com")];
    let origin = origin(&lines, &["10.0.0.1"]).unwrap();
    assert_eq!((origin.scheme, origin.authority.as_deref()), (Some("https"), Some("pub.example.com")));
}

#[test]
fn garbage_is_no_fact() {
    for garbage in ["\"", "\\", "for=\"", "for=\"\\", ";;;,,,=", "for==;for", "\u{fffd}=\u{fffd}"] {
        let lines = [("forwarded", garbage), ("x-forwarded-for", garbage), ("x-forwarded-proto", garbage)];
        assert_eq!(origin(&lines, &["0.0.0.0/0"]), Some(ForwardedRequest::default()), "{garbage}");
    }
}

#[test]
fn networks() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
        ("192.168.1.1", "192.168.1.1", "192.168.1.2"),
        ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
        ("::/0", "2001:db8::1", "1.2.3.4"),
        ("127.0.0.0/8", "::ffff:127.0.0.1", "::1"),
        ("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.2"),
    ] {
        let network: Network = network.parse().unwrap();
        assert!(network.contains(inside.parse().unwrap()), "{network:?} {inside}");
        assert!(!network.contains(outside.parse().unwrap()), "{network:?} {outside}");
    }
    for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0.0/", "example.com", "10.0.0.0/8/8", "010.0.0.0/8"] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}

/// A proxy that hides the client in `Forwarded` passes `X-Forwarded-For` on as the client sent it.
#[test]
fn a_hidden_client_is_not_looked_for_elsewhere() {
    for hidden in ["unknown", "_hidden", "\"\"", ""] {
        let forwarded = format!("for=3.3.3.3, for={hidden};by=10.0.0.1;proto=https");
        let lines = [("forwarded", forwarded.as_str()), ("x-forwarded-for", "6.6.6.6")];
        let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
        assert_eq!((origin.client, origin.scheme), (None, Some("https")), "{hidden}");
    }
}

#[test]
fn elements_of_the_client_are_not_believed() {
    let lines = [("forwarded", "for=6.6.6.6;proto=https;host=evil.example, for=1.2.3.4;proto=http;host=real.example")];
    let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
    assert_eq!(origin.client.as_deref(), Some("1.2.3.4"));
    assert_eq!((origin.scheme, origin.authority.as_deref()), (Some("http"), Some("real.example")));
}

#[test]
fn a_peer_without_an_address_is_believed_where_everybody_is() {
    let lines = Lines(vec![("x-forwarded-for", "1.2.3.4".to_owned())]);
    let everybody = TrustedProxies { any: true, networks: vec![] };
    assert_eq!(ForwardedRequest::of(&lines, None, &everybody).unwrap().client.as_deref(), Some("1.2.3.4"));
    assert_eq!(ForwardedRequest::of(&lines, None, &TrustedProxies::default()), None);
}

/// The proxy appends its part to the client's line, or adds a line.
#[test]
fn quotes_of_the_client_do_not_hide_the_part_of_the_proxy() {
    let part = "for=203.0.113.7;proto=https;host=pub.example";
    let quoted = r#"for="[2001:db8::7]:80";proto="https";host="pub.example""#;
    for (part, address) in [(part, "203.0.113.7"), (quoted, "2001:db8::7")] {
        for made_up in [
            "for=\"x",
            "for=6.6.6.6;host=evil;proto=http;by=\"",
            r#"for=6.6.6.6;host=evil;x="\"#,
            r#"for=6.6.6.6;host="evil\""#,
            "\"",
            "for=\"6.6.6.6\"\"",
        ] {
            let joined = format!("{made_up}, {part}");
            for lines in [&[("forwarded", joined.as_str())][..], &[("forwarded", made_up), ("forwarded", part)]] {
                let lines = [lines, &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-host", "evil")]].concat();
                let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
                let found = (origin.client.as_deref(), origin.scheme, origin.authority.as_deref());
                assert_eq!(found, (Some(address), Some("https"), Some("pub.example")), "{lines:?}");
            }
        }
    }
    for made_up in ["\"", "\"6.6.6.6", r#""6.6.6.6\"#] {
        let lists = ["203.0.113.7", "https", "pub.example"].map(|own| format!("{made_up}, {own}"));
        let lines = [
            ("x-forwarded-for", lists[0].as_str()),
            ("x-forwarded-proto", lists[1].as_str()),
            ("x-forwarded-host", lists[2].as_str()),
        ];
        let origin = origin(&lines, &["10.0.0.0/8"]).unwrap();
        let found = (origin.client.as_deref(), origin.scheme, origin.authority.as_deref());
        assert_eq!(found, (Some("203.0.113.7"), Some("https"), Some("pub.example")), "{made_up}");
    }
}
