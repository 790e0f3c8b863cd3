//! Requests as an attacker writes them, from a seed.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

/// Headers that the layer reads, with valid values.
const SEEDS: &[(&str, &str)] = &[
    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
    ("baggage", "user=a%20b;secret=1,plan=paid"),
    ("forwarded", "for=\"[2001:db8::1]:4711\";proto=https;host=pub.example.com, for=10.0.0.1"),
    ("x-forwarded-for", "1.2.3.4, 10.0.0.1"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "pub.example.com:8443"),
    ("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90"),
    ("x-b3-traceid", "80f198ee56343ba864fe8b2a57d3eff7"),
    ("x-b3-spanid", "e457b5a2e4d86bd1"),
    ("x-b3-sampled", "1"),
    ("uber-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0:1"),
    ("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1"),
    ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"),
    ("authorization", "Bearer s3cret"),
    ("cookie", "session=s3cret"),
    ("x-anything", "some value"),
];

const HOSTS: &[&str] =
    &["localhost:8082", "[::1]:80", "[::1", "::1", "a@b@c:99999", ":", "", "h:-1", "%", "xn--\u{fc}", "[]:1"];

const TARGETS: &[&str] = &[
    "/users/7",
    "/users/%",
    "/users/%zz%f",
    "//..//%2e%2e/",
    "/?sig=s3cret&sig=s3cret&&=&sig",
    "/?%73ig=x&Signature=s3cret=s3cret&",
    "http://user:pass@pub.example.com:1/absolute?sig=s3cret",
    "*",
    "/%ff%fe?%ff",
];

/// Characters with a meaning for one of the parsers.
const NOISE: &[u8] = b"0fFzZ-=,;:.%@[]\"\\/?& \t_*+~\x80\xc3\xa9\xff";

/// Bytes that no header may hold: the parser has to refuse them.
const FORBIDDEN: &[u8] = b"\0\x01\x1b\x7f";

pub(super) struct Generator(SmallRng);

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }

    pub(super) fn request(&mut self) -> Vec<u8> {
        let method = self.pick(&["GET", "GET", "POST", "get", "FOOBAR", "M~!#$%&'*+-.^_`|"]);
        let target = match self.0.random_range(0..10) {
            0 => format!("/{}", "a/%41".repeat(self.0.random_range(0..2_000))),
            1 => format!("/?{}", "sig=s3cret&".repeat(self.0.random_range(0..1_000))),
            _ => self.pick(TARGETS).to_owned(),
        };
        let mut request = format!("{method} {target} HTTP/1.1\r\n").into_bytes();
        self.line(&mut request, "host", |this| this.pick(HOSTS).as_bytes().to_vec());
        if method == "POST" {
            request.extend_from_slice(b"content-length: 0\r\n");
        }
        // Long values leave room for few lines: a head may have 128 KiB.
        match self.0.random_range(0..20) {
            0 => self.line(&mut request, "", |this| vec![b"a,=;%\xff"[this.0.random_range(0..6)]; 64 << 10]),
            1 => self.line(&mut request, "", Self::many_members),
            2 => {
                let name = self.pick(SEEDS).0;
                for _ in 0..self.0.random_range(2..80) {
                    self.line(&mut request, name, Self::damaged);
                }
            }
            _ => {
                for _ in 0..self.0.random_range(0..12) {
                    self.line(&mut request, "", Self::damaged);
                }
            }
        }
        request.extend_from_slice(b"\r\n");
        request
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.random_range(0..from.len())]
    }

    /// Writes a header line; of a random header if no name is given.
    fn line(&mut self, request: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Self) -> Vec<u8>) {
        let name = if name.is_empty() { self.pick(SEEDS).0 } else { name };
        request.extend_from_slice(name.as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(&value(self));
        request.extend_from_slice(b"\r\n");
    }

    fn many_members(&mut self) -> Vec<u8> {
        let count = self.0.random_range(1_000..6_000);
        let separator = self.pick(&[",", ";", ", ", ",,"]);
        (0..count).map(|n| format!("k{n}=%{}", n % 100)).collect::<Vec<_>>().join(separator).into_bytes()
    }

    /// A valid value of some header with a few bytes wrong, cut off, or repeated.
    fn damaged(&mut self) -> Vec<u8> {
        let mut value = self.pick(SEEDS).1.as_bytes().to_vec();
        for _ in 0..self.0.random_range(0..6) {
            let at = self.0.random_range(0..=value.len());
            let noise = if self.0.random_bool(0.004) { self.pick(FORBIDDEN) } else { self.pick(NOISE) };
            match self.0.random_range(0..5) {
                0 => value.insert(at, noise),
                1 if at < value.len() => value[at] = noise,
                2 => value.truncate(at),
                3 => value.extend(std::iter::repeat_n(noise, self.0.random_range(0..200))),
                _ => value.extend_from_within(at..),
            }
        }
        value
    }
}
