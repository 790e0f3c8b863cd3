//! A collector that comes back.

use std::time::Duration;

use tokio::time::sleep;
use workspace_tests::with_programs;

use super::{Exporting, Settings};
use crate::{
    backend::{Backend, Behaviour, WELL},
    load::path,
    losses::spans_lost,
};

/// A minute, scaled.
const OUTAGE: Duration = Duration::from_millis(1200);

/// A batch outlasts the outage, and the queue is long.
const PATIENT: Settings = Settings { protocol: "http/json", timeout: "20000", queue: "2048", batch: "16" };

#[test]
fn nothing_is_lost_in_an_outage_within_bounds() {
    with_programs(|programs| async move {
        let mut backend = Backend::behaving(&[WELL])?;
        let mut server = Exporting::start(&programs.server_auto, &backend, PATIENT).await?;
        server.requests(50).await?;
        backend.until(|backend| backend.kept().len() == 50).await?;
        backend.fall().await?;
        server.requests(100).await?;
        sleep(OUTAGE).await;
        backend.rise()?;
        server.requests(50).await?;
        backend.until(|backend| backend.kept().len() == 200).await?;
        let output = server.stop(&backend).await?;
        assert_eq!(spans_lost(&output.stderr), 0, "{}", output.stderr);
        Ok(())
    })
    .unwrap();
}

#[test]
fn the_queue_is_what_outlasts_an_outage() {
    const QUEUE: usize = 32;
    const BATCH: usize = 8;
    with_programs(|programs| async move {
        let settings = Settings { queue: "32", batch: "8", ..PATIENT };
        let mut backend = Backend::absent()?;
        let mut server = Exporting::start(&programs.server_auto, &backend, settings).await?;
        server.requests(200).await?;
        sleep(OUTAGE).await;
        backend.rise()?;
        // The queue, and the batch that was retried.
        backend.until(|backend| backend.kept().len() >= QUEUE).await?;
        server.requests(BATCH).await?;
        let last = path(200 + BATCH - 1);
        backend.until(|backend| backend.kept().contains_key(&last)).await?;
        let output = server.stop(&backend).await?;

        let kept = backend.kept();
        let of_the_outage = (0..200).filter(|number| kept.contains_key(&path(*number))).count();
        assert!((QUEUE..=QUEUE + BATCH).contains(&of_the_outage), "{of_the_outage}: {}", output.stderr);
        assert!((200..200 + BATCH).all(|number| kept.contains_key(&path(number))), "{kept:?}");
        assert_eq!(spans_lost(&output.stderr), 200 - of_the_outage, "{}", output.stderr);
        assert!(output.stderr.contains("OTEL_BSP_MAX_QUEUE_SIZE"), "{}", output.stderr);
        Ok(())
    })
    .unwrap();
}

#[test]
fn an_outage_that_outlasts_a_batch_is_told_as_is_its_end() {
    with_programs(|programs| async move {
        let mut backend = Backend::absent()?;
        let settings = Settings { timeout: "200", ..PATIENT };
        let mut server = Exporting::start(&programs.server_auto, &backend, settings).await?;
        server.requests(16).await?;
        server.told("; spans lost: ").await?;
        backend.rise()?;
        server.requests(16).await?;
        server.told("works again").await?;
        let output = server.stop(&backend).await?;
        assert!((1..=16).contains(&spans_lost(&output.stderr)), "{}", output.stderr);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_collector_gets_the_time_it_asks_for() {
    const ASKED: Duration = Duration::from_secs(1);
    for answer in [
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
    ] {
        with_programs(|programs| async move {
            let backend = Backend::behaving(&[Behaviour::Answer(answer), WELL])?;
            let mut server = Exporting::start(&programs.server_auto, &backend, PATIENT).await?;
            server.requests(100).await?;
            backend.until(|backend| backend.kept().len() == 100).await?;
            let exports = backend.exports();
            assert!(!exports[0].kept && exports[1].kept);
            assert_eq!(exports[0].spans, exports[1].spans, "the same batch");
            let waited = exports[1].at.duration_since(exports[0].at);
            assert!(waited >= ASKED, "{waited:?}");
            let output = server.stop(&backend).await?;
            assert!(!output.stderr.contains("WARN"), "{}", output.stderr);
            Ok(())
        })
        .unwrap();
    }
}
