//! A call: one command, or several that are sent together.

use std::borrow::Cow;

use redis_1::Pipeline;

use super::command::{Command, PackedCommands};

/// The most arguments of a command that its text shows.
const MOST_ARGUMENTS: usize = 16;

/// The most commands of a pipeline that its text shows.
const MOST_COMMANDS: usize = 32;

/// The commands that change the database of a connection.
const CHANGE_DATABASE: [&str; 2] = ["SELECT", "RESET"];

/// One command, or several that are sent together, as the library has them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Commands<'a> {
    One(Command<'a>),
    Pipeline(&'a Pipeline),
    /// A pipeline in the form in which it is sent.
    Packed(&'a [u8]),
}

impl<'a> Commands<'a> {
    pub(super) fn call(self) -> Call<'a> {
        match self {
            Self::One(command) => Call::one(command),
            Self::Pipeline(pipeline) => Call::many(pipeline.is_transaction(), pipeline.cmd_iter().map(Command::of)),
            Self::Packed(bytes) => Call::packed(bytes),
        }
    }

    /// Returns `true` if the connection may use another database afterwards.
    pub(super) fn change_database(self) -> bool {
        match self {
            Self::One(command) => changes_database(&command),
            Self::Pipeline(pipeline) => pipeline.cmd_iter().any(|command| changes_database(&Command::of(command))),
            Self::Packed(bytes) => PackedCommands::new(bytes).any(|command| changes_database(&command)),
        }
    }
}

/// One command, or several that are sent together, as the conventions describe them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// `db.operation.name`
    pub(super) operation: Cow<'a, str>,
    /// `db.query.text`, with `?` in place of each argument: keys may be as secret as values.
    pub(super) text: String,
    /// The number of commands.
    pub(super) size: u32,
    /// `true` if the connection may use another database afterwards.
    pub(super) changes_database: bool,
}

impl<'a> Call<'a> {
    /// A single command.
    pub(super) fn one(command: Command<'a>) -> Self {
        let mut text = String::with_capacity(32);
        write_command(&mut text, &command);
        let changes_database = changes_database(&command);
        Self { operation: Cow::Borrowed(command.name()), text, size: 1, changes_database }
    }

    /// Commands that are sent together, in a transaction or not. The name of the operation includes the command if all of
    /// them are the same.
    pub(super) fn many(is_transaction: bool, commands: impl Iterator<Item = Command<'a>>) -> Self {
        let kind = if is_transaction { "MULTI" } else { "PIPELINE" };
        let mut call = Self { operation: Cow::Borrowed(kind), text: String::new(), size: 0, changes_database: false };
        let (mut first, mut is_uniform, mut shown) = (None, true, 0);
        for command in commands {
            let name = *first.get_or_insert_with(|| command.name());
            is_uniform &= command.name() == name;
            call.changes_database |= changes_database(&command);
            call.size = call.size.saturating_add(1);
            if shown < MOST_COMMANDS {
                call.text.push_str(if shown == 0 { "" } else { "; " });
                write_command(&mut call.text, &command);
                shown += 1;
            } else if shown == MOST_COMMANDS {
                call.text.push_str("; ...");
                shown += 1;
            }
        }
        if let Some(name) = first.filter(|_| is_uniform) {
            call.operation = Cow::Owned([kind, " ", name].concat());
        }
        call
    }

    /// The call in the form in which it is sent.
    pub(super) fn packed(bytes: &'a [u8]) -> Self {
        let mut commands = PackedCommands::new(bytes);
        let is_transaction = commands.clone().next().is_some_and(|command| command.is("MULTI"));
        if is_transaction {
            commands.next();
        }
        Self::many(is_transaction, commands.filter(|command| !(is_transaction && command.is("EXEC"))))
    }
}

fn write_command(text: &mut String, command: &Command<'_>) {
    text.push_str(command.name());
    for _ in 0..command.arguments.min(MOST_ARGUMENTS) {
        text.push_str(" ?");
    }
    if command.arguments > MOST_ARGUMENTS {
        text.push_str(" ...");
    }
}

fn changes_database(command: &Command<'_>) -> bool {
    CHANGE_DATABASE.iter().any(|name| command.is(name))
}

#[cfg(test)]
mod tests {
    use redis_1::{Cmd, Pipeline, pipe};

    use super::*;

    fn read(pipeline: &Pipeline) -> (String, String, u32) {
        let (packed, commands) = (pipeline.get_packed_pipeline(), Commands::Pipeline(pipeline));
        let call = commands.call();
        // The same whether it is read before or after it is packed.
        assert_eq!(call, Commands::Packed(&packed).call());
        assert_eq!(commands.change_database(), call.changes_database);
        (call.operation.into_owned(), call.text, call.size)
    }

    #[test]
    fn the_operation_of_a_pipeline_names_the_command_of_all() {
        let expected = |operation: &str, text: &str, size| (operation.to_owned(), text.to_owned(), size);
        assert_eq!(read(&pipe()), expected("PIPELINE", "", 0));
        assert_eq!(read(pipe().get("a").get("b")), expected("PIPELINE GET", "GET ?; GET ?", 2));
        assert_eq!(read(pipe().get("a").del("b")), expected("PIPELINE", "GET ?; DEL ?", 2));
        assert_eq!(read(pipe().atomic().get("a")), expected("MULTI GET", "GET ?", 1));
        assert_eq!(read(pipe().atomic().set("a", 1).del("b")), expected("MULTI", "SET ? ?; DEL ?", 2));
    }

    #[test]
    fn a_text_is_short_and_has_no_arguments() {
        let mut command = redis_1::cmd("MGET");
        let keys: Vec<String> = (0..1000).map(|key| format!("secret-{key}")).collect();
        command.arg(keys);
        let call = Call::one(Command::of(&command));
        assert_eq!(call.text, format!("MGET{} ...", " ?".repeat(16)));
        let mut pipeline = pipe();
        for _ in 0..1000 {
            pipeline.add_command(command.clone());
        }
        let (operation, text, size) = read(&pipeline);
        assert_eq!((operation.as_str(), size), ("PIPELINE MGET", 1000));
        assert!(text.len() < 2048 && text.ends_with("; ..."), "{text}");
    }

    #[test]
    fn a_command_that_selects_a_database_is_noticed() {
        let select = |name| redis_1::cmd(name).arg(3).to_owned();
        let call = |command: &Cmd| {
            let commands = Commands::One(Command::of(command));
            assert_eq!(commands.change_database(), commands.call().changes_database);
            commands.change_database()
        };
        assert!(call(&select("select")) && call(&redis_1::cmd("RESET")) && !call(&redis_1::cmd("GET")));
        let mut pipeline = pipe();
        pipeline.get("a").add_command(select("SELECT"));
        let packed = pipeline.get_packed_pipeline();
        for commands in [Commands::Pipeline(&pipeline), Commands::Packed(&packed)] {
            assert!(commands.call().changes_database && commands.change_database());
        }
    }
}
