//! Handlers, above and below route attributes, on apps that are and are not instrumented themselves.

use actix_web::{
    App,
    dev::{Service, ServiceResponse},
    http::Method,
    test::{TestRequest, init_service},
};
use otel_actix::HttpTelemetry;

use crate::tree::async_tree;

/// The spans of one request to `$service`, alone and in an instrumented app: they have to be the same.
macro_rules! spans_of {
    ($method:ident $path:literal => $status:literal, $service:expr) => {{
        let alone = async_tree(|| async {
            let app = init_service(App::new().service($service)).await;
            request(&app, Method::$method, $path, $status).await;
        });
        let in_instrumented_app = async_tree(|| async {
            let app = init_service(App::new().service($service).wrap(HttpTelemetry::new())).await;
            request(&app, Method::$method, $path, $status).await;
        });
        let interesting = |tree: String| -> String {
            let keep = |word: &&str| {
                !["http.", "url.", "server.", "client.", "network.", "user_agent."]
                    .iter()
                    .any(|key| word.starts_with(key))
            };
            tree.lines()
                .map(|line| {
                    let indent = " ".repeat(line.len() - line.trim_start().len());
                    indent + &line.split_whitespace().filter(keep).collect::<Vec<_>>().join(" ") + "\n"
                })
                .collect()
        };
        let (alone, in_instrumented_app) = (interesting(alone), interesting(in_instrumented_app));
        assert_eq!(alone, in_instrumented_app);
        alone
    }};
}

async fn request<S, B>(app: &S, method: Method, path: &str, status: u16)
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: actix_web::body::MessageBody,
{
    let response = app.call(TestRequest::with_uri(path).method(method).to_request()).await.unwrap();
    assert_eq!(response.status().as_u16(), status);
    assert!(actix_web::body::to_bytes(response.into_body()).await.is_ok());
}

mod get_above {
    use actix_web::{Responder, get, web};
    use otel_actix::auto_instrument;

    use super::*;

    #[get("/users/{id}")]
    #[auto_instrument]
    async fn user(id: web::Path<u32>) -> impl Responder {
        child().await;
        id.to_string()
    }

    #[actix_web::get("/docs/{id}")]
    /// Below other attributes.
    #[allow(clippy::unused_async)]
    #[auto_instrument(fields(user.id = *id))]
    async fn documented(id: web::Path<u32>) -> impl Responder {
        id.to_string()
    }

    #[auto_instrument]
    async fn child() {}

    #[test]
    fn one_server_span_with_the_handlers_children() {
        assert_eq!(spans_of!(GET "/users/1" => 200, user), "GET /users/{id} [Server]\n  child\n");
    }

    #[test]
    fn fields_are_on_the_server_span() {
        assert_eq!(spans_of!(GET "/docs/7" => 200, documented), "GET /docs/{id} [Server] user.id=7\n");
    }
}

mod cfg_extractors;
mod described;
mod get_in_a_macro;
mod not_async;

mod get_below {
    use actix_web::{HttpResponse, get, web};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    #[get("/users/{id}")]
    async fn user(id: web::Path<u32>) -> Result<HttpResponse, actix_web::Error> {
        if *id == 0 {
            return Err(actix_web::error::ErrorInternalServerError("none"));
        }
        Ok(HttpResponse::Ok().finish())
    }

    #[auto_instrument(fields(user.id = *id))]
    #[get("/fields/{id}")]
    async fn fields(id: web::Path<u32>) -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[test]
    fn one_server_span() {
        assert_eq!(spans_of!(GET "/users/1" => 200, user), "GET /users/{id} [Server]\n");
    }

    #[test]
    fn rejected_by_an_extractor_is_seen() {
        assert_eq!(spans_of!(GET "/users/x" => 404, user), "GET /users/{id} [Server]\n");
    }

    #[test]
    fn an_error_is_seen() {
        let spans = spans_of!(GET "/users/0" => 500, user);
        assert!(spans.starts_with("GET /users/{id} [Server] !500"), "{spans}");
    }

    #[test]
    fn fields_are_on_the_server_span() {
        assert_eq!(spans_of!(GET "/fields/7" => 200, fields), "GET /fields/{id} [Server] user.id=7\n");
    }
}

mod routes_multi {
    use actix_web::{HttpResponse, post, route, routes};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    #[routes]
    #[get("/a")]
    #[post("/b")]
    async fn above() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[routes]
    #[get("/a")]
    #[post("/b")]
    #[auto_instrument]
    async fn below() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[auto_instrument]
    #[route("/c", method = "GET", method = "PUT")]
    async fn several() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[auto_instrument]
    #[post("/same")]
    async fn one_of_two() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[test]
    fn every_route_has_its_span() {
        assert_eq!(spans_of!(GET "/a" => 200, above), "GET /a [Server]\n");
        assert_eq!(spans_of!(POST "/b" => 200, above), "POST /b [Server]\n");
        assert_eq!(spans_of!(GET "/a" => 200, below), "GET /a [Server]\n");
        assert_eq!(spans_of!(POST "/b" => 200, below), "POST /b [Server]\n");
        assert_eq!(spans_of!(PUT "/c" => 200, several), "PUT /c [Server]\n");
        assert_eq!(spans_of!(POST "/same" => 200, one_of_two), "POST /same [Server]\n");
    }
}

