//! The metrics of requests, whatever way they end.

use super::support::{attribute, metrics, serve, text};
use actix_web::{App, HttpResponse, web};
use std::io::Write as _;

async fn panics() -> HttpResponse {
    panic!("on purpose")
}

#[test]
fn the_duration_has_the_conventions_attributes_and_is_that_of_the_span() {
    let server = serve!(|| App::new().route("/duration/{id}", web::to(HttpResponse::Ok)));
    let (_, span) = server.get("/duration/7?a=b");
    let points = metrics::durations_of("/duration/{id}");
    assert_eq!(points.len(), 1);
    let expected = span.end_time.duration_since(span.start_time).unwrap().as_secs_f64();
    assert!((points[0].sum - expected).abs() < 1e-6, "{} against {expected}", points[0].sum);
    assert_eq!(points[0].count, 1);
    assert_eq!(points[0].bounds, [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]);
    assert_eq!(
        points[0].attributes,
        [
            "http.request.method=GET",
            "http.response.status_code=200",
            "http.route=/duration/{id}",
            "network.protocol.version=1.1",
            "url.scheme=http",
        ]
    );
}

#[test]
fn errors_are_told_by_the_same_word_on_span_and_metric() {
    let server = serve!(|| App::new().route("/fails", web::to(HttpResponse::InternalServerError)));
    let (_, span) = server.get("/fails");
    assert_eq!(text(&span, "error.type").as_deref(), Some("500"));
    let points = metrics::durations_of("/fails");
    assert!(points[0].attributes.contains(&"error.type=500".to_owned()), "{:?}", points[0].attributes);
}

#[test]
fn no_request_stays_active_whatever_way_it_ended() {
    // A method of its own: the count is of the whole process.
    let server = serve!(|| {
        App::new()
            .route("/ok", web::to(HttpResponse::Ok))
            .route("/panics", web::to(panics))
            .route("/pending", web::to(std::future::pending::<HttpResponse>))
    });
    for path in ["/ok", "/panics", "/nope"] {
        let (_, _) = server.request("TRACE", path, "");
    }
    let trace = super::support::Trace::new();
    let mut stream = server.connect();
    stream.write_all(server.head_in(trace, "TRACE", "/pending", "").as_bytes()).unwrap();
    metrics::wait_for_active("TRACE", 1);
    server.kill();
    assert_eq!(text(&trace.server_span(), "error.type").as_deref(), Some("cancelled"));
    metrics::wait_for_active("TRACE", 0);
}

#[test]
fn what_a_client_sends_does_not_multiply_time_series() {
    let server = serve!(|| App::new().route("/bounded/{id}", web::to(HttpResponse::Ok)));
    for n in 0..20 {
        let (_, span) = server.request(&format!("M{n}"), &format!("/bounded/{n}?q={n}"), "");
        assert!(attribute(&span, "http.route").is_some());
    }
    assert_eq!(metrics::durations_of("/bounded/{id}").len(), 1);
}
