//! The measurement that the programs of this package share.

use std::error::Error;
use std::fs;

/// Seconds that children of this process have used so far (`proc_pid_stat(5)`: `cutime` and `cstime`).
///
/// # Errors
///
/// On systems without `/proc`.
pub fn processor_time() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process status")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    // A tick is a hundredth of a second on every architecture of Linux.
    Ok(f64::from(ticks) / 100.0)
}
