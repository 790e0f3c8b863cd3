//! Status codes of gRPC: `rpc.response.status_code`, which the server sends or the client generates.

use std::error::Error;

use http::StatusCode;

use super::error::has_message;

/// The name of a code as it is sent ([codes](https://grpc.github.io/grpc/core/md_doc_statuscodes.html)).
pub(super) fn code_name(code: &[u8]) -> &'static str {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    let code = str::from_utf8(code).ok().and_then(|code| code.parse::<usize>().ok());
    code.and_then(|code| NAMES.get(code)).unwrap_or(&"UNKNOWN")
}

/// The code for an HTTP status, as clients are to
/// [map it](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
pub(super) fn code_of_http(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "INTERNAL",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "UNIMPLEMENTED",
        429 | 502 | 503 | 504 => "UNAVAILABLE",
        _ => "UNKNOWN",
    }
}

/// The code that `tonic` generates for an error without an answer. `None` for errors whose code depends on the features of
/// `tonic`.
pub(super) fn code_of_client(error: &(dyn Error + 'static), error_type: Option<&str>) -> Option<&'static str> {
    match error_type? {
        // There is no connection.
        "address_not_available"
        | "connection_refused"
        | "host_unreachable"
        | "name_not_resolved"
        | "network_down"
        | "network_unreachable" => Some("UNAVAILABLE"),
        // The time-out of the endpoint, or of the request.
        "timeout" if has_message(error, "Timeout expired") => Some("CANCELLED"),
        _ => None,
    }
}
