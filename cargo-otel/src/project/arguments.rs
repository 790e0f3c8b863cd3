//! The arguments behind `cargo otel`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// Options of cargo and of `cargo run` whose value is the next argument. Other subcommands take free arguments anywhere, so
/// their options need not be known.
const WITH_VALUE: [&str; 15] = [
    "--artifact-dir",
    "--bin",
    "--color",
    "--config",
    "--example",
    "--explain",
    "--features",
    "--jobs",
    "--lockfile-path",
    "--manifest-path",
    "--message-format",
    "--package",
    "--profile",
    "--target",
    "--target-dir",
];

/// The short forms of such options.
const WITH_VALUE_SHORT: [char; 5] = ['C', 'F', 'Z', 'j', 'p'];

/// The short flags. Several may be joined, and stand before an option with a value: `-rp shop`. Behind any other letter there is
/// the value of an option of another program, such as `nextest`'s `-Epackage(shop)`.
const FLAGS_SHORT: [char; 7] = ['V', 'f', 'h', 'q', 'r', 's', 'v'];

/// The arguments: a few are ours, all others go to cargo.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    /// `--strict`
    pub(crate) is_strict: bool,
    /// The values of `--functions`
    pub(crate) functions: Vec<String>,
    /// `--viewer`
    pub(crate) has_viewer: bool,
    /// The options in front of the subcommand.
    of_cargo: Vec<OsString>,
    command: Option<OsString>,
    /// The position of the subcommand in the whole line.
    command_at: usize,
    /// The options of the subcommand, and its free arguments.
    of_command: Vec<OsString>,
    /// The arguments of the program: `--` and everything behind it, or for `run` everything from the first free argument.
    of_program: Vec<OsString>,
}

impl Arguments {
    /// Takes our own options out. The arguments of the program are not ours.
    pub(crate) fn parse(arguments: &[OsString]) -> Self {
        let mut parsed = Self::default();
        let mut rest = arguments.iter().peekable();
        while let Some(argument) = rest.peek().copied() {
            let text = argument.to_str().unwrap_or_default();
            let is_free = !is_option(argument);
            if text == "--" || is_free && parsed.is_run() {
                break;
            }
            rest.next();
            match (text, text.strip_prefix("--functions=")) {
                ("--functions", _) => {
                    let patterns = rest.next_if(|value| !is_option(value)).and_then(|patterns| patterns.to_str());
                    parsed.functions.push(patterns.unwrap_or_default().to_owned());
                }
                (_, Some(patterns)) => parsed.functions.push(patterns.to_owned()),
                ("--strict", _) => parsed.is_strict = true,
                ("--viewer", _) => parsed.has_viewer = true,
                _ if is_free && parsed.command.is_none() => {
                    parsed.command = Some(argument.clone());
                    parsed.command_at = arguments.len() - rest.len() - 1;
                }
                _ => {
                    let is_of_command = parsed.command.is_some();
                    let options = if is_of_command { &mut parsed.of_command } else { &mut parsed.of_cargo };
                    options.push(argument.clone());
                    options.extend(rest.next_if(|value| takes_value(text) && !is_option(value)).cloned());
                }
            }
        }
        parsed.of_program = rest.cloned().collect();
        parsed
    }

    /// The subcommand.
    pub(crate) fn command(&self) -> Option<&str> {
        self.command.as_deref()?.to_str()
    }

    /// The position of the subcommand in the line of arguments.
    pub(crate) fn command_at(&self) -> usize {
        self.command_at
    }

    /// Returns `true` for `cargo run`.
    pub(crate) fn is_run(&self) -> bool {
        matches!(self.command(), Some("run" | "r"))
    }

    /// The arguments for cargo.
    pub(crate) fn for_cargo(&self) -> impl Iterator<Item = &OsString> {
        self.of_cargo.iter().chain(&self.command).chain(&self.of_command).chain(&self.of_program)
    }

    /// The options of cargo and of the subcommand, and the free arguments among them.
    pub(super) fn options(&self) -> impl Iterator<Item = &OsStr> {
        self.of_cargo.iter().chain(&self.of_command).map(OsString::as_os_str)
    }

