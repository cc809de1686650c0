//! What ends with a section, and what does not end it.

#![cfg(unix)]

mod server;

use std::io::{Read, Write};
#[cfg(target_os = "linux")]
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

#[cfg(target_os = "linux")]
use server::eventually;
use server::{At, Server, in_time, program};

/// Starts a section and kills it with SIGKILL, which no handler hears, when it
/// has so many children. Returns once all have ended who had its stderr from it.
#[cfg(target_os = "linux")]
fn nothing_outlives(section: &str, children: usize) {
    let mut command = program(section, &[]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the program was built");
    let mut stderr = process.stderr.take().expect("a pipe");
    let id = process.id();
    let list = format!("/proc/{id}/task/{id}/children");
    eventually("it has children", || {
        let list = std::fs::read_to_string(&list).unwrap_or_default();
        list.split_whitespace().count() >= children
    });
    process.kill().expect("kill");
    let status = in_time(move || process.wait()).expect("ends");
    assert_eq!(status.signal(), Some(9), "{section}");
    // Its children have this pipe, too: it ends with the last of them.
    in_time(move || stderr.read_to_end(&mut Vec::new())).expect("reads");
}

#[cfg(target_os = "linux")]
#[test]
fn the_processes_of_several_end_when_their_parent_is_killed() {
    nothing_outlives("several", 3);
}

#[cfg(target_os = "linux")]
#[test]
fn needs_nginx_processes_of_balanced_end_when_it_is_killed() {
    if ch05_servers::balanced::program_name().is_some() {
        // The fourth is nginx.
        nothing_outlives("balanced", 4);
    }
}

#[test]
fn processes_of_several_end_when_its_output_is_closed() {
    let mut command = program("several", &[]);
    // Closed before the first line comes.
    let (reader, stdout) = std::io::pipe().expect("a pipe");
    drop(reader);
    command.stdout(stdout).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the program was built");
    let mut stderr = process.stderr.take().expect("a pipe");
    let said = in_time(move || {
        let mut said = String::new();
        stderr.read_to_string(&mut said).map(|_| said)
    });
    assert_eq!(said.expect("reads"), "");
    let status = in_time(move || process.wait()).expect("ends");
    assert_eq!(status.code(), Some(0));
}

/// A server for which a shell ignores two signals, as `nohup` does the first
/// and a script does the second for what it runs in the background.
fn with_ignored_signals(section: &str) -> Server {
    let plain = program(section, &["--port", "0"]);
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"trap "" HUP INT; exec "$@""#, "sh"])
        .arg(plain.get_program())
        .args(plain.get_args())
        .stderr(Stdio::null());
    Server::run(command)
}

#[test]
fn a_signal_that_is_ignored_from_the_start_stays_ignored() {
    for section in ["echo", "echo-tokio"] {
        let server = with_ignored_signals(section);
        server.signal("-HUP");
        server.signal("-INT");
        // Signals arrive in no order that is promised, but each arrives before
        // the next system call returns, and an echo takes some.
        for _ in 0..20 {
            server.assert_echoes();
        }
        server.signal("-TERM");
        assert_eq!(server.wait(), Some(143), "{section}");
    }
}

#[test]
fn server_with_end_with_stdin_ends_at_end_of_input() {
    let mut command = program("flags", &["--port", "0", "--end-with-stdin"]);
    command.stdin(Stdio::piped()).stderr(Stdio::null());
    let mut server = Server::run(command);
    let mut stdin = server.process.stdin.take().expect("a pipe");
    stdin.write_all(b"not the end\n").expect("writes");
    server.wait_until_ready();
    drop(stdin);
    assert_eq!(server.wait(), Some(0));
}
