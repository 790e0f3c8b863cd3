use otel_clients::reqwest_0_12 as traced;
use reqwest_0_12 as reqwest;

#[path = "cases.rs"]
mod cases;
