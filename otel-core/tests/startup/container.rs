//! `container.id`, as a process inside a container sees it.
//!
//! A container engine mounts a file of its own over `/etc/hostname`, and the path of that file contains the container's id.
//! The test does the same with the kernel's means (`unshare(1)`, `mount(8)`), so it needs no container engine.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::process::{Outcome, command};

/// Runs `$0 "$@"` with the file `$HOSTNAME_FILE` in the place of `/etc/hostname`.
const IN_CONTAINER: &str = r#"mount --bind "$HOSTNAME_FILE" /etc/hostname && exec "$0" "$@""#;

#[test]
fn a_process_in_a_container_has_its_id() {
    if !may_mount() {
        eprintln!("skipped: this user may not create a mount namespace (`unshare --user --map-root-user --mount`)");
        return;
    }
    let id = "4f8a0e1b".repeat(8);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("containers").join(&id);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("hostname");
    fs::write(&file, "a-container\n").unwrap();

    let detectors = [("OTEL_TRACES_EXPORTER", "console"), ("OTEL_RUST_RESOURCE_DETECTORS", "container")];
    let child = command("three_spans", &detectors);
    let mut inside = unshare();
    inside.args(["sh", "-c", IN_CONTAINER]).arg(child.get_program()).args(child.get_args());
    inside.env_clear().envs(detectors).env("HOSTNAME_FILE", &file).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    match container_id(command("three_spans", &detectors)) {
        None => assert_eq!(container_id(inside), Some(id)),
        Some(outer) => {
            assert_ne!(outer, id);
            eprintln!("skipped: the tests themselves run in the container {outer}");
        }
    }
}

fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]).stdin(Stdio::null());
    command
}

fn may_mount() -> bool {
    unshare().arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The attribute of the resource that the child prints with its spans.
fn container_id(mut child: Command) -> Option<String> {
    let outcome = Outcome::of(&mut child);
    let spans = outcome.spans();
    assert_eq!((spans.len(), outcome.success), (3, true), "{outcome:?}");
    spans[0]["resource"]["attributes"]["container.id"].as_str().map(str::to_owned)
}
