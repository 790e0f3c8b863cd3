//! Attributes of the host, the process and the container
//! ([specification](https://opentelemetry.io/docs/specs/semconv/resource/)).

use std::env::{self, consts};
use std::fs;
use std::process;

use opentelemetry::KeyValue;

use crate::config::ResourceDetectorName;

/// The attributes that a detector finds.
pub(super) fn attributes(detector: ResourceDetectorName) -> Vec<KeyValue> {
    match detector {
        ResourceDetectorName::Host => self::host(),
        ResourceDetectorName::Process => self::process(),
        ResourceDetectorName::Container => self::container().into_iter().collect(),
    }
}

fn host() -> Vec<KeyValue> {
    let arch = match consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        other => other,
    };
    let os = match consts::OS {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        other => other,
    };
    let mut attributes = vec![KeyValue::new("host.arch", arch), KeyValue::new("os.type", os)];
    attributes.extend(host_name().map(|name| KeyValue::new("host.name", name)));
    attributes.extend(machine_id().map(|id| KeyValue::new("host.id", id)));
    attributes
}

#[cfg(unix)]
fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(not(unix))]
fn host_name() -> Option<String> {
    env::var("COMPUTERNAME").ok()
}

/// The id of a Linux host ([specification](https://opentelemetry.io/docs/specs/semconv/resource/host/#non-privileged-machine-id-lookup)).
fn machine_id() -> Option<String> {
    let ids =
        ["/etc/machine-id", "/var/lib/dbus/machine-id"].into_iter().filter_map(|file| fs::read_to_string(file).ok());
    ids.map(|id| id.trim().to_owned()).find(|id| !id.is_empty())
}

fn process() -> Vec<KeyValue> {
    let mut attributes = vec![KeyValue::new("process.pid", i64::from(process::id()))];
    if let Ok(executable) = env::current_exe() {
        let name = executable.file_name().map(|name| name.to_string_lossy().into_owned());
        attributes.extend(name.map(|name| KeyValue::new("process.executable.name", name)));
        attributes.push(KeyValue::new("process.executable.path", executable.to_string_lossy().into_owned()));
    }
    let command = env::args_os().next().map(|command| command.to_string_lossy().into_owned());
    attributes.extend(command.map(|command| KeyValue::new("process.command", command)));
    attributes
}

fn container() -> Option<KeyValue> {
    let read = |file| fs::read_to_string(file).unwrap_or_default();
    container_id(&read("/proc/self/cgroup"), &read("/proc/self/mountinfo")).map(|id| KeyValue::new("container.id", id))
}

/// The id in the last part of a control group of version 1 (`/docker/<id>`, `/system.slice/docker-<id>.scope`), or in
/// the path of a file that the container engine mounts (`/var/lib/docker/containers/<id>/hostname`).
fn container_id(cgroup: &str, mounts: &str) -> Option<String> {
    let groups = cgroup.lines().filter_map(|line| {
        let group = line.rsplit('/').next()?;
        let name = group.rsplit_once('-').map_or(group, |(_, name)| name);
        name.split('.').next()
    });
    let mounted = mounts.lines().filter(|line| line.contains("/hostname")).filter_map(|line| {
        let (_, path) = line.rsplit_once("containers/")?;
        path.split('/').next()
    });
    let is_id = |name: &&str| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.chain(mounted).find(is_id).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(attributes: &[KeyValue], key: &str) -> String {
        attributes.iter().find(|kv| kv.key.as_str() == key).map(|kv| kv.value.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_host_has_a_name_and_a_type() {
        let host = attributes(ResourceDetectorName::Host);
        for key in ["host.name", "host.arch", "os.type"] {
            assert_ne!(value(&host, key), "", "{key}: {host:?}");
        }
    }

    #[test]
    fn the_process_is_this_one_without_its_arguments() {
        let process = attributes(ResourceDetectorName::Process);
        assert_eq!(value(&process, "process.pid"), process::id().to_string());
        let path = value(&process, "process.executable.path");
        assert!(path.ends_with(&value(&process, "process.executable.name")), "{process:?}");
        assert_eq!(env::args().next(), Some(value(&process, "process.command")));
        assert!(!process.iter().any(|kv| kv.key.as_str() == "process.command_args"), "{process:?}");
    }

    #[test]
    fn the_container_is_named_by_its_control_group_or_its_mounts() {
        let id = "4f8a0e1b".repeat(8);
        for cgroup in [
            format!("13:name=systemd:/podruntime/docker/kubepods/{id}"),
            format!("0::/\n1:cpu:/system.slice/docker-{id}.scope"),
            format!("2:cpu:/kubepods/pod1/crio-{id}.scope\n1:cpu:/"),
        ] {
            assert_eq!(container_id(&cgroup, ""), Some(id.clone()), "{cgroup}");
        }
        for mounts in [
            format!("5 4 8:1 /docker/containers/{id}/hostname /etc/hostname rw - ext4 /dev/sda1 rw"),
            format!("1 2 0:1 / / rw\n5 4 8:1 /containers/overlay-containers/{id}/userdata/hostname /etc/hostname rw"),
        ] {
            assert_eq!(container_id("0::/", &mounts), Some(id.clone()), "{mounts}");
        }
        // The sandbox of a pod is no container.
        let sandbox = format!("5 4 8:1 /var/lib/containerd/sandboxes/{id}/hostname /etc/hostname rw");
        for (cgroup, mounts) in [("", ""), ("0::/user.slice/session-4.scope", "1 2 0:1 / / rw"), ("0::/", &sandbox)] {
            assert_eq!(container_id(cgroup, mounts), None, "{cgroup} {mounts}");
        }
    }
}
