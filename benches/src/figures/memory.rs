//! How much memory a process has.

/// The resident bytes of this process; `None` where the system has no `/proc`.
pub fn resident() -> Option<u64> {
    of("self", "VmRSS:")
}

/// The most resident bytes that this process has had; `None` where the system has no `/proc`.
pub fn peak() -> Option<u64> {
    of("self", "VmHWM:")
}

/// A figure of a process, by its id, in bytes.
pub(crate) fn of(process: &str, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
