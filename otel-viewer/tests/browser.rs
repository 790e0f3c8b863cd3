//! The page in a real browser. The tests are ignored by default, because they need Chromium.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed assumption should fail the test")]

mod support;

use opentelemetry_proto::tonic::trace::v1::{Span, TracesData};
use otel_viewer::{RunningSpan, Settings, Viewer};
use prost::Message as _;
use support::browser::{Browser, DOWN, ENTER, ESCAPE, LEFT};
use support::spans::{self, START};

fn viewer() -> Viewer {
    Viewer::start(Settings::default().with_port(0)).unwrap()
}

fn send(viewer: &Viewer, service: &str, spans: Vec<Span>) {
    viewer.receive_spans(&spans::traces(service, spans).encode_to_vec()).unwrap();
}

/// A request through three services, with a failure, a log record and an event.
fn shop(viewer: &Viewer) {
    let root = Span { end_time_unix_nano: START + 42_000_000, ..spans::failed(1, "/checkout/{cart}") };
    let charge = Span {
        start_time_unix_nano: START + 12_000_000,
        end_time_unix_nano: START + 36_000_000,
        kind: 3,
        ..spans::child(&root, 11, "POST")
    };
    let stock = spans::child(&root, 12, "reserve stock");
    let query = Span { start_time_unix_nano: START + 7_000_000, ..spans::child(&stock, 13, "SELECT stock") };
    let pay = Span {
        start_time_unix_nano: START + 15_000_000,
        end_time_unix_nano: START + 33_000_000,
        kind: 2,
        ..spans::child(&charge, 14, "POST /charges")
    };
    viewer.receive_logs(&spans::log("bank", &pay, "card was declined").encode_to_vec()).unwrap();
    send(viewer, "shop", vec![root, charge, stock, query]);
    send(viewer, "bank", vec![pay]);
    for trace in 20..32 {
        let route = ["/items/{id}", "/items", "/basket"][usize::from(trace % 3)];
        let end = START + 3_000_000 * u64::from(trace % 5 + 1);
        send(viewer, "shop", vec![Span { end_time_unix_nano: end, ..spans::request(trace, route) }]);
    }
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_request_appears_runs_and_ends() {
    let browser = Browser::start();
    let viewer = viewer();
    browser.open(&viewer.link());
    browser.text_with(".empty", "Nothing has arrived yet");
    browser.wait_until("document.getElementById('live').textContent === 'live'");

    let mut running = RunningSpan::new([1; 16], [1; 8], "GET", START);
    running.path = Some("/reports/7".to_owned());
    viewer.span_started(running);
    browser.text_with("tr.running", "GET /reports/7");
    let before = browser.text("tr.running td:last-child");
    browser.wait_until(&format!("document.querySelector('tr.running td:last-child').innerText !== '{before}'"));

    browser.click("tr.running");
    // A running request can be opened.
    browser.text_with(".heading", "1 running");
    viewer.span_ended([1; 8]);
    send(&viewer, "shop", vec![spans::request(1, "/reports/{id}")]);
    browser.wait_until("document.querySelector('h1').innerText === 'GET /reports/{id}'");
    assert!(!browser.text(".heading").contains("running"));
    browser.press(&[ESCAPE]);
    browser.text_with(".traces tbody tr", "200");
    assert_eq!(browser.count("tr.running"), 0);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn lists_are_filtered_and_traces_are_opened_linked_and_copied() {
    let browser = Browser::start();
    let viewer = viewer();
    shop(&viewer);
    let origin = format!("http://{}", viewer.address());
    browser.open(&viewer.link());
    // Errors come first.
    browser.text_with(".traces tbody tr:first-child", "/checkout/{cart}");
    browser.wait_until("document.querySelectorAll('.traces tbody tr').length === 13");
    browser.screenshot("list");

    browser.type_into("[name=route]", "/basket");
    browser.wait_until("document.querySelectorAll('.traces tbody tr').length === 4");
    assert!(browser.address().contains("route=%2Fbasket"), "a list can be linked to, too");
    browser.value("document.querySelector('[name=route]').value = ''");
    browser.type_into("[name=text]", "CARD was");
    browser.wait_until("document.querySelectorAll('.traces tbody tr').length === 1");

    browser.press(&[ESCAPE, DOWN, ENTER]);
    browser.wait_until("document.querySelector('h1')?.innerText === 'GET /checkout/{cart}'");
    browser.wait_until("document.querySelectorAll('.row').length === 5");
    assert!(!browser.value("document.getElementById('filters').checkVisibility()").as_bool().unwrap());
    let link = browser.address();
    assert!(link.starts_with(&format!("{origin}/trace/{}?", "01".repeat(16))), "{link}");

    browser.press(&[DOWN]);
    let details = browser.text_with(".details", "http.route");
    for part in ["http.route", "/checkout/{cart}", "exception.message", "the till is jammed", "service.name"] {
        assert!(details.contains(part), "{part}: {details}");
    }
    browser.screenshot("waterfall");
    browser.press(&[LEFT]);
    browser.wait_until("document.querySelectorAll('.row').length === 1");
    browser.click(".fold");
    browser.click(&format!("[data-span='{}']", "0e".repeat(8)));
    browser.wait_until("document.querySelector('.details').innerText.includes('card was declined')");

    browser.allow_clipboard(&origin);
    browser.press(&["c"]);
    browser.wait_until("document.getElementById('copy-json').innerText === 'copied'");
    let copied: TracesData = serde_json::from_str(&browser.clipboard()).unwrap();
    let count: usize = copied.resource_spans.iter().map(|spans| spans.scope_spans[0].spans.len()).sum();
    assert_eq!(count, 5);

    browser.open("about:blank");
    browser.open(&link);
    browser.wait_until("document.querySelectorAll('.row').length === 5");
    browser.set_color_scheme("dark");
    browser.press(&[DOWN]);
    browser.screenshot("waterfall-dark");
    browser.open(&format!("{origin}/trace/{}?token={}", "ee".repeat(16), viewer.token()));
    browser.text_with(".empty", "never arrived");
    // The browser itself reports the 404 of that trace, and nothing else.
    let complaints = browser.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("404")), "{complaints:?}");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn hostile_values_are_text_and_leave_the_page_intact() {
    let browser = Browser::start();
    let viewer = viewer();
    let markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
    let turned = "\u{202e}gnp.exe \u{2066}";
    let long = "x".repeat(1 << 20);
    let mut span = spans::request(1, markup);
    for (key, value) in [("markup", markup), (markup, "key"), ("turned", turned), ("long", &long), ("broken", "BROKEN")]
    {
        span.attributes.push(spans::text(key, value));
    }
    let mut bytes = spans::traces(markup, vec![span]).encode_to_vec();
    let at = bytes.windows(6).position(|window| window == b"BROKEN").unwrap();
    bytes[at..at + 2].copy_from_slice(&[0xff, 0xc0]);
    viewer.receive_spans(&bytes).unwrap();

    browser.open(&viewer.link());
    browser.text_with(".traces tbody tr", "<img src=x");
    browser.click(".traces tbody tr");
    browser.click(".row");
    let details = browser.text(".details");
    assert!(
        details.contains(markup) && details.contains("\u{fffd}\u{fffd}OKEN"),
        "{}",
        &details[..details.len().min(3000)]
    );
    assert!(details.len() < 20_000, "long values are cut");
    assert!(details.contains("show all 1,048,576 characters"));
    browser.click(".details button");
    browser.wait_until("document.querySelector('.details').innerText.length > 1000000");
    assert_eq!(browser.count("img, main script"), 0);
    assert_eq!(browser.value("document.title"), format!("Trace {}", "01".repeat(4)));
    let isolated = "getComputedStyle([...document.querySelectorAll('.any')].find(any => any.innerText.includes('exe'))).unicodeBidi";
    assert_eq!(browser.value(isolated), "isolate");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_thousand_spans_stay_readable() {
    let browser = Browser::start();
    let viewer = viewer();
    let root = spans::request(1, "/bulk");
    let children = (0..999_u64).map(|number| {
        let mut span = spans::child(&root, 0, &format!("step {number}"));
        span.span_id = (number + 1000).to_be_bytes().to_vec();
        span.start_time_unix_nano = START + number * 20_000;
        span.end_time_unix_nano = span.start_time_unix_nano + 30_000;
        span
    });
    send(&viewer, "shop", [root.clone()].into_iter().chain(children).collect());
    browser.open(&format!("http://{}/trace/{}?token={}", viewer.address(), "01".repeat(16), viewer.token()));
    browser.wait_until("document.querySelectorAll('.row').length === 1000");
    let drawing = "(() => { const start = performance.now(); document.querySelector('.row').click(); \
                   document.body.offsetHeight; return performance.now() - start })()";
    let milliseconds = browser.value(drawing).as_f64().unwrap();
    assert!(milliseconds < 1000.0, "drawn anew in {milliseconds} ms");
    browser.screenshot("thousand-spans");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn without_the_token_there_is_no_page() {
    let browser = Browser::start();
    let viewer = viewer();
    browser.open(&format!("http://{}/", viewer.address()));
    browser.text_with("body", "the token is missing or wrong");
}
