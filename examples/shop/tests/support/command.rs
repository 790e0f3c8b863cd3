//! Commands of database servers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Longer than any start takes on a loaded machine.
pub(super) const START_LIMIT: Duration = Duration::from_secs(30);

/// A command that runs as this user if the test is run by root, as whom database servers refuse to run.
pub(super) fn as_user(user: &str, program: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let is_root = output(Command::new("id").arg("-u")) == "0";
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        let ids = [format!("--reuid={user}"), format!("--regid={user}"), "--init-groups".to_owned()];
        command.args(ids).arg(program.as_ref());
        command
    } else {
        Command::new(program.as_ref())
    };
    command.args(arguments).current_dir("/");
    command
}

/// The folder of a server's data. It ends with this value.
#[derive(Debug)]
pub(super) struct DataFolder(pub(super) PathBuf);

impl DataFolder {
    /// A folder that belongs to this user.
    pub(super) fn of_user(user: &str) -> Self {
        Self(PathBuf::from(output(&mut as_user(user, "mktemp", &["-d"]))))
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a command prints.
pub(super) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
