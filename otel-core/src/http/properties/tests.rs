use super::*;
use crate::test_input::Noise;

const SECRET: &str = "s3cret";

#[test]
fn authorities() {
    let mut noise = Noise::new(1);
    for _ in 0..20_000 {
        authority(&noise.damaged(&["localhost:8082", "[::1]:80", "user:pw@h:1", "2001:db8::1", "h", ""]));
    }
}

#[test]
fn authorities_that_are_put_together_are_taken_apart() {
    let mut noise = Noise::new(2);
    for _ in 0..5_000 {
        let (host, port) = (noise.of("abcdefghijklmnopqrstuvwxyz0123456789-.", 1..60), noise.number(0..=65_535));
        let port = u16::try_from(port).unwrap();
        assert_eq!(Authority::parse(&format!("{host}:{port}")), Some(Authority { host: &host, port: Some(port) }));
        let address = std::net::Ipv6Addr::from_bits(noise.bits()).to_string();
        let bracketed = format!("[{address}]:{port}");
        assert_eq!(Authority::parse(&bracketed), Some(Authority { host: &address, port: Some(port) }));
    }
}

#[test]
fn queries() {
    let mut noise = Noise::new(3);
    let seeds = ["a=b&sig=s3cret&c", "Signature=s3cret", "sig=&sig", "X-Amz-Signature=s3cret=s3cret&&=&", ""];
    for _ in 0..20_000 {
        redaction(&noise.damaged(&seeds));
    }
}

#[test]
fn forwarded_headers() {
    let mut noise = Noise::new(4);
    let seeds = [
        "for=\"[2001:db8::1]:4711\";proto=https;host=pub.example.com, for=10.0.0.1",
        "for=\"a\\\"b\";by=_x",
        "1.2.3.4, 10.0.0.1",
        "https",
        "",
    ];
    let names = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];
    for _ in 0..20_000 {
        let lines: Vec<_> = (0..noise.number(1..=4)).map(|_| (noise.pick(&names), noise.damaged(&seeds))).collect();
        forwarded(&Lines(lines.iter().map(|(name, value)| (*name, value.as_bytes())).collect()));
    }
}

/// The proxies append to the bytes of the client, whatever these are.
#[test]
fn the_last_address_that_is_no_proxy_is_the_client() {
    let mut noise = Noise::new(5);
    let trusted = TrustedProxies { any: false, networks: vec!["10.0.0.0/8".parse().unwrap()] };
    let seeds = ["for=\"x", "for=6.6.6.6;host=\"a\\\"b\",for=10.0.0.9", "6.6.6.6, 10.0.0.9", "\\\"", ""];
    for _ in 0..5_000 {
        let mut made_up = noise.damaged(&seeds).into_bytes();
        if noise.number(0..=3) == 0 {
            made_up.push(0xff);
        }
        let client = std::net::Ipv6Addr::from_bits(noise.bits() | 1 << 127);
        let proxies = noise.number(0..=5);
        let proxies = |prefix: &str| (0..proxies).map(|n| format!(", {prefix}10.0.0.{n}")).collect::<Vec<_>>().concat();
        let port = noise.number(1..=65_535);
        let element = format!("for=\"[{client}]:{port}\";proto=https;host=\"a.example\"{}", proxies("for="));
        let address = format!("{client}{}", proxies(""));
        for (name, appended) in [("forwarded", element), ("x-forwarded-for", address)] {
            let lines = if noise.pick(&[true, false]) {
                vec![(name, [&made_up[..], b", ", appended.as_bytes()].concat())]
            } else {
                vec![(name, made_up.clone()), (name, appended.into_bytes())]
            };
            let origin = ForwardedRequest::of(&Lines(lines), Some([10, 0, 0, 9].into()), &trusted).unwrap();
            let shown = String::from_utf8_lossy(&made_up);
            assert_eq!(origin.client, Some(client.to_string()), "{shown:?}");
            if name == "forwarded" {
                let found = (origin.scheme, origin.authority.as_deref());
                assert_eq!(found, (Some("https"), Some("a.example")), "{shown:?}");
            }
        }
    }
}

#[test]
fn networks() {
    let mut noise = Noise::new(6);
    for _ in 0..20_000 {
        network(&noise.damaged(&[
            "10.0.0.0/8",
            "2001:db8::/32",
            "127.0.0.1",
            "::1/128",
            "0.0.0.0/0",
            "::ffff:1.2.3.4/96",
        ]));
    }
}

#[test]
fn expressions() {
    let mut noise = Noise::new(7);
    for _ in 0..3_000 {
        let (pattern, text) =
            (noise.damaged(&["x-.*", "^/health", "(a|b)+", "[a-z]{2,5}", "\\d+"]), noise.damaged(&["/a"]));
        patterns(&pattern, &text);
    }
}

#[test]
fn requests() {
    let mut noise = Noise::new(8);
    let seeds = ["localhost:1", "a, b", "Googlebot", "for=1.2.3.4", SECRET, ""];
    let names = ["host", "forwarded", "x-forwarded-host", "user-agent", "authorization", "cookie", "x-y"];
    for _ in 0..5_000 {
        let lines: Vec<_> = (0..noise.number(0..=8)).map(|_| (noise.pick(&names), noise.damaged(&seeds))).collect();
        let (method, target) = (noise.damaged(&["GET", "x"]), noise.damaged(&["/a?sig=s3cret", "*", "/%", ""]));
        attributes(&method, &target, &Lines(lines.iter().map(|(name, value)| (*name, value.as_bytes())).collect()));
    }
}