    /// The free arguments of a subcommand that has these options with a value, besides those of all subcommands.
    pub(crate) fn free(&self, with_value: &[&str]) -> Vec<&str> {
        let mut free = Vec::new();
        let mut rest = self.of_command.iter().filter_map(|argument| argument.to_str());
        while let Some(argument) = rest.next() {
            if takes_value(argument) || with_value.contains(&argument) {
                rest.next();
            } else if !argument.starts_with('-') {
                free.push(argument);
            }
        }
        free.extend(
            self.of_program.iter().filter_map(|argument| argument.to_str()).filter(|argument| *argument != "--"),
        );
        free
    }

    /// Returns `true` if `-C` names another folder, which cargo reads in front of the subcommand alone.
    pub(crate) fn is_elsewhere(&self) -> bool {
        let is_folder = |option: &str| short_with_value(option).is_some_and(|rest| rest.starts_with('C'));
        self.of_cargo.iter().filter_map(|option| option.to_str()).any(is_folder)
    }

    /// Returns `true` if a flag is among the options, in its long or its short form. Short ones may be joined: `-qr`.
    pub(crate) fn has(&self, long: &str, short: Option<char>) -> bool {
        let is_short = |option: &str| {
            let letters = option.strip_prefix('-').filter(|letters| !letters.starts_with('-')).unwrap_or_default();
            // The rest of `-pquiet` is a value.
            letters.chars().take_while(|letter| FLAGS_SHORT.contains(letter)).any(|letter| Some(letter) == short)
        };
        self.options().any(|option| option == long || option.to_str().is_some_and(is_short))
    }

    /// The values of an option, written `--name value` or `--name=value`.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let mut values = Vec::new();
        let mut options = self.options();
        while let Some(option) = options.next() {
            let Some(option) = option.to_str() else { continue };
            if option == name {
                values.extend(options.next().and_then(OsStr::to_str).map(str::to_owned));
            } else if let Some(value) = option.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                values.push(value.to_owned());
            }
        }
        values
    }

    /// The folder of an option, absolute.
    pub(crate) fn folder(&self, name: &str) -> Result<Option<PathBuf>> {
        let folder = self.values(name).pop();
        folder.map(|folder| std::path::absolute(&folder).with_context(|| format!("{name} {folder}"))).transpose()
    }

    /// These arguments without an option and its value.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.of_cargo = without(&self.of_cargo, name);
        self.of_command = without(&self.of_command, name);
        self
    }

    /// The `cargo build` of what a `cargo run` starts: without the arguments of the program.
    pub(crate) fn into_build(mut self) -> Self {
        self.command = Some("build".into());
        self.of_program = Vec::new();
        self
    }

    /// These arguments with a flag more.
    pub(crate) fn with_flag(mut self, flag: &str) -> Self {
        self.of_command.insert(0, flag.into());
        self
    }

    /// These arguments with a setting more, which is stronger than all others.
    pub(crate) fn with_config(mut self, setting: &str) -> Self {
        self.of_command.extend(["--config".into(), setting.into()]);
        self
    }
}

fn is_option(argument: &OsString) -> bool {
    argument.to_str().is_some_and(|text| text.starts_with('-'))
}

/// Returns `true` if the value of this option is the next argument. A value may also be a part of the argument itself, as
/// in `--bin=shop` and `-j4`.
fn takes_value(option: &str) -> bool {
    if option.starts_with("--") {
        return WITH_VALUE.contains(&option);
    }
    short_with_value(option).is_some_and(|letter_and_value| letter_and_value.len() == 1)
}

/// The letter of a short option with a value and the value, if that is joined: `pshop` of `-rpshop`.
pub(super) fn short_with_value(option: &str) -> Option<&str> {
    let letters = option.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
    Some(letters.trim_start_matches(FLAGS_SHORT)).filter(|rest| rest.starts_with(WITH_VALUE_SHORT))
}

