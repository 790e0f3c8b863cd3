fn work() {}
::core::compile_error! {
    "unknown argument `nmae`\n\nhelp: expected one of `name`, `kind`, `fields`, `args`, `ret`, `err`, `root`, `links`, `handler`, `skip`, `carry`, `service_name`, `init`, `app`, `server` and `crate`"
}
::core::compile_error! {
    "unknown span kind \"internl\"\n\nhelp: expected one of \"internal\", \"client\", \"producer\", \"consumer\" and \"server\""
}
::core::compile_error! {
    "duplicate argument `root`\n\nhelp: give it once"
}
::core::compile_error! {
    "`init` has no meaning on a function with a span of its own\n\nhelp: a function with a span of its own takes `name`, `kind`, `fields`, `args`, `ret`, `err`, `root`, `links`, `skip`, `carry` and `crate`"
}
