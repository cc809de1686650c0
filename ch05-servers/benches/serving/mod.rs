//! Servers as processes of their own.

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
    /// Starts a section; its limits admit every client.
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
