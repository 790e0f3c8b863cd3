//! `#[auto_instrument]` on `main`, in real processes: telemetry starts, the spans of requests are printed, and no span
//! is lost at the end.
//!
//! Each program is a module here. Its `main` runs in this test's executable, which is started again for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::print_stdout, reason = "programs")]

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::Command,
};

use actix_web::dev::Server;

/// Runs the program `name`, and returns the names of the SERVER spans that it printed.
fn spans_of(name: &str) -> Vec<String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "--test-threads=1", &format!("{name}::program")])
        .env("OTEL_TRACES_EXPORTER", "console")
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_LOGS_EXPORTER", "none")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    let spans = printed.lines().filter_map(|line| {
        let span: serde_json::Value = serde_json::from_str(line.get(line.find('{')?..)?).ok()?;
        (span["kind"] == "SpanKind.SERVER").then(|| span["name"].as_str().map(str::to_owned))?
    });
    spans.collect()
}

/// Serves one request to each address, and then stops.
async fn serve(server: Server, addresses: &[SocketAddr]) -> std::io::Result<()> {
    let handle = server.handle();
    let addresses = addresses.to_vec();
    std::thread::spawn(move || {
        for address in addresses {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "GET /index HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        actix_web::rt::System::new().block_on(handle.stop(true));
    });
    server.await
}

#[actix_web::get("/index")]
async fn index() -> &'static str {
    "served"
}

macro_rules! programs {
    ($($name:ident: $spans:expr;)+) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(spans_of(stringify!($name)), $spans);
            }
        )+
    };
}

programs! {
    main_actix: ["GET /index"];
    main_actix_above: ["GET /index"];
    main_tokio: ["GET /index"];
    main_tokio_above: ["GET /index"];
    main_with_block_on: ["GET /index"];
    main_two_servers: ["GET /index", "GET /index"];
    main_of_a_library_server: ["GET /index"];
    main_that_fails: ["GET /index"];
    main_that_panics: ["GET /index"];
    main_that_exits: ["GET /index"];
}

mod main_actix {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument(service_name = "shop")]
    /// Documentation.
    #[actix_web::main]
    #[allow(clippy::unused_async)]
    async fn main() -> std::io::Result<()> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        super::serve(server.run(), &addresses).await
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}

mod main_actix_above {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[actix_web::main]
    #[auto_instrument]
    async fn main() -> std::io::Result<()> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        super::serve(server.run(), &addresses).await
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}

mod main_tokio {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument]
    #[tokio::main(worker_threads = 2)]
    async fn main() -> Result<(), Box<dyn std::error::Error>> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        Ok(super::serve(server.run(), &addresses).await?)
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}

mod main_tokio_above {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[tokio::main]
    #[auto_instrument]
    async fn main() -> std::io::Result<()> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        super::serve(server.run(), &addresses).await
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}

mod main_with_block_on {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument]
    fn main() {
        let run = async {
            let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
            let addresses = server.addrs();
            super::serve(server.run(), &addresses).await
        };
        actix_web::rt::System::new().block_on(run).unwrap();
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main();
    }
}

mod main_two_servers {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument]
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        let public = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let admin = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let (public_addresses, admin_addresses) = (public.addrs(), admin.addrs());
        super::serve(public.run(), &public_addresses).await?;
        super::serve(admin.run(), &admin_addresses).await
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}

mod main_of_a_library_server {
    use otel_actix::auto_instrument;

    mod shop {
        use std::net::SocketAddr;

        use actix_web::{App, HttpServer, dev::Server};
        use otel_actix::auto_instrument;

        #[auto_instrument]
        pub(super) fn run() -> std::io::Result<(Server, Vec<SocketAddr>)> {
            let server = HttpServer::new(|| App::new().service(crate::index)).workers(1).bind("127.0.0.1:0")?;
            let addresses = server.addrs();
            Ok((server.run(), addresses))
        }
    }

    #[auto_instrument(app = false)]
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        let (server, addresses) = shop::run()?;
        super::serve(server, &addresses).await
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}

mod main_that_fails {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument]
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        super::serve(server.run(), &addresses).await?;
        Err(std::io::Error::other("on purpose"))
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap_err();
    }
}

mod main_that_panics {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument]
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        super::serve(server.run(), &addresses).await?;
        panic!("on purpose")
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        std::panic::catch_unwind(main).unwrap_err();
    }
}

mod main_that_exits {
    use actix_web::{App, HttpServer};
    use otel_actix::auto_instrument;

    #[auto_instrument]
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        let server = HttpServer::new(|| App::new().service(super::index)).workers(1).bind("127.0.0.1:0")?;
        let addresses = server.addrs();
        super::serve(server.run(), &addresses).await?;
        otel_actix::exit(0)
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}
