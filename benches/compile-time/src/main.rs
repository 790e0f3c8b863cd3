//! The cost of the attribute at compile time.
//!
//! Generates a crate with 300 handlers and 300 functions behind them, three times: without an attribute, with
//! `#[auto_instrument]`, and with `#[tracing::instrument]`. Builds each several times, dependencies excluded, and prints the
//! shortest times and their ratios.
//!
//! ```text
//! cargo run -p compile-time [-- <repetitions>]
//! ```

#![allow(clippy::print_stdout, reason = "prints its result")]

use std::{
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

const HANDLERS: usize = 300;
const REPETITIONS: usize = 3;

/// A way to write the crate. The others are compared with the first one.
struct Variant {
    name: &'static str,
    import: &'static str,
    attribute: &'static str,
}

const VARIANTS: [Variant; 3] = [
    Variant { name: "plain", import: "", attribute: "" },
    Variant { name: "auto_instrument", import: "use otel_actix::auto_instrument;", attribute: "#[auto_instrument]" },
    Variant { name: "tracing", import: "", attribute: "#[tracing::instrument(skip_all)]" },
];

/// The cargo commands, and the people for whom their time counts.
const COMMANDS: [(&str, &str); 2] = [("check", "while editing"), ("build", "before running")];

fn main() -> ExitCode {
    let repetitions = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(REPETITIONS);
    match run(repetitions) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(repetitions: usize) -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let folder = workspace.join("target/compile-time");
    for variant in &VARIANTS {
        generate(variant, &workspace, &folder.join(variant.name))?;
    }
    println!("{HANDLERS} handlers and {HANDLERS} functions, shortest of {repetitions}");
    for (command, purpose) in COMMANDS {
        println!("\ncargo {command} ({purpose})");
        let mut shortest = [Duration::MAX; VARIANTS.len()];
        // The first round builds the dependencies; later ones take turns, so that a busy moment hits all alike.
        for round in 0..=repetitions {
            for (variant, shortest) in VARIANTS.iter().zip(&mut shortest) {
                let time = compile(command, &folder, variant)?;
                if round > 0 {
                    *shortest = time.min(*shortest);
                }
            }
        }
        for (variant, time) in VARIANTS.iter().zip(shortest) {
            let ratio = time.as_secs_f64() / shortest[0].as_secs_f64();
            println!("  {:<16} {:>6.2} s   {ratio:>5.2} x plain", variant.name, time.as_secs_f64());
        }
        let [ours, tracing] = [1, 2].map(|variant| shortest[variant].as_secs_f64() - shortest[0].as_secs_f64());
        println!("  auto_instrument adds {ours:.2} s, tracing {tracing:.2} s: {:.0} %", 100.0 * ours / tracing);
    }
    Ok(())
}

fn generate(variant: &Variant, workspace: &Path, crate_folder: &Path) -> io::Result<()> {
    fs::create_dir_all(crate_folder.join("src"))?;
    fs::copy(workspace.join("Cargo.lock"), crate_folder.join("Cargo.lock"))?;
    fs::write(crate_folder.join("Cargo.toml"), manifest(variant, workspace))?;
    fs::write(source_file(crate_folder), source(variant))
}

fn manifest(variant: &Variant, workspace: &Path) -> String {
    let otel_actix = workspace.join("otel-actix").display().to_string();
    format!(
        r#"[package]
name = "{}"
edition = "2024"

[dependencies]
actix-web = {{ version = "4.14", default-features = false, features = ["macros"] }}
otel-actix = {{ path = {otel_actix:?}, default-features = false }}
tracing = {{ version = "0.1", default-features = false, features = ["attributes", "std"] }}

[workspace]
"#,
        variant.name
    )
}

fn source(variant: &Variant) -> String {
    let Variant { import, attribute, .. } = variant;
    let mut source = format!("use actix_web::{{App, HttpServer, Responder, get, web}};\n{import}\n");
    let mut services = String::new();
    for n in 0..HANDLERS {
        let _ = write!(
            source,
            r#"
{attribute}
#[get("/items/{n}/{{id}}")]
async fn handler_{n}(id: web::Path<u32>) -> actix_web::Result<impl Responder> {{
    let value = function_{n}(*id).await.map_err(actix_web::error::ErrorBadRequest)?;
    Ok(value.to_string())
}}

{attribute}
async fn function_{n}(id: u32) -> Result<u32, String> {{
    if id == {n} {{
        return Err(format!("no {{id}}"));
    }}
    Ok(id + {n})
}}
"#
        );
        let _ = writeln!(services, "    config.service(handler_{n});");
    }
    let _ = write!(
        source,
        r#"
fn routes(config: &mut web::ServiceConfig) {{
{services}}}

#[actix_web::main]
async fn main() -> std::io::Result<()> {{
    HttpServer::new(|| App::new().configure(routes)).bind(("127.0.0.1", 0))?.run().await
}}
"#
    );
    source
}

fn compile(command: &str, folder: &Path, variant: &Variant) -> Result<Duration, Box<dyn Error>> {
    let crate_folder = folder.join(variant.name);
    // A new time stamp makes cargo compile it again.
    fs::write(source_file(&crate_folder), source(variant))?;
    let start = Instant::now();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([command, "--quiet", "--offline"])
        .current_dir(&crate_folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .stdin(Stdio::null())
        .output()?;
    let time = start.elapsed();
    if !output.status.success() {
        return Err(format!(
            "cargo {command} of {} failed:\n{}",
            variant.name,
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(time)
}

fn source_file(crate_folder: &Path) -> PathBuf {
    crate_folder.join("src/main.rs")
}
