//! Programs that are already built, such as those of `cargo otel`: the instructions of the whole process per request,
//! exporting included.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use request_cost::measure::{Result, callgrind, per};
use request_cost::wire::{SINK, Steady, send_steadily};
use rustix::process::{Pid, Signal, kill_process};

use crate::format::grouped;
use crate::peer::{Peer, exporting_to};

/// Requests of the two runs. Their difference leaves out the start, the first requests and the end.
const FEW: usize = 500;
const MANY: usize = 2_500;

/// Measures servers that print their address, `127.0.0.1:PORT`, and listen on the one in `SERVER_ADDRESS`: those of
/// `examples/`.
pub(super) fn run(programs: impl Iterator<Item = String>) -> Result<()> {
    let (mut sink, collector) = Peer::start([SINK], &[])?;
    for program in programs {
        let few = instructions(&program, collector, FEW)?;
        sink.ask()?;
        let many = instructions(&program, collector, MANY)?;
        let spans: u64 = sink.ask()?.trim().parse()?;
        let instructions = per(many.saturating_sub(few), MANY - FEW);
        println!("{} instructions, {:.3} spans per request: {program}", grouped(instructions), per(spans, MANY));
    }
    Ok(())
}

/// All instructions of a process that serves `requests`.
fn instructions(program: &str, collector: u16, requests: usize) -> Result<u64> {
    let name = Path::new(program).file_name().unwrap_or_default().display();
    let folder = callgrind::Folder::new(&format!("{name}-{requests}"))?;
    let profile = folder.path().join("out");
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--tool=callgrind", "--fair-sched=yes"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .env("SERVER_ADDRESS", "127.0.0.1:0")
        .env("OTEL_LOGS_EXPORTER", "none")
        .envs(exporting_to(collector))
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut server = Server(command.spawn()?);
    let output = BufReader::new(server.0.stdout.take().ok_or("a process without output")?);
    let mut lines = output.lines();
    let port = loop {
        let line = lines.next().ok_or("the program ended before it listened")??;
        if let Some((_, port)) = line.split_once("127.0.0.1:") {
            break port.trim().parse()?;
        }
    };
    send_steadily(port, Steady { connections: 1, warm_up: 0, volleys: requests })?;
    kill_process(Pid::from_child(&server.0), Signal::TERM)?;
    let status = server.0.wait()?;
    if !status.success() {
        return Err(format!("{program}: {status}").into());
    }
    callgrind::total(&profile)
}

/// A process that does not outlive a failed measurement.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