mod query_method {
    use actix_web::{HttpResponse, query};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    #[query("/search")]
    async fn above() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[query("/search")]
    #[auto_instrument]
    async fn below() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[test]
    fn the_newest_route_attribute_is_known() {
        let request = |service: &str| service.to_owned();
        let spans = async_tree(|| async {
            let app = init_service(App::new().service(above)).await;
            super::request(&app, Method::from_bytes(b"QUERY").unwrap(), "/search", 200).await;
            let app = init_service(App::new().service(below)).await;
            super::request(&app, Method::from_bytes(b"QUERY").unwrap(), "/search", 200).await;
        });
        assert_eq!(request(&spans).matches("QUERY /search [Server]").count(), 2, "{spans}");
    }
}

mod scope_mod {
    use actix_web::scope;

    use super::*;

    #[scope("/api")]
    mod api {
        use actix_web::{HttpResponse, get};
        use otel_actix::auto_instrument;

        #[auto_instrument]
        #[get("/above")]
        pub async fn above() -> HttpResponse {
            HttpResponse::Ok().finish()
        }

        #[get("/below")]
        #[auto_instrument]
        pub async fn below() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }

    #[test]
    fn the_route_has_its_prefix() {
        assert_eq!(spans_of!(GET "/api/above" => 200, api::above), "GET /api/above [Server]\n");
        assert_eq!(spans_of!(GET "/api/below" => 200, api::below), "GET /api/below [Server]\n");
    }
}

mod plain_handler {
    use actix_web::{HttpRequest, HttpResponse, Responder, web};
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument(handler)]
    async fn show(id: web::Path<u32>) -> impl Responder {
        HttpResponse::Ok().body(id.to_string())
    }

    #[allow(clippy::too_many_arguments)]
    #[auto_instrument(handler, fields(first = *first))]
    async fn wide(
        first: web::Path<u32>,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        last: HttpRequest,
    ) -> String {
        format!("{first}{}", last.path())
    }

    /// As many as clippy allows: our parameter must not be one too many.
    #[auto_instrument(handler)]
    async fn seven(
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        _: HttpRequest,
        last: HttpRequest,
    ) -> String {
        last.path().to_owned()
    }

    #[test]
    fn needs_no_route_attribute() {
        assert_eq!(spans_of!(GET "/seven" => 200, web::resource("/seven").to(seven)), "GET /seven [Server]\n");
        assert_eq!(spans_of!(GET "/show/1" => 200, web::resource("/show/{id}").to(show)), "GET /show/{id} [Server]\n");
    }

    /// As many extractors as actix-web allows, and ours.
    #[test]
    fn handler_with_12_extractors() {
        assert_eq!(
            spans_of!(GET "/wide/1" => 200, web::resource("/wide/{id}").to(wide)),
            "GET /wide/{id} [Server] first=1\n"
        );
    }
}

mod in_a_module {
    use otel_actix::auto_instrument;

    use super::*;

    #[auto_instrument]
    mod users {
        use actix_web::{HttpResponse, get};

        #[get("/users")]
        pub async fn list() -> HttpResponse {
            count().await;
            HttpResponse::Ok().finish()
        }

        async fn count() -> usize {
            0
        }
    }

    #[test]
    fn handlers_are_recognised() {
        assert_eq!(spans_of!(GET "/users" => 200, users::list), "GET /users [Server]\n  count\n");
    }
}

mod code_location {
    use actix_web::{HttpResponse, get};
    use opentelemetry::Value;
    use otel_actix::auto_instrument;

    use super::*;
    use crate::tree::spans_called;

    #[auto_instrument]
    #[get("/where/above")]
    async fn above() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[get("/where/below")]
    #[auto_instrument]
    async fn below() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[test]
    fn is_the_handlers_name_and_line() {
        let first = i64::from(line!()) - 12;
        for (path, line, name) in [("above", first, "above"), ("below", first + 6, "below")] {
            async_tree(|| async {
                let app = init_service(App::new().service(above).service(below)).await;
                request(&app, Method::GET, &format!("/where/{path}"), 200).await;
            });
            let span = spans_called(&format!("GET /where/{path}")).pop().unwrap();
            let attribute = |key: &str| span.attributes.iter().find(|kv| kv.key.as_str() == key).unwrap().value.clone();
            assert_eq!(attribute("code.function.name").as_str(), format!("shapes::handlers::code_location::{name}"));
            assert_eq!(attribute("code.line.number"), Value::I64(line));
        }
    }
}