fn without(options: &[OsString], name: &str) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let value = option.to_str().and_then(|text| text.strip_prefix(name));
        match value {
            Some("") => drop(options.next()),
            Some(value) if value.starts_with('=') => {}
            _ => kept.push(option.clone()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Arguments {
        Arguments::parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    fn line(arguments: &Arguments) -> String {
        arguments.for_cargo().map(|argument| argument.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn our_options_are_taken_out_and_the_rest_is_cargos() {
        let arguments = parse("run --strict --bin shop -- --strict --target x");
        assert!(arguments.is_strict);
        assert_eq!(line(&arguments), "run --bin shop -- --strict --target x");
        assert_eq!(arguments.command(), Some("run"));
        assert!(arguments.values("--target").is_empty());
        assert!(!parse("run -- --strict").is_strict);
        let arguments = parse("run --functions a::b --functions=c::* --bin shop -- --functions x");
        assert_eq!(arguments.functions, ["a::b", "c::*"]);
        assert_eq!(line(&arguments), "run --bin shop -- --functions x");
        assert_eq!(parse("--version").command(), None);
    }

    #[test]
    fn the_value_of_an_option_is_no_command() {
        for line in
            ["--color always build", "--config k=v -v build -j 2", "-Z unstable-options build", "--config=k build"]
        {
            assert_eq!(parse(line).command(), Some("build"), "{line}");
            assert_eq!(super::tests::line(&parse(line)), line);
        }
        assert_eq!(parse("--color always").command(), None);
    }

    #[test]
    fn a_free_argument_of_run_and_all_behind_it_belong_to_the_program() {
        let arguments = parse("run -rp shop --bin serve serve --help --strict --viewer --target x --target-dir=y -q");
        assert!(!arguments.has("--help", Some('h')) && !arguments.has("--quiet", Some('q')));
        assert!(!arguments.is_strict && !arguments.has_viewer);
        assert!(arguments.values("--target").is_empty());
        let same = "run -rp shop --bin serve serve --help --strict --viewer --target x --target-dir=y -q";
        assert_eq!(line(&arguments.without("--target-dir")), same);
        // `cargo test` takes options behind the filter of its tests.
        let arguments = parse("test name --strict --target x --target-dir y -- --target z");
        assert!(arguments.is_strict);
        assert_eq!(arguments.values("--target"), ["x"]);
        assert_eq!(line(&arguments.without("--target-dir")), "test name --target x -- --target z");
    }

    #[test]
    fn a_build_has_the_options_of_its_run() {
        let build = |text| line(&parse(text).into_build());
        assert_eq!(build("run --bin shop -r -- --port 1"), "build --bin shop -r");
        assert_eq!(build("r -p a --features x,y serve --port 1"), "build -p a --features x,y");
        assert_eq!(build("--color always run -j 2 -rp shop run --color never"), "--color always build -j 2 -rp shop");
    }

    #[test]
    fn a_flag_is_one_of_the_command() {
        let test = parse("--color never test run -- -q").with_flag("--no-run");
        assert_eq!(line(&test), "--color never test --no-run run -- -q");
    }

    #[test]
    fn the_value_of_an_option_is_no_free_argument() {
        let arguments = parse("install -qF a shop --features sqlite3 --tag card -j 2 cart@1.2 --locked -- order");
        assert_eq!(arguments.free(&["--tag"]), ["shop", "cart@1.2", "order"]);
    }

    #[test]
    fn another_folder_stands_in_front_of_the_subcommand() {
        assert!(parse("-C dir build").is_elsewhere() && parse("-vCdir build").is_elsewhere());
        assert!(!parse("--config C=1 build").is_elsewhere() && !parse("rustc -- -C debuginfo=1").is_elsewhere());
    }

    #[test]
    fn options_have_several_spellings() {
        let arguments = parse("build --target a --target=b --target-dir=t -vq -ph");
        assert_eq!(arguments.values("--target"), ["a", "b"]);
        assert_eq!(arguments.values("--target-dir"), ["t"]);
        assert!(arguments.has("--quiet", Some('q')) && arguments.has("--verbose", Some('v')));
        assert!(!arguments.has("--release", Some('r')) && !arguments.has("--help", Some('h')));
        assert!(!parse("nextest run -Equiet").has("--quiet", Some('q')));
        assert_eq!(line(&arguments.without("--target-dir")), "build --target a --target=b -vq -ph");
        assert_eq!(line(&parse("build --target-dir t -q").without("--target-dir")), "build -q");
    }
}
