//! What does a request cost with telemetry, compared with other ways to have it?
//!
//! | module | one idea |
//! |---|---|
//! | [`app`] | the application, and what its handler does |
//! | [`request`] | the requests |
//! | [`variant`] | the ways to have telemetry |
//! | [`serve`] | one request from its head to the end of its body, on this thread |
//! | [`subject`] | a variant and a load, in a process of its own |
//! | [`clock`] | time of processes and threads |
//! | [`measure`] | what such a process takes: instructions, allocations, time |
//! | [`cost`] | what it takes beyond another one |
//! | [`budget`] | what it may take |
//! | [`wire`] | servers on sockets, and where they export to |

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
