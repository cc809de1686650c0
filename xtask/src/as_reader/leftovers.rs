//! Processes that a program has left behind in its session.

use rustix::process::{Pid, Signal, kill_process};

/// A process that runs.
pub struct Process {
    id: Pid,
    command: String,
}

impl Process {
    /// Says which process it is, for a person.
    pub fn name(&self) -> String {
        format!("{} ({})", self.command, self.id.as_raw_nonzero())
    }

    /// Ends it; it may have ended meanwhile.
    pub fn kill(&self) {
        kill_process(self.id, Signal::KILL).ok();
    }
}

/// Returns the processes of the session that `leader` leads, without it.
///
/// A session holds whatever its members start, in groups of their own or not;
/// only `setsid` leaves it.
#[cfg(target_os = "linux")]
pub fn in_session(leader: u32, _job: Option<Pid>) -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let member = |entry: std::fs::DirEntry| {
        let id: i32 = entry.file_name().to_str()?.parse().ok()?;
        // PID (NAME) STATE PPID PGRP SESSION; a name may have brackets.
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let runs = !matches!(*fields.first()?, "Z" | "X");
        let session: u32 = fields.get(3)?.parse().ok()?;
        if session != leader || u32::try_from(id).ok()? == leader || !runs {
            return None;
        }
        let words = std::fs::read(entry.path().join("cmdline")).ok()?;
        let words = String::from_utf8_lossy(&words).replace('\0', " ");
        let name = words.trim_end().rsplit('/').next().unwrap_or_default();
        Some(Process {
            id: Pid::from_raw(id)?,
            command: name.chars().take(80).collect(),
        })
    };
    entries.flatten().filter_map(member).collect()
}

/// Returns the group of the shell's job, if one of it runs: only Linux tells
/// the members of a session.
#[cfg(not(target_os = "linux"))]
pub fn in_session(_leader: u32, job: Option<Pid>) -> Vec<Process> {
    let runs = |id: &Pid| rustix::process::test_kill_process_group(*id).is_ok();
    let process = |id| Process {
        id,
        command: "a process of its group".to_string(),
    };
    job.filter(runs).map(process).into_iter().collect()
}
