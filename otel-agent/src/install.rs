//! Gives the runtime's functions to `otel-hooks`, before `main`: an application may ask for a tracer before its first
//! server exists.

use otel_core::{carry, formatted, http};
use otel_hooks::RuntimeFunctions;

use crate::{clients, logs, start};

/// The loader calls this before `main`. Linkers keep it in every program that a crate above this one is part of.
#[expect(unsafe_code, reason = "the standard library has no hook that runs before `main`")]
// SAFETY: these sections hold pointers to functions of this type, <https://refspecs.linuxbase.org/elf/gabi4+/ch5.dynamic.html#init_fini>.
// The function sets a static, and needs nothing that the standard library prepares before `main`.
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
#[cfg_attr(not(any(target_vendor = "apple", windows)), unsafe(link_section = ".init_array"))]
#[used]
static BEFORE_MAIN: extern "C" fn() = install;

extern "C" fn install() {
    otel_hooks::install(RuntimeFunctions {
        start: start::start,
        record_event: logs::record_event,
        record_log: logs::record_log,
        context_to_carry: carry::current_to_carry,
        context_if_suppressed: carry::current_if_suppressed,
        attach_to_drop: carry::attach_to_drop,
        is_enabled: clients::is_enabled,
        start_http_call: clients::start_http_call,
        start_database_call: clients::start_database_call,
        time_out: clients::time_out,
        error_type_of: http::error_type_of,
        io_error_type: http::io_error_type,
        displayed: |value| formatted::displayed(value),
    });
}
