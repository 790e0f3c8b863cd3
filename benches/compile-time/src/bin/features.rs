//! The cost of each cargo feature in the build of an application.
//!
//! Generates an actix-web application with one route, and adds `otel-actix` with one set of features after the other. Each
//! is built into an empty folder, and counted: crates, seconds of processor time, megabytes. Prints the table of
//! `docs/features.md`. That takes a while; `crates` as an argument counts crates only.
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

/// The sets of features, with their names in the table.
const ROWS: [(&str, Option<&[&str]>); 9] = [
    ("without otel-actix", None),
    ("no feature", Some(&[])),
    ("`config-file`", Some(&["config-file"])),
    ("`otlp-http`", Some(&["otlp-http"])),
    ("**the default features**", Some(&["config-file", "otlp-http"])),
    ("default and `otlp-grpc`", Some(&["config-file", "otlp-http", "otlp-grpc"])),
    ("default and `tls-ring`", Some(&["config-file", "otlp-http", "tls-ring"])),
    ("default and `tls-aws-lc`", Some(&["config-file", "otlp-http", "tls-aws-lc"])),
    ("default and `viewer`", Some(&["config-file", "otlp-http", "viewer"])),
];

const PROGRAM: &str = r#"use actix_web::{App, HttpServer, get};

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

//ATTRIBUTE
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new().service(hello)).bind(("127.0.0.1", 8080))?.run().await
}
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
    for (name, features) in ROWS {
        generate(&workspace, &folder, features)?;
        let crates = crates(&folder)?;
        let (seconds, megabytes) = if only_crates {
            (String::new(), String::new())
        } else {
            let (seconds, bytes) = build(&folder)?;
            (format!("{seconds:.0}"), (bytes >> 20).to_string())
        };
        println!("| {name} | {crates} | {seconds} | {megabytes} |");
    }
    Ok(())
}

fn generate(workspace: &Path, folder: &Path, features: Option<&[&str]>) -> io::Result<()> {
    let dependency = features.map_or_else(String::new, |features| {
        let path = workspace.join("otel-actix").display().to_string();
        format!("otel-actix = {{ path = {path:?}, default-features = false, features = {features:?} }}\n")
    });
    let manifest = format!(
        "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nactix-web = \"4\"\n\
         {dependency}\n[workspace]\n"
    );
    let attribute = if features.is_some() { "#[otel_actix::auto_instrument]" } else { "" };
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), PROGRAM.replace("//ATTRIBUTE", attribute))?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder).stderr(Stdio::null());
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

/// Builds from nothing. Returns seconds of processor time, and the bytes of the target folder.
fn build(folder: &Path) -> Result<(f64, u64), Box<dyn Error>> {
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let before = processor_time()?;
    if !cargo(folder, &["build"]).status()?.success() {
        return Err("cargo build failed".into());
    }
    Ok((processor_time()? - before, size(&target)?))
}

/// Seconds that children of this process have used so far (`proc_pid_stat(5)`: `cutime` and `cstime`).
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process status")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    // A tick is a hundredth of a second on every architecture of Linux.
    Ok(f64::from(ticks) / 100.0)
}

fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_dir() { folders.push(entry.path()) } else { bytes += metadata.len() }
        }
    }
    Ok(bytes)
}
