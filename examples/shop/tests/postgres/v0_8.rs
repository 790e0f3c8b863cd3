use otel_actix::clients::sqlx_0_8 as traced;
use sqlx_0_8 as sqlx;

#[path = "cases.rs"]
mod cases;
