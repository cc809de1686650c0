//! Servers as processes of their own, and the record that a bench prints.

#![allow(dead_code, reason = "each bench uses its part")]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// The five ways: section, and what the chart calls it.
pub const WAYS: [(&str, &str); 5] = [
    ("threads", "a thread for each client"),
    ("ready", "readiness loop"),
    ("protocol", "callbacks"),
    ("tokio", "tokio, a task for each client"),
    ("tasks", "tasks on a loop of our own"),
];

pub struct Server {
    process: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts a section; its limits let in whoever comes.
    pub fn start(section: &str) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ch05-servers"))
            .args([section, "--port", "0", "--quiet"])
            .args(["--max-conns", "20000", "--idle-timeout", "86400"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo has built it");
        let stdout = process.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim_end().strip_prefix("listening on ");
        let address = address.expect("an address").parse().expect("one");
        Server { process, address }
    }

    /// Returns how many bytes of it are in memory, where that can be read.
    pub fn resident(&self) -> Option<f64> {
        resident(self.process.id())
    }
}

/// Returns how many bytes of a process are in memory, where that can be read.
pub fn resident(process: u32) -> Option<f64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(path).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended, which the measurement will have noticed.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// One bar of the chart: what was measured in each round.
pub struct Row {
    /// The row's address: one word, no dots.
    pub key: String,
    pub label: String,
    pub values: Vec<f64>,
    /// Compared with what the record's `ratio_to` says.
    pub ratio: Option<f64>,
}

pub fn print(
    what: &str,
    bench: &str,
    unit: &str,
    ratio_to: Option<&str>,
    rows: &[Row],
) {
    let lines = rows.iter().map(|row| {
        let low = row.values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = row.values.iter().copied().fold(0.0, f64::max);
        let ratio = row
            .ratio
            .map_or(String::new(), |ratio| format!(", \"ratio\": {ratio:.3}"));
        format!(
            "    {{ \"key\": \"{}\", \"label\": \"{}\", \"median\": {:.2}, \
             \"spread\": [{low:.2}, {high:.2}]{ratio} }}",
            row.key,
            row.label,
            median(&row.values)
        )
    });
    let lines: Vec<String> = lines.collect();
    println!("{{\n  \"what\": \"{what}\",");
    println!("  \"command\": \"cargo bench -p ch05-servers --bench {bench}\",");
    println!("  \"unit\": \"{unit}\",");
    if let Some(ratio_to) = ratio_to {
        println!("  \"ratio_to\": \"{ratio_to}\",");
    }
    println!("  \"rows\": [\n{}\n  ]\n}}", lines.join(",\n"));
}

pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    // The middle one, or halfway between the two.
    (values[(n - 1) / 2] + values[n / 2]) / 2.0
}
