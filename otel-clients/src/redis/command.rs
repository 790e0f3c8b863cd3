//! Commands, as a library has them and as they are sent.

use redis_1::{Arg, Cmd};

/// The longest name that is recorded, in bytes: those of commands are short.
const LONGEST_NAME: usize = 64;

/// The parts of a command that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Command<'a> {
    name: &'a [u8],
    /// The number of arguments behind the name.
    pub(super) arguments: usize,
}

impl<'a> Command<'a> {
    pub(super) fn of(command: &'a Cmd) -> Self {
        let mut arguments = command.args_iter();
        let name = match arguments.next() {
            Some(Arg::Simple(name)) => name,
            _ => &[],
        };
        Self { name, arguments: arguments.len() }
    }

    /// The name as the application wrote it; `_OTHER` for a text that is no name, which may contain arguments.
    pub(super) fn name(&self) -> &'a str {
        let is_name = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let name = std::str::from_utf8(self.name).ok().filter(is_name);
        name.filter(|name| (1..=LONGEST_NAME).contains(&name.len())).unwrap_or("_OTHER")
    }

    /// Returns `true` if the command has this name, which Redis reads in any case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// Reads commands in the form in which they are sent: as arrays of strings with their lengths
/// ([protocol](https://redis.io/docs/latest/develop/reference/protocol-spec/)).
#[derive(Clone, Debug)]
pub(super) struct PackedCommands<'a> {
    rest: &'a [u8],
}

impl<'a> PackedCommands<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The number in the line that starts with `marker`, which stands before an array or a string.
    fn length(&mut self, marker: u8) -> Option<usize> {
        let end = self.rest.iter().position(|&byte| byte == b'\r')?;
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.strip_prefix(b"\r\n")?;
        std::str::from_utf8(line.strip_prefix(&[marker])?).ok()?.parse().ok()
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.length(b'$')?;
        let (string, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest.strip_prefix(b"\r\n")?;
        Some(string)
    }
}

impl<'a> Iterator for PackedCommands<'a> {
    type Item = Command<'a>;

    fn next(&mut self) -> Option<Command<'a>> {
        let arguments = self.length(b'*')?.checked_sub(1)?;
        let name = self.string()?;
        for _ in 0..arguments {
            self.string()?;
        }
        Some(Command { name, arguments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> Vec<(&str, usize)> {
        PackedCommands::new(bytes).map(|command| (command.name(), command.arguments)).collect()
    }

    #[test]
    fn packed_commands_are_those_of_the_pipeline() {
        let mut pipeline = redis_1::pipe();
        pipeline.atomic().cmd("SET").arg("key").arg(b"*1\r\n$3\r\nGET\r\n").cmd("PING");
        let packed = pipeline.get_packed_pipeline();
        assert_eq!(names(&packed), [("MULTI", 0), ("SET", 2), ("PING", 0), ("EXEC", 0)]);
        let read: Vec<_> = pipeline.cmd_iter().map(Command::of).collect();
        assert_eq!(read, PackedCommands::new(&packed).skip(1).take(2).collect::<Vec<_>>());
        // A pipeline that breaks off anywhere is read up to there.
        for end in 0..packed.len() {
            assert!(names(&packed[..end]).len() < 4, "{end}");
        }
        assert_eq!(names(b"*9999999999\r\n$9999999999\r\nGET\r\n"), []);
    }

    #[test]
    fn a_name_is_one_short_word() {
        for (name, expected) in [
            (b"get".as_slice(), "get"),
            (b"JSON.SET", "JSON.SET"),
            (b"SET user:42 secret", "_OTHER"),
            (b"user:42", "_OTHER"),
            (b"", "_OTHER"),
            (b"\xff", "_OTHER"),
            (b"GET\r\n", "_OTHER"),
            (&[b'x'; 65], "_OTHER"),
        ] {
            assert_eq!(Command { name, arguments: 0 }.name(), expected);
        }
    }
}
