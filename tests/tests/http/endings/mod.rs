//! Every way in which a request can end without an answer of its handler: exactly one span, the right status and
//! `error.type`, the end of the body as its end, one recorded duration, and no request that stays active.

mod connection;
mod gate;
mod http2;
mod middleware;
mod streams;
mod upgrade;
