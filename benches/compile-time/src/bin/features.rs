//! The cost of each cargo feature in the build of an application.
//!
//! Generates an actix-web application with one route, and adds `otel-actix` with one set of features after the other; for
//! comparison, the same telemetry is also set up by hand. For each it counts the crates, the seconds of processor time
//! that telemetry adds to a build whose other dependencies are built, and the megabytes of the program. The features of
//! clients are counted in an application that has the libraries already. Prints the tables of `docs/features.md`. That
//! takes a while; `crates` as an argument counts crates only.
//!
//! ```text
//! cargo run -p compile-time --bin features [-- crates]
//! ```

#![allow(clippy::print_stdout, reason = "prints its result")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use compile_time::processor_time;

/// The telemetry of an application.
#[derive(Clone, Copy)]
enum Telemetry<'a> {
    Without,
    /// The SDK, exporters of three signals, and a middleware, started in `main`.
    ByHand,
    /// `#[auto_instrument]`, with these features.
    Attribute(&'a [&'a str]),
}

use Telemetry::{Attribute, ByHand, Without};

const DEFAULT: &[&str] = &["config-file", "otlp-http"];

/// The rows of the table.
const ROWS: [(&str, Telemetry<'static>); 12] = [
    ("by hand: SDK, OTLP over HTTP, `opentelemetry-instrumentation-actix-web`", ByHand),
    ("no feature", Attribute(&[])),
    ("`config-file`", Attribute(&["config-file"])),
    ("`otlp-http`", Attribute(&["otlp-http"])),
    ("**the default features**", Attribute(DEFAULT)),
    ("default and `otlp-grpc`", Attribute(&["config-file", "otlp-http", "otlp-grpc"])),
    ("default and `tls-ring`", Attribute(&["config-file", "otlp-http", "tls-ring"])),
    ("default and `tls-aws-lc`", Attribute(&["config-file", "otlp-http", "tls-aws-lc"])),
    ("default and `viewer`", Attribute(&["config-file", "otlp-http", "viewer"])),
    ("default and `prometheus`", Attribute(&["config-file", "otlp-http", "prometheus"])),
    ("default and `runtime-metrics`", Attribute(&["config-file", "otlp-http", "runtime-metrics"])),
    ("default and `testing`", Attribute(&["config-file", "otlp-http", "testing"])),
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

/// The libraries whose calls `otel-clients` observes.
const LIBRARIES: &str = r#"awc = { version = "3", default-features = false }
diesel = { version = "2", default-features = false }
hyper-util = { version = "0.1", features = ["client-legacy", "http1"] }
redis = { version = "1", features = ["tokio-comp"] }
reqwest-0_12 = { package = "reqwest", version = "0.12", default-features = false }
reqwest-0_13 = { package = "reqwest", version = "0.13", default-features = false }
reqwest-middleware = "0.5"
sqlx-core-0_8 = { package = "sqlx-core", version = "0.8", default-features = false }
sqlx-core-0_9 = { package = "sqlx-core", version = "0.9", default-features = false }
tower-layer = "0.3"
"#;

/// The features for them.
const CLIENTS: [&str; 9] = [
    "awc",
    "diesel-2",
    "redis-1",
    "reqwest-0_12",
    "reqwest-0_13",
    "reqwest-middleware-0_5",
    "sqlx-0_8",
    "sqlx-0_9",
    "tower",
];

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
    let application = Application { folder: workspace.join("target/features"), workspace, only_crates };

    println!("| telemetry | crates | seconds more | MB |\n|---|---|---|---|");
    application.generate(Without, "")?;
    application.build_without()?;
    println!("| without telemetry | {} | | {} |", application.crates()?, application.program_size()?);
    for (name, telemetry) in ROWS {
        application.generate(telemetry, "")?;
        let seconds = application.build()?;
        println!("| {name} | {} | {seconds} | {} |", application.crates()?, application.program_size()?);
    }

    println!("\n| client library | crates more | seconds more |\n|---|---|---|");
    application.generate(Attribute(DEFAULT), LIBRARIES)?;
    application.build_without()?;
    let without = application.crates()?;
    for feature in CLIENTS {
        application.generate(Attribute(&["config-file", "otlp-http", feature]), LIBRARIES)?;
        let seconds = application.build()?;
        println!("| `{feature}` | {} | {seconds} |", application.crates()? - without);
    }
    Ok(())
}

/// The generated application.
struct Application {
    workspace: PathBuf,
    folder: PathBuf,
    /// `true` if nothing is built: all results of builds are empty texts.
    only_crates: bool,
}

impl Application {
    fn generate(&self, telemetry: Telemetry<'_>, libraries: &str) -> io::Result<()> {
        let (dependencies, program) = match telemetry {
            Without => (String::new(), HELLO.to_owned()),
            ByHand => (DEPENDENCIES_BY_HAND.to_owned(), HELLO_BY_HAND.to_owned()),
            Attribute(features) => {
                let path = self.workspace.join("otel-actix").display().to_string();
                let dependency = format!("{{ path = {path:?}, default-features = false, features = {features:?} }}");
                let program = HELLO.replace("//ATTRIBUTE", "#[otel_actix::auto_instrument]");
                (format!("otel-actix = {dependency}\n"), program)
            }
        };
        // Cargo builds dependencies by `path` incrementally, in many more parts than those of a registry, unless the
        // profile says otherwise.
        let manifest = format!(
            "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nactix-web = \"4\"\n{dependencies}{libraries}\n\
             [profile.dev.package.\"*\"]\nincremental = false\n\n[workspace]\n"
        );
        fs::create_dir_all(self.folder.join("src"))?;
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        fs::write(self.folder.join("src/main.rs"), program)?;
        fs::copy(self.workspace.join("Cargo.lock"), self.folder.join("Cargo.lock"))?;
        Ok(())
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(&self.folder).stderr(Stdio::null()).env_remove("CARGO_INCREMENTAL");
        command
    }

    fn crates(&self) -> Result<usize, Box<dyn Error>> {
        let output = self.cargo(&["tree", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"]).output()?;
        if !output.status.success() {
            return Err("cargo tree failed".into());
        }
        let lines = String::from_utf8(output.stdout)?;
        let crates: BTreeSet<Vec<&str>> = lines.lines().map(|line| line.split(' ').take(2).collect()).collect();
        Ok(crates.len())
    }

    /// Megabytes.
    fn program_size(&self) -> Result<String, Box<dyn Error>> {
        if self.only_crates {
            return Ok(String::new());
        }
        let program = self.folder.join("target/debug").join(format!("hello{}", env::consts::EXE_SUFFIX));
        Ok((fs::metadata(program)?.len() / 1_000_000).to_string())
    }

    /// Builds from nothing, and keeps the result for [`build`](Self::build).
    fn build_without(&self) -> Result<(), Box<dyn Error>> {
        if self.only_crates {
            return Ok(());
        }
        self.remove("target")?;
        self.remove("without")?;
        self.compile()?;
        fs::rename(self.folder.join("target"), self.folder.join("without"))?;
        self.copy_without()
    }

    /// Builds on top of the last [`build_without`](Self::build_without). Returns the seconds of processor time.
    fn build(&self) -> Result<String, Box<dyn Error>> {
        if self.only_crates {
            return Ok(String::new());
        }
        self.remove("target")?;
        self.copy_without()?;
        let before = processor_time()?;
        self.compile()?;
        Ok(format!("{:.0}", processor_time()? - before))
    }

    fn compile(&self) -> Result<(), Box<dyn Error>> {
        let output = self.cargo(&["build"]).stderr(Stdio::piped()).output()?;
        let reason = || String::from_utf8_lossy(&output.stderr).into_owned();
        output.status.success().then_some(()).ok_or_else(|| reason().into())
    }

    /// Cargo compares the times of files, which a copy has to keep.
    fn copy_without(&self) -> Result<(), Box<dyn Error>> {
        let is_copied =
            Command::new("cp").args(["-a", "without", "target"]).current_dir(&self.folder).status()?.success();
        if is_copied { Ok(()) } else { Err("cp failed".into()) }
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let folder = self.folder.join(name);
        if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
    }
}
