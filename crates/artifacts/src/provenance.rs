//! When and where something was recorded.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::thread::available_parallelism;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Returns today's date in UTC, as `2026-11-22`.
pub fn today() -> String {
    Timestamp::now().to_zoned(TimeZone::UTC).date().to_string()
}

/// Returns what this machine is called in a record.
pub fn machine() -> String {
    // Linux alone has this file; elsewhere the architecture must do.
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then_some(value.trim())
    });
    let cores = available_parallelism().map_or(1, usize::from);
    format!(
        "{} ({ARCH}), {cores} cores, {OS}",
        model.unwrap_or("processor")
    )
}
