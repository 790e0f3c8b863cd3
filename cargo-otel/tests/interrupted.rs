//! Builds that were interrupted: the next build starts from a clean state.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use fixture::{Project, behind, manifest, read_until, succeed, text};

/// A macro that holds up the compiler: it writes a file `started`, and waits for a file `go`.
const GATE: &str = "
use std::{env, fs, path::PathBuf, thread, time::Duration};

#[proc_macro]
pub fn wait(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    if let Some(folder) = env::var_os(\"GATE\").map(PathBuf::from) {
        fs::write(folder.join(\"started\"), \"\").unwrap();
        while !folder.join(\"go\").exists() {
            thread::sleep(Duration::from_millis(5));
        }
    }
    proc_macro::TokenStream::new()
}
";

/// An application with a woven crate that the compiler can be held up in.
fn project() -> Project {
    let package = |name: &str, version: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n\n{rest}\n")
    };
    let woven = "[dependencies]\ngate = { path = \"../gate\" }\ntracing-core = \"0.1\"";
    let files = [
        ("Cargo.toml", &*manifest("app", "tracing-subscriber = { path = \"tracing-subscriber\" }")),
        ("src/main.rs", "fn main() { println!(\"{}\", tracing_subscriber::ANSWER) }\n"),
        ("gate/Cargo.toml", &*package("gate", "0.1.0", "[lib]\nproc-macro = true")),
        ("gate/src/lib.rs", GATE),
        ("tracing-subscriber/Cargo.toml", &*package("tracing-subscriber", "0.3.99", woven)),
        ("tracing-subscriber/src/lib.rs", ""),
        ("tracing-subscriber/src/registry/mod.rs", "pub mod sharded;\n"),
        (
            "tracing-subscriber/src/registry/sharded.rs",
            "use tracing_core::Event;\npub struct Registry;\nimpl Registry {\n    pub fn event(&self, _: &Event<'_>) {}\n}\n",
        ),
    ];
    Project::new("interrupted", &files)
}

/// Waits until `condition` holds.
fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(120), "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The processes that `process` started, and theirs: ids and names.
fn descendants(process: u32) -> Vec<(u32, String)> {
    let status = |process: u32| fs::read_to_string(format!("/proc/{process}/status")).ok();
    let field = |status: &str, name: &str| {
        status.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned())).unwrap_or_default()
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let all: Vec<(u32, u32, String)> = processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id| status(id).map(|status| (id, status)))
        .map(|(id, status)| (id, field(&status, "PPid:").parse().unwrap_or(0), field(&status, "Name:")))
        .collect();
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut parents = vec![process];
    while let Some(parent) = parents.pop() {
        let children = all.iter().filter(|(_, of, _)| *of == parent);
        for (id, _, name) in children {
            parents.push(*id);
            found.push((*id, name.clone()));
        }
    }
    found
}

fn kill(signal: &str, process: &str) {
    assert!(Command::new("kill").args([signal, "--", process]).status().unwrap().success());
}

