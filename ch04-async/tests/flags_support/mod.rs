//! What the downloader's tests have in common: a way to run it that cannot
//! hang, and servers that misbehave.

// Each test program uses another part of this.
#![allow(dead_code)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

pub const MODES: [&str; 3] = ["sequential", "threads", "async"];

/// The downloader, saving to `dest`, without the proxies of this machine.
pub fn flags(dest: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch04-async"));
    command.arg("flags").arg("--dest").arg(dest);
    without_proxies(&mut command);
    command
}

pub fn without_proxies(command: &mut Command) {
    for name in ["http_proxy", "all_proxy", "no_proxy", "request_method"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
}

pub struct Ran {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The most memory it had, in KiB, as far as that was seen.
    pub peak_rss: u64,
}

/// Runs a command to its end, which must come within `limit`.
pub fn run_within(limit: Duration, command: &mut Command) -> Ran {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = read_all(child.stdout.take().unwrap());
    let stderr = read_all(child.stderr.take().unwrap());
    let (status, peak_rss) = wait_within(limit, &mut child);
    let [stdout, stderr] = [stdout, stderr].map(|text| text.join().unwrap());
    Ran {
        status,
        stdout,
        stderr,
        peak_rss,
    }
}

/// Waits for a child; kills it and fails if it takes longer than `limit`.
///
/// Returns its status as a shell reports it: 128 and the number of the signal if
/// that ended it.
pub fn wait_within(limit: Duration, child: &mut Child) -> (Option<i32>, u64) {
    let start = Instant::now();
    let mut peak_rss = 0;
    loop {
        peak_rss = peak_rss.max(rss(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            #[cfg(unix)]
            let signal = std::os::unix::process::ExitStatusExt::signal(&status);
            #[cfg(not(unix))]
            let signal: Option<i32> = None;
            let status = status.code().or(signal.map(|signal| 128 + signal));
            return (status, peak_rss);
        }
        if start.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("still running after {limit:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a child a signal, such as `-TERM`.
#[cfg(unix)]
pub fn kill(signal: &str, child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("kill").args([signal, &id]).status();
    assert!(status.unwrap().success());
}

/// Runs a command that has no reason to take long.
pub fn run(command: &mut Command) -> Ran {
    run_within(Duration::from_secs(30), command)
}

fn read_all(
    mut stream: impl Read + Send + 'static,
) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    })
}

fn rss(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status"));
    status
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or(0)
}

impl Ran {
    /// Downloaded, not found, errors: the last three lines.
    pub fn counters(&self) -> (usize, usize, usize) {
        let mut lines = self.stdout.lines().rev();
        let mut next = |end: [&str; 2]| -> usize {
            let line = lines.next().unwrap_or_default();
            assert!(end.iter().any(|e| line.ends_with(e)), "{}", self.stdout);
            line.split(' ').next().unwrap().parse().unwrap()
        };
        let errors = next([" errors", " error"]);
        let not_found = next([" not found"; 2]);
        (
            next([" flags downloaded", " flag downloaded"]),
            not_found,
            errors,
        )
    }
}

/// Names of everything in a folder, hidden files too, sorted.
pub fn files(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A server whose every connection is one request, answered by a closure with
/// any bytes. It is given the path, and which request for that
/// path this is, from 1.
pub struct Fake {
    pub address: SocketAddr,
    pub requests: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Fake {
    pub fn new(
        answer: impl Fn(&mut TcpStream, &str, usize) + Send + Sync + 'static,
    ) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&requests), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || {
                    let Some(path) = read_request(&stream) else {
                        return;
                    };
                    let nth = {
                        let mut log = log.lock().unwrap();
                        log.push((path.clone(), Instant::now()));
                        log.iter().filter(|(other, _)| *other == path).count()
                    };
                    answer(&mut stream, &path, nth);
                });
            }
        });
        Fake { address, requests }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// When the requests came, in order.
    pub fn times(&self) -> Vec<Instant> {
        self.requests
            .lock()
            .unwrap()
            .iter()
            .map(|(_, at)| *at)
            .collect()
    }
}

/// Reads a request to the empty line, returns its target.
fn read_request(stream: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    for line in lines {
        if line.ok()?.is_empty() {
            break;
        }
    }
    Some(first.split(' ').nth(1)?.to_string())
}

/// Sends a whole answer. The client may be gone: that is its affair.
pub fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).ok();
}

/// Keeps a connection open until the client closes it.
pub fn hold(stream: &mut TcpStream) {
    stream.read_to_end(&mut Vec::new()).ok();
}

pub const GIF: &[u8] = b"GIF89a not really, but it ends well;";

/// The code that a path is about, in capitals.
pub fn code(path: &str) -> String {
    path.rsplit('/').nth(1).unwrap_or_default().to_uppercase()
}

/// Waits until a flag is being written.
pub fn wait_for_part(dest: &Path) {
    let start = Instant::now();
    while parts(dest) == 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "no flag begins");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Counts the files that are being written.
fn parts(dest: &Path) -> usize {
    let hidden = files(dest).into_iter().find(|name| name.starts_with('.'));
    let Some(hidden) = hidden else { return 0 };
    let Ok(entries) = fs::read_dir(dest.join(hidden)) else {
        return 0;
    };
    // The others in there are the lock, before and after it gets its name.
    let is_part = |name: &str| !["lock", "new"].contains(&name);
    entries
        .flatten()
        .filter(|entry| is_part(&entry.file_name().to_string_lossy()))
        .count()
}
