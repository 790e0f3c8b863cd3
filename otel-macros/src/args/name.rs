//! The names of the arguments.

macro_rules! names {
    ($($variant:ident = $text:literal,)+) => {
        /// The name of an argument.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Name { $($variant,)+ }

        impl Name {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),+];

            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

names! {
    Called = "name",
    Kind = "kind",
    Fields = "fields",
    Args = "args",
    Ret = "ret",
    Err = "err",
    Root = "root",
    Links = "links",
    Handler = "handler",
    Skip = "skip",
    Carry = "carry",
    Service = "service_name",
    Init = "init",
    App = "app",
    Server = "server",
    Crate = "crate",
}

impl Name {
    pub(crate) fn from_str(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.as_str() == text)
    }

    /// An example of its use, for help lines.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Called => "name = \"charge card\"",
            Self::Kind => "kind = \"client\"",
            Self::Fields => "fields(order.id = id)",
            Self::Args => "args(id)",
            Self::Ret => "ret",
            Self::Err => "err = \"type\"",
            Self::Root => "root",
            Self::Links => "links = span_context",
            Self::Handler => "handler",
            Self::Skip => "skip",
            Self::Carry => "carry = false",
            Self::Service => "service_name = \"shop\"",
            Self::Init => "init = false",
            Self::App => "app = false",
            Self::Server => "server = Alias",
            Self::Crate => "crate = my_crate::otel_actix",
        }
    }
}

/// "`a`, `b` and `c`"
pub(crate) fn list(names: impl IntoIterator<Item = Name>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_str())).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