fn is_alive(process: u32) -> bool {
    // A process that has ended stays as a zombie until its parent asks for its status.
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// The command, without the disposition of SIGINT that the tests have: a shell ignores it in background jobs.
fn with_default_interrupt(command: &Command) -> Command {
    let mut env = Command::new("env");
    env.arg("--default-signal=INT");
    behind(env, command)
}

/// A build in a process group of its own, as a shell starts it.
struct Build(Child);

impl Build {
    fn start(command: &mut Command) -> Self {
        let mut command = with_default_interrupt(command);
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    fn group(&self) -> String {
        format!("-{}", self.0.id())
    }

    /// Waits for the end of the front end. Returns its messages if it succeeded, or else as an error.
    fn end(mut self) -> Result<String, String> {
        let mut messages = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
        if self.0.wait().unwrap().success() { Ok(messages) } else { Err(messages) }
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        // A failed test leaves processes that wait for the gate.
        let _ = Command::new("kill").args(["-KILL", "--", &self.group()]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// The folder of a gate.
struct Gate(PathBuf);

impl Gate {
    fn new(project: &Project, name: &str) -> Self {
        let folder = project.folder.join("target").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn wait(&self) {
        wait_for("the woven crate", || self.0.join("started").exists());
    }

    fn open(&self) {
        fs::write(self.0.join("go"), "").unwrap();
    }
}

/// Checks that the build has the crate with its edits, and no other.
fn assert_is_woven(project: &Project) {
    let libraries =
        fs::read_dir(project.folder.join("target/otel/debug/deps")).unwrap().map(|file| file.unwrap().path());
    let libraries: Vec<PathBuf> = libraries
        .filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("libtracing_subscriber-"))
        .filter(|file| file.extension().is_some_and(|extension| extension == "rlib"))
        .collect();
    assert_eq!(libraries.len(), 1, "{libraries:?}");
    let library = fs::read(&libraries[0]).unwrap();
    assert!(library.windows(10).any(|part| part == b"otel_hooks"), "{libraries:?} is not woven");
}

#[test]
fn a_build_goes_on_after_any_of_its_processes_was_killed() {
    let project = project();
    // The runtime may take longer than any wait.
    succeed(&mut project.otel(&["setup"]));
    for (answer, victim) in ["front end", "cargo", "wrapper", "rustc", "all", "Ctrl-C"].into_iter().enumerate() {
        let source = format!("gate::wait!();\npub mod registry;\npub const ANSWER: usize = {answer};\n");
        fs::write(project.folder.join("tracing-subscriber/src/lib.rs"), source).unwrap();
        let gate = Gate::new(&project, "first");
        let first = Build::start(project.otel(&["build"]).env("GATE", &gate.0));
        gate.wait();
        let processes = descendants(first.0.id());
        let process = |name: &str| processes.iter().find(|process| process.1 == name).unwrap().0.to_string();
        match victim {
            "front end" => kill("-KILL", &first.0.id().to_string()),
            "cargo" => kill("-KILL", &process("cargo")),
            "wrapper" => kill("-KILL", &process("cargo-otel")),
            "rustc" => kill("-KILL", &process("rustc")),
            "all" => kill("-KILL", &first.group()),
            _ => kill("-INT", &first.group()),
        }
        let second_gate = Gate::new(&project, "second");
        let mut second = project.otel(&["build"]);
        second.env("GATE", &second_gate.0);
        let second = if victim == "cargo" {
            // The next build begins while the compiler of the first one still runs.
            let second = Build::start(&mut second);
            second_gate.wait();
            gate.open();
            wait_for("the end of the first build", || processes.iter().all(|(id, _)| !is_alive(*id)));
            second_gate.open();
            second
        } else {
            gate.open();
            second_gate.open();
            Build::start(&mut second)
        };
        let messages = second.end().unwrap();
        assert!(!messages.contains("not instrumented"), "{victim}: {messages}");
        let messages = first.end().unwrap_err();
        assert!(!messages.contains("instrumentation"), "{victim}: {messages}");
        assert_is_woven(&project);
        assert_eq!(text(&succeed(&mut project.otel(&["run"])).stdout), format!("{answer}\n"), "{victim}");
    }
}

#[test]
#[ignore = "compiles parts of the runtime"]
fn a_runtime_is_complete_or_not_there() {
    let project = Project::with_log("runtime");
    let messages = text(&succeed(&mut project.otel(&["setup"])).stderr);
    let of_others = Path::new(messages.trim_end().rsplit_once(' ').unwrap().1);
    let name = of_others.file_name().unwrap().to_str().unwrap();
    let (target, _) = name.rsplit_once('-').unwrap();

    // A cache in which most crates of the runtime are compiled.
    let cache = project.folder.join("target/cache");
    let toolchain = cache.join(of_others.parent().unwrap().file_name().unwrap());
    fs::create_dir_all(&toolchain).unwrap();
    let sources = of_others.with_file_name(format!("{target}-build"));
    succeed(Command::new("cp").arg("-a").arg(sources).arg(&toolchain));
    let source = toolchain.join(format!("{target}-build/otel-core/src/lib.rs"));

    let runtime = toolchain.join(name);
    let mut interrupted = Vec::new();
    for victim in ["all", "Ctrl-C", "front end"] {
        File::options().append(true).open(&source).unwrap().set_modified(SystemTime::now()).unwrap();
        let mut build = Build::start(project.otel(&["build"]).env("CARGO_OTEL_CACHE", &cache));
        read_until(build.0.stderr.as_mut().unwrap(), |messages| messages.contains("Compiling otel-core"));
        match victim {
            // Cargo goes on without it, beside the next build.
            "front end" => kill("-KILL", &build.0.id().to_string()),
            "all" => kill("-KILL", &build.group()),
            _ => kill("-INT", &build.group()),
        }
        assert!(!build.0.wait().unwrap().success());
        assert!(!runtime.exists(), "{victim}");
        interrupted.push(build);
    }
    // Killed between two files of the runtime.
    for leftover in [runtime.with_extension("unfinished"), runtime.clone()] {
        fs::create_dir(&leftover).unwrap();
        fs::write(leftover.join("libotel_core-0.rlib"), "half").unwrap();
    }

    succeed(project.otel(&["setup"]).env("CARGO_OTEL_CACHE", &cache));
    let files = |folder: &Path| {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
        files.map(|file| file.file_name()).collect::<BTreeSet<OsString>>()
    };
    assert_eq!(files(&runtime), files(of_others));
    assert!(!runtime.with_extension("unfinished").exists());
    let output = succeed(project.otel(&["run"]).env("CARGO_OTEL_CACHE", &cache));
    assert_eq!(text(&output.stdout), "src/main.rs 3\n");
    assert!(!text(&output.stderr).contains("not instrumented"), "{}", text(&output.stderr));
}
