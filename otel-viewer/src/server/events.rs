//! Changes as they happen, as
//! [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html).

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http_body_util::BodyExt as _;
use http_body_util::channel::Channel;

use super::Shared;
use super::answer::{Answer, answer};

/// Time between two looks. An open page costs no more than this, however much arrives.
const INTERVAL: Duration = Duration::from_millis(200);

/// Looks without a change until a comment is sent, which shows that a connection is gone.
const QUIET: u32 = 75;

/// `GET /api/events`: the number of the last change, whenever something has changed. The page then requests its data
/// again.
pub(super) fn events(shared: Arc<Shared>) -> Answer {
    let (mut sender, channel) = Channel::new(1);
    tokio::spawn(async move {
        let mut seen = None;
        let mut quiet = 0;
        loop {
            let version = shared.store.version();
            let event = if seen != Some(version) {
                format!("data: {version}\n\n")
            } else if quiet >= QUIET {
                ":\n\n".to_owned()
            } else {
                String::new()
            };
            if event.is_empty() {
                quiet += 1;
            } else {
                (seen, quiet) = (Some(version), 0);
                if sender.send_data(event.into()).await.is_err() {
                    return;
                }
            }
            tokio::time::sleep(INTERVAL).await;
        }
    });
    answer(StatusCode::OK, "text/event-stream", channel.boxed())
}
