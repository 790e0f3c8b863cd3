use ::sqlx;
use otel_actix::clients::sqlx_0_9 as traced;

#[path = "cases.rs"]
mod cases;
