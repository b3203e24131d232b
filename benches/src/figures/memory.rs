//! Reads how much memory a process has.

/// Returns the resident bytes of this process; `None` if the system has no `/proc`.
pub fn resident() -> Option<u64> {
    of("self", "VmRSS:")
}

/// Returns the peak resident bytes of this process; `None` if the system has no `/proc`.
pub fn peak() -> Option<u64> {
    of("self", "VmHWM:")
}

/// Returns a memory figure of a process in bytes, by the id of the process.
pub(crate) fn of(process: &str, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
