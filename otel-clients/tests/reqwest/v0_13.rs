use otel_clients::reqwest_0_13 as traced;
use reqwest_0_13 as reqwest;

#[path = "cases.rs"]
mod cases;
