//! The cost of a request with telemetry, compared with other ways to have it.
//!
//! | module | one idea |
//! |---|---|
//! | [`app`] | the application, and the work of its handler |
//! | [`request`] | the requests |
//! | [`variant`] | the ways to have telemetry |
//! | [`serve`] | one request from its head to the end of its body, on this thread |
//! | [`subject`] | a variant and a load, in a process of its own |
//! | [`clock`] | time of processes and threads |
//! | [`measure`] | the costs of such a process: instructions, allocations, time |
//! | [`cost`] | the cost beyond another one |
//! | [`budget`] | the limits of the cost |
//! | [`wire`] | servers on sockets, and the collector to which they export |

pub mod app;
pub mod budget;
pub mod clock;
pub mod cost;
pub mod measure;
pub mod request;
pub mod serve;
pub mod subject;
pub mod variant;
pub mod wire;
