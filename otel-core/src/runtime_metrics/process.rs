//! Metrics of this process
//! ([conventions](https://opentelemetry.io/docs/specs/semconv/system/process-metrics/)), from
//! [`/proc/self`](https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).

use std::fs;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

/// Fields of `/proc/self/stat` after the program's name, which may contain blanks. The first is the state.
const USER: usize = 11;
const SYSTEM: usize = 12;
const THREADS: usize = 17;
const START: usize = 19;
const VIRTUAL: usize = 20;
const RESIDENT: usize = 21;

/// Counters of the kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Usage {
    /// Time in user mode, in seconds.
    user: f64,
    /// Time in kernel mode, in seconds.
    system: f64,
    threads: i64,
    /// Seconds from the start of the machine to that of the process.
    start: f64,
    /// In bytes.
    virtual_memory: i64,
    /// In bytes.
    resident_memory: i64,
}

impl Usage {
    /// Reads the counters. `None` if the kernel does not show them.
    fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let (ticks, page) = (rustix::param::clock_ticks_per_second(), rustix::param::page_size());
        Self::parse(&stat, u32::try_from(ticks).ok()?, i64::try_from(page).ok()?)
    }

    fn parse(stat: &str, ticks: u32, page: i64) -> Option<Self> {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let seconds = |at: usize| Some(fields.get(at)?.parse::<f64>().ok()? / f64::from(ticks));
        let number = |at: usize| fields.get(at)?.parse::<i64>().ok();
        Some(Self {
            user: seconds(USER)?,
            system: seconds(SYSTEM)?,
            threads: number(THREADS)?,
            start: seconds(START)?,
            virtual_memory: number(VIRTUAL)?,
            resident_memory: number(RESIDENT)?.saturating_mul(page),
        })
    }
}

/// Seconds since the process started.
fn uptime() -> Option<f64> {
    let machine = fs::read_to_string("/proc/uptime").ok()?;
    let machine: f64 = machine.split_whitespace().next()?.parse().ok()?;
    Some(machine - Usage::now()?.start)
}

/// The number of open files, sockets and pipes.
fn open_files() -> Option<i64> {
    // The folder itself is open while it is read.
    i64::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok().map(|count| count - 1)
}

pub(super) fn observe(meter: &Meter) {
    let (user, system) = ([KeyValue::new("cpu.mode", "user")], [KeyValue::new("cpu.mode", "system")]);
    let _ = meter
        .f64_observable_counter("process.cpu.time")
        .with_unit("s")
        .with_description("Total CPU seconds broken down by different CPU modes.")
        .with_callback(move |observer| {
            if let Some(usage) = Usage::now() {
                observer.observe(usage.user, &user);
                observer.observe(usage.system, &system);
            }
        })
        .build();
    let _ = meter
        .f64_observable_gauge("process.uptime")
        .with_unit("s")
        .with_description("The time the process has been running.")
        .with_callback(|observer| uptime().into_iter().for_each(|uptime| observer.observe(uptime, &[])))
        .build();
    count(meter, "process.memory.usage", "By", "The amount of physical memory in use.", move || {
        Usage::now().map(|usage| usage.resident_memory)
    });
    count(meter, "process.memory.virtual", "By", "The amount of committed virtual memory.", move || {
        Usage::now().map(|usage| usage.virtual_memory)
    });
    count(meter, "process.thread.count", "{thread}", "Process threads count.", move || {
        Usage::now().map(|usage| usage.threads)
    });
    count(
        meter,
        "process.unix.file_descriptor.count",
        "{file_descriptor}",
        "Number of unix file descriptors in use by the process.",
        open_files,
    );
}

/// Exports a number that can rise and fall.
fn count(
    meter: &Meter,
    name: &'static str,
    unit: &'static str,
    description: &'static str,
    read: impl Fn() -> Option<i64> + Send + Sync + 'static,
) {
    let _ = meter
        .i64_observable_up_down_counter(name)
        .with_unit(unit)
        .with_description(description)
        .with_callback(move |observer| read().into_iter().for_each(|number| observer.observe(number, &[])))
        .build();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_program_may_look_like_fields() {
        let stat = "7 (a) b (c 1) S 1 7 7 0 -1 4194560 90 0 0 0 250 50 0 0 20 0 4 0 1000 8192 3 18446744073709551615";
        let usage = Usage::parse(stat, 100, 4096);
        let expected =
            Usage { user: 2.5, system: 0.5, threads: 4, start: 10.0, virtual_memory: 8192, resident_memory: 12288 };
        assert_eq!(usage, Some(expected));
        assert_eq!(Usage::parse("7 (a) S 1", 100, 4096), None);
    }

    #[test]
    fn this_process_has_what_every_process_has() {
        let usage = Usage::now();
        assert!(usage.is_some_and(|usage| usage.threads >= 1 && usage.resident_memory > 100_000), "{usage:?}");
        assert!(uptime().is_some_and(|uptime| (0.0..86_400.0).contains(&uptime)), "{:?}", uptime());
        let before = open_files();
        let file = fs::File::open("/proc/self/stat");
        assert!(file.is_ok() && before.is_some_and(|before| before > 0));
    }
}
