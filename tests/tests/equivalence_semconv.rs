//! The exports of `server_auto` over OTLP, checked with the official registry of the semantic conventions.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, mpsc},
    thread,
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, rt::System, web};
use examples::compare::{Failure, Parent, Server, Stop, cases};
use serde_json::{Value, json};
use workspace_tests::with_programs;

/// A collector that keeps its input.
struct Collector {
    endpoint: String,
    received: Arc<Mutex<Vec<String>>>,
    server: ServerHandle,
    thread: thread::JoinHandle<std::io::Result<()>>,
}

impl Collector {
    fn start() -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let keep = web::Data::from(Arc::clone(&received));
        let (started, start) = mpsc::channel();
        let thread = thread::spawn(move || {
            System::new().block_on(async move {
                let app = move || App::new().app_data(keep.clone()).default_service(web::to(receive));
                let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0")?;
                let address = server.addrs()[0];
                let server = server.run();
                started.send((format!("http://{address}"), server.handle())).unwrap();
                server.await
            })
        });
        let (endpoint, server) = start.recv().unwrap();
        Self { endpoint, received, server, thread }
    }

    async fn stop(self) -> Vec<String> {
        self.server.stop(true).await;
        self.thread.join().unwrap().unwrap();
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

async fn receive(export: web::Json<Value>, received: web::Data<Mutex<Vec<String>>>) -> HttpResponse {
    received.lock().unwrap().push(export.to_string());
    HttpResponse::Ok().json(json!({}))
}

/// Sends every request of the comparison, and returns the exported OTLP/JSON, one export per line.
async fn export(program: &Path, client: &Path) -> Result<Vec<String>, Failure> {
    let collector = Collector::start();
    let environment = [
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_METRICS_EXPORTER", "otlp"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint),
        ("OTEL_SERVICE_NAME", "example"),
    ];
    let server = Server::start(program, &environment).await?;
    for case in cases() {
        let status = Command::new(client).args(case.client_arguments(server.address().port())).output()?.status;
        assert!(status.success(), "{case:?}");
    }
    server.stop(Stop::Terminate).await?;
    Ok(collector.stop().await)
}

#[test]
#[ignore = "needs python3"]
fn exported_spans_and_metrics_follow_the_registry() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("semconv");
    with_programs(|programs| async move {
        let exports = export(&programs.server_auto, &programs.client).await?;
        let expected = cases().iter().filter(|case| case.parent != Parent::Unsampled).count();
        let exported: usize = exports.iter().map(|export| export.matches("\"traceId\"").count()).sum();
        assert_eq!(exported, expected, "{exports:?}");

        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("server_auto.jsonl");
        fs::write(&file, exports.join("\n"))?;
        let check = Command::new("python3")
            .arg(folder.join("check.py"))
            .arg(folder.join("registry-1.44.0.json"))
            .arg(&file)
            .output();
        let check = check.map_err(|error| format!("python3: {error}"))?;
        let verdict = String::from_utf8_lossy(&check.stdout);
        assert!(check.status.success(), "{verdict}{}", String::from_utf8_lossy(&check.stderr));
        // All spans; the metrics are `http.server.request.duration` and `http.server.active_requests`.
        let checked = format!("{{\"span\": {expected}, \"metric\": 2}}");
        assert!(verdict.contains(&checked), "{verdict}");
        Ok(())
    })
    .unwrap();
}
