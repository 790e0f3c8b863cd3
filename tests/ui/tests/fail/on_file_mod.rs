use otel_actix::auto_instrument;

#[auto_instrument]
mod routes;

fn main() {}
