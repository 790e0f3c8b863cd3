//! A handler that reports when it runs, and answers on command.

use actix_web::HttpResponse;
use std::sync::{Arc, Mutex, mpsc};
use std::time::SystemTime;
use tokio::sync::Semaphore;

#[derive(Clone)]
pub(super) struct Gate {
    running: mpsc::Sender<()>,
    ran: Arc<Mutex<mpsc::Receiver<()>>>,
    open: Arc<Semaphore>,
}

impl Gate {
    pub(super) fn new() -> Self {
        let (running, ran) = mpsc::channel();
        Self { running, ran: Arc::new(Mutex::new(ran)), open: Arc::new(Semaphore::new(0)) }
    }

    pub(super) async fn handle(self) -> HttpResponse {
        self.pass().await;
        HttpResponse::Ok().body("passed")
    }

    pub(super) async fn pass(&self) {
        self.running.send(()).unwrap();
        self.open.acquire().await.unwrap().forget();
    }

    pub(super) fn wait_until_running(&self) {
        self.ran.lock().unwrap().recv_timeout(crate::support::PATIENCE).unwrap();
    }

    /// The same for clients whose connection the waiting thread drives.
    pub(super) async fn wait_until_running_async(&self) {
        let gate = self.clone();
        tokio::task::spawn_blocking(move || gate.wait_until_running()).await.unwrap();
    }

    /// Lets one request pass. Returns the time.
    pub(super) fn open(&self) -> SystemTime {
        let now = SystemTime::now();
        self.open.add_permits(1);
        now
    }
}
