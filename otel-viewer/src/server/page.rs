//! The page.

use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};

use super::answer::{Answer, answer, whole};

const HTML: &str = include_str!("../page/index.html");
const STYLE: &str = include_str!("../page/style.css");
const SCRIPTS: [&str; 5] = [
    include_str!("../page/elements.js"),
    include_str!("../page/otlp.js"),
    include_str!("../page/list.js"),
    include_str!("../page/waterfall.js"),
    include_str!("../page/app.js"),
];

/// The page with its style and its scripts in it: one response, and nothing else is fetched.
///
/// Scripts run only with the nonce, so that no text of a span can become a script, whatever fault the page has.
pub(super) fn page() -> Answer {
    let nonce = format!("{:032x}", rand::random::<u128>());
    let body = HTML.replace("{{nonce}}", &nonce).replace("{{style}}", STYLE).replace("{{script}}", &SCRIPTS.concat());
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut answer = answer(StatusCode::OK, "text/html; charset=utf-8", whole(body));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_smaller_than_100_kb() {
        let size = HTML.len() + STYLE.len() + SCRIPTS.iter().map(|script| script.len()).sum::<usize>();
        assert!(size < 100_000, "{size} bytes");
    }

    #[test]
    fn nothing_comes_from_elsewhere_and_no_text_becomes_markup() {
        for source in SCRIPTS.iter().chain(&[HTML, STYLE]) {
            for forbidden in
                ["https://", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "@import"]
            {
                assert!(!source.contains(forbidden), "{forbidden}");
            }
        }
    }
}
