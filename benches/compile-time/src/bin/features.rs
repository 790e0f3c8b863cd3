//! The cost of each cargo feature in the build of an application.
//!
//! Generates an actix-web application with one route, and adds `otel-actix` with one set of features after the other; for
//! comparison, the same telemetry is also set up by hand. Each application is built into an empty folder, and counted:
//! crates, seconds of processor time, megabytes of the program. Prints the table of `docs/features.md`. That takes a
//! while; `crates` as an argument counts crates only.
//!
//! ```text
//! cargo run -p compile-time --bin features [-- crates]
//! ```

#![allow(clippy::print_stdout, reason = "prints its result")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

/// The telemetry of an application.
#[derive(Clone, Copy)]
enum Telemetry {
    Without,
    /// The SDK, exporters of three signals, and a middleware, started in `main`.
    ByHand,
    /// `#[auto_instrument]`, with these features.
    Attribute(&'static [&'static str]),
}

use Telemetry::{Attribute, ByHand, Without};

/// The rows of the table.
const ROWS: [(&str, Telemetry); 10] = [
    ("without telemetry", Without),
    ("by hand: SDK, OTLP over HTTP, `opentelemetry-instrumentation-actix-web`", ByHand),
    ("no feature", Attribute(&[])),
    ("`config-file`", Attribute(&["config-file"])),
    ("`otlp-http`", Attribute(&["otlp-http"])),
    ("**the default features**", Attribute(&["config-file", "otlp-http"])),
    ("default and `otlp-grpc`", Attribute(&["config-file", "otlp-http", "otlp-grpc"])),
    ("default and `tls-ring`", Attribute(&["config-file", "otlp-http", "tls-ring"])),
    ("default and `tls-aws-lc`", Attribute(&["config-file", "otlp-http", "tls-aws-lc"])),
    ("default and `viewer`", Attribute(&["config-file", "otlp-http", "viewer"])),
];

const HELLO: &str = include_str!("../../applications/hello.rs");

const HELLO_BY_HAND: &str = include_str!("../../applications/by_hand.rs");

/// The dependencies of [`HELLO_BY_HAND`]. Their versions are those of this workspace's lock file, if it has them.
const DEPENDENCIES_BY_HAND: &str = r#"opentelemetry = "0.33"
opentelemetry_sdk = "0.33"
opentelemetry-otlp = "0.33"
opentelemetry-appender-tracing = "0.33"
opentelemetry-instrumentation-actix-web = { version = "0.25", features = ["metrics"] }
tracing-subscriber = "0.3"
"#;

fn main() -> ExitCode {
    match run(env::args().nth(1).as_deref() == Some("crates")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(only_crates: bool) -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let folder = workspace.join("target/features");
    println!("| features | crates | seconds | MB |\n|---|---|---|---|");
    for (name, telemetry) in ROWS {
        generate(&workspace, &folder, telemetry)?;
        let crates = crates(&folder)?;
        let (seconds, megabytes) = if only_crates {
            (String::new(), String::new())
        } else {
            let (seconds, bytes) = build(&folder)?;
            (format!("{seconds:.0}"), (bytes / 1_000_000).to_string())
        };
        println!("| {name} | {crates} | {seconds} | {megabytes} |");
    }
    Ok(())
}

fn generate(workspace: &Path, folder: &Path, telemetry: Telemetry) -> io::Result<()> {
    let (dependencies, program) = match telemetry {
        Without => (String::new(), HELLO.to_owned()),
        ByHand => (DEPENDENCIES_BY_HAND.to_owned(), HELLO_BY_HAND.to_owned()),
        Attribute(features) => {
            let path = workspace.join("otel-actix").display().to_string();
            let dependency = format!("{{ path = {path:?}, default-features = false, features = {features:?} }}");
            let program = HELLO.replace("//ATTRIBUTE", "#[otel_actix::auto_instrument]");
            (format!("otel-actix = {dependency}\n"), program)
        }
    };
    // Cargo builds dependencies by `path` incrementally, in many more parts than those of a registry, unless the profile says otherwise.
    let manifest = format!(
        "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nactix-web = \"4\"\n{dependencies}\n\
         [profile.dev.package.\"*\"]\nincremental = false\n\n[workspace]\n"
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), program)?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder).stderr(Stdio::null()).env_remove("CARGO_INCREMENTAL");
    command
}

fn crates(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let arguments = ["tree", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"];
    let output = cargo(folder, &arguments).output()?;
    if !output.status.success() {
        return Err("cargo tree failed".into());
    }
    let lines = String::from_utf8(output.stdout)?;
    let crates: BTreeSet<Vec<&str>> = lines.lines().map(|line| line.split(' ').take(2).collect()).collect();
    Ok(crates.len())
}

/// Builds from nothing. Returns seconds of processor time, and the bytes of the program.
fn build(folder: &Path) -> Result<(f64, u64), Box<dyn Error>> {
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let before = processor_time()?;
    if !cargo(folder, &["build"]).status()?.success() {
        return Err("cargo build failed".into());
    }
    let program = target.join("debug").join(format!("hello{}", env::consts::EXE_SUFFIX));
    Ok((processor_time()? - before, fs::metadata(program)?.len()))
}

/// Seconds that children of this process have used so far (`proc_pid_stat(5)`: `cutime` and `cstime`).
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process status")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    // A tick is a hundredth of a second on every architecture of Linux.
    Ok(f64::from(ticks) / 100.0)
}
