//! Requests through tower services: HTTP clients such as those of `hyper-util`, and `tonic` channels.
//!
//! | layer | around | spans |
//! |---|---|---|
//! | [`HttpLayer`] | a service of `http::Request` that sends HTTP requests | HTTP client spans |
//! | [`GrpcLayer`] | a `tonic` channel | RPC client spans, with the status code of gRPC |
//!
//! A layer belongs outside of those that send requests from another task, such as `tower::buffer`: only the task of the
//! caller has the span that becomes the parent.
//!
//! ```
//! use otel_clients::tower::HttpLayer;
//! use tower_layer::Layer as _;
//! # fn client() {}
//!
//! let client = HttpLayer::new().layer(client());
//! ```

mod error;
mod facts;
mod grpc;
mod grpc_code;
mod http;

pub use self::error::BoxError;
pub use self::grpc::{GrpcBody, GrpcFuture, GrpcLayer, GrpcService};
pub use self::http::{HttpFuture, HttpLayer, HttpService, ResendCount};
pub use crate::body::ClientBody;
pub use crate::url_template::UrlTemplate;
