//! How many there can be, asked before they are made.

use std::fs;

use super::units::Unit;

/// What half of this machine's limits leaves room for; the limit by name.
///
/// Half, because other programs want threads and processes, too. Tasks and
/// futures have no limit but memory.
pub fn room(unit: Unit) -> Option<(u64, &'static str)> {
    let processes = [
        ("kernel.threads-max", read("/proc/sys/kernel/threads-max")),
        ("kernel.pid_max", read("/proc/sys/kernel/pid_max")),
        ("the processes of a user", limit("Max processes")),
    ];
    // A thread's stack is a mapping, the page that guards it another one.
    let maps = read("/proc/sys/vm/max_map_count").map(|maps| maps / 2);
    let threads = ("vm.max_map_count, two for each thread", maps);
    let limits: Vec<_> = match unit {
        Unit::Task | Unit::Future => return None,
        Unit::Process => processes.to_vec(),
        Unit::Thread => processes.into_iter().chain([threads]).collect(),
    };
    let known = limits
        .into_iter()
        .filter_map(|(name, limit)| Some((limit? / 2, name)));
    known.min()
}

fn read(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// Returns a soft limit of this process; `unlimited` is none.
fn limit(name: &str) -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with(name))?;
    line[name.len()..].split_whitespace().next()?.parse().ok()
}
