//! The downloader's command line, its own server, and the disk.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod flags_support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use ch04_async::flags::{codes, pictures};
use flags_support::*;
use tempfile::tempdir;

/// Runs the downloader in a mode, in a folder of its own, on its own server.
fn run_in(mode: &str, args: &[&str]) -> Ran {
    let dir = tempdir().unwrap();
    run(flags(dir.path()).args(["--mode", mode]).args(args))
}

/// Runs something in all modes at once; returns the results in their order.
fn in_all_modes<T: Send>(check: impl Fn(&str) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let check = &check;
        let runs = MODES.map(|mode| scope.spawn(move || check(mode)));
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

#[test]
fn three_engines_meet_the_same_errors() {
    let counters = in_all_modes(|mode| {
        let args = ["-e", "-s", "error", "--delay", "0", "--seed", "7"];
        let ran = run_in(mode, &args);
        assert_eq!(ran.status, Some(1));
        ran.counters()
    });
    let (saved, not_found, errors) = counters[0];
    assert_eq!(saved + not_found + errors, 676);
    // A quarter of 676 is 169.
    assert!((120..220).contains(&errors), "{errors}");
    assert_eq!(counters, [counters[0]; 3]);
}

#[test]
fn seventeen_countries_begin_with_b() {
    for ran in in_all_modes(|mode| run_in(mode, &["-s", "Local", "b"])) {
        assert_eq!(ran.counters(), (17, 9, 0));
        assert_eq!(ran.status, Some(0));
        assert!(ran.stdout.starts_with("Searching for 26 flags: from BA to"));
    }
}

#[test]
fn all_are_194_and_each_is_named_if_asked() {
    in_all_modes(|mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path()).args([
            "--mode",
            mode,
            "-s",
            "LOCAL",
            "-a",
            "--country-names",
        ]));
        assert_eq!(ran.counters(), (194, 0, 0));
        let files = files(dir.path());
        assert_eq!(files.len(), 194);
        for name in ["Brazil-BR.gif", "Côte_d_Ivoire-CI.gif"] {
            assert!(files.iter().any(|file| file == name), "{name}");
        }
    });
}

#[test]
fn the_same_flag_ten_times_counts_ten_times() {
    in_all_modes(|mode| {
        let args = ["-s", "LOCAL", "BR", "br", "Br", "bR", "BR", "BR"];
        assert_eq!(run_in(mode, &args).counters(), (6, 0, 0));
    });
}

#[test]
fn a_server_that_is_asked_for_too_much_refuses_and_a_patient_client_wins() {
    for mode in ["threads", "async"] {
        let crowd = ["-a", "-m", "50", "--delay", "0.02", "--capacity", "5"];
        let ran = run_in(mode, &crowd);
        let (saved, not_found, errors) = ran.counters();
        assert_eq!((saved + errors, not_found), (194, 0));
        assert!(errors > 0 && saved >= 5, "{saved} saved, {errors} errors");
        assert!(ran.stderr.contains("error: 503 Service Unavailable"));

        let fitting = ["-a", "-m", "4", "--delay", "0.02", "--capacity", "5"];
        assert_eq!(run_in(mode, &fitting).counters(), (194, 0, 0));
        let again = ["-l", "20", "-m", "10", "--capacity", "5"];
        let patience = ["--delay", "0.02", "--retries", "9"];
        let ran = run_in(mode, &[&again[..], &patience].concat());
        assert_eq!(ran.counters(), (20, 0, 0));
    }
}

#[test]
fn flags_are_queued_first_and_at_most_m_are_started() {
    let args = ["-l", "20", "-m", "3", "-v", "--delay", "0.02"];
    for mode in ["threads", "async"] {
        let ran = run_in(mode, &args);
        let lines: Vec<&str> = ran
            .stdout
            .lines()
            .filter(|line| line.starts_with('['))
            .collect();
        assert_eq!(lines.len(), 60);
        let (queued, rest) = lines.split_at(20);
        if mode == "async" {
            assert!(queued.iter().all(|line| line.ends_with("] queued")));
        }
        let mut under_way = 0;
        for line in rest {
            if line.ends_with("] started") {
                under_way += 1;
            } else if line.ends_with(" bytes") {
                under_way -= 1;
            }
            assert!(under_way <= 3, "{}", ran.stdout);
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let many = "1".repeat(30);
    let cases = [
        ("--max-req", "0"),
        ("--max-req", &many),
        ("--limit", "-1"),
        ("--limit", "0"),
        ("--timeout", "nan"),
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--connect-timeout", "inf"),
        ("--delay", "1e300"),
        ("--delay", "-1"),
        ("--error-rate", "1.5"),
        ("--error-rate", "nan"),
        ("--seed", &many),
        ("--capacity", "0"),
        ("--retries", "-1"),
        ("--max-bytes", "0"),
        ("--server", "MARS"),
        ("--mode", "magic"),
        ("--base-url", "ftp://127.0.0.1"),
        ("--base-url", "127.0.0.1:80"),
        ("--no-such-flag", "1"),
        ("CODE", "../x"),
        ("CODE", "a/b"),
        ("CODE", "C:"),
        ("CODE", "NUL"),
        ("CODE", ""),
        ("CODE", "é"),
    ];
    for (flag, value) in cases {
        let args = if flag == "CODE" {
            vec![value]
        } else {
            vec![flag, value]
        };
        let ran = run_in("async", &args);
        assert_eq!(ran.status, Some(2), "{args:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        assert!(ran.stderr.contains(flag), "{}", ran.stderr);
    }
    let ran = run_in("async", &["--base-url", "http://x", "-s", "LOCAL"]);
    assert_eq!(ran.status, Some(2));
    let ran = run_in("async", &["--help"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("--max-req <N>"));
}

#[cfg(not(feature = "tls"))]
#[test]
fn https_without_tls_names_the_feature() {
    let ran = run_in("async", &["--base-url", "https://127.0.0.1"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("--features tls"), "{}", ran.stderr);
}

#[test]
fn more_connections_than_flags_or_than_a_thousand_are_not_made() {
    let one = run_in("async", &["-s", "local", "-m", "100000", "BR"]);
    assert!(one.stdout.contains("\n1 connection will be used.\n"));
    let one_by_one =
        run_in("sequential", &["-s", "local", "-l", "2", "-m", "9"]);
    assert!(one_by_one.stdout.contains("\n1 connection will be used.\n"));
    // Twice all codes, of a server that is not there.
    let letters: Vec<String> = ('a'..='z').map(String::from).collect();
    let mut args = vec!["--base-url", "http://127.0.0.1:9", "-m", "2000"];
    args.extend(letters.iter().chain(&letters).map(String::as_str));
    let most = run_in("async", &args);
    let thousand = "\n1000 concurrent connections will be used.\n";
    assert!(most.stdout.contains(thousand), "{}", most.stdout);
    assert_eq!(most.counters(), (0, 0, 1352));
}

#[test]
fn no_certificates_are_needed_for_plain_http() {
    let dir = tempdir().unwrap();
    let ran = run(flags(dir.path())
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .args(["-s", "LOCAL", "BR"]));
    assert_eq!(ran.counters(), (1, 0, 0));
}

#[test]
fn off_a_terminal_there_is_neither_bar_nor_escape_code() {
    let ran = run_in("async", &["-l", "3"]);
    let text = ran.stdout + &ran.stderr;
    assert!(!text.contains(['\x1b', '\r']), "{text:?}");
}

#[test]
fn an_old_file_is_replaced_and_a_folder_of_that_name_is_an_error() {
    in_all_modes(|mode| {
        let dir = tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("BD.gif"), "half of an old fla").unwrap();
        fs::create_dir(path("BR.gif")).unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "-s", "LOCAL", "BD", "BR", "CN"]));
        assert_eq!(ran.counters(), (2, 0, 1));
        let bd = pictures::flag("BD".parse().unwrap(), 0);
        assert_eq!(fs::read(path("BD.gif")).unwrap(), bd);
        assert!(path("BR.gif").is_dir());
        assert!(ran.stderr.contains("BR.gif: "), "{}", ran.stderr);
        assert_eq!(files(dir.path()), ["BD.gif", "BR.gif", "CN.gif"]);
    });
}

#[test]
fn where_nothing_can_be_written_every_flag_is_an_error() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "I was here first").unwrap();
    let mut places = vec![file.clone(), file.join("below")];
    // No user can write there, not even root, as which containers run the tests.
    if cfg!(target_os = "linux") {
        places.push(Path::new("/proc/flags").to_path_buf());
    }
    for (place, mode) in places.iter().zip(MODES) {
        let ran =
            run(flags(place).args(["--mode", mode, "-s", "LOCAL", "-l", "3"]));
        assert_eq!(ran.counters(), (0, 0, 3));
        assert_eq!(ran.status, Some(1));
        assert!(ran.stderr.contains("error: cannot write "));
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "I was here first");
}

/// Runs the downloader from a shell, which can set limits first.
#[cfg(unix)]
fn run_limited(dest: &Path, limits: &str, args: &[&str]) -> Ran {
    let mut command = Command::new("sh");
    without_proxies(&mut command);
    command
        .args(["-c", &format!("{limits}; exec \"$@\""), "sh"])
        .arg(env!("CARGO_BIN_EXE_ch04-async"))
        .args(["flags", "--dest"])
        .arg(dest)
        .args(args);
    run(&mut command)
}

#[cfg(unix)]
#[test]
fn a_file_that_is_too_large_for_the_disk_costs_only_itself() {
    in_all_modes(|mode| {
        let dir = tempdir().unwrap();
        // Instead of a full disk: no file larger than 16 blocks of 512 bytes
        // (bash counts 1024), and an error instead of a signal.
        let limits = "trap '' XFSZ; ulimit -f 16";
        let args = ["--mode", mode, "-s", "LOCAL", "-a"];
        let ran = run_limited(dir.path(), limits, &args);
        let (saved, _, errors) = ran.counters();
        assert_eq!(saved + errors, 194);
        assert!(saved > 10 && errors > 10, "{saved} saved, {errors} errors");
        let files = files(dir.path());
        assert_eq!(files.len(), saved);
        for file in files {
            let whole = pictures::flag(file[..2].parse().unwrap(), 0);
            assert_eq!(fs::read(dir.path().join(&file)).unwrap(), whole);
        }
        assert_eq!(ran.status, Some(1));
    });
}

#[cfg(unix)]
#[test]
fn without_descriptors_flags_fail_but_the_program_does_not() {
    for mode in ["threads", "async"] {
        let dir = tempdir().unwrap();
        let args = ["--mode", mode, "-e", "-l", "500", "-m", "50", "-s"];
        let args = [&args[..], &["local", "--timeout", "3"]].concat();
        let ran = run_limited(dir.path(), "ulimit -n 64", &args);
        let (saved, not_found, errors) = ran.counters();
        assert_eq!(saved + not_found + errors, 500);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert_eq!(files(dir.path()).len(), saved);
    }
}

#[test]
fn who_reads_only_the_first_line_causes_no_error() {
    for mode in MODES {
        let dir = tempdir().unwrap();
        let mut child = flags(dir.path())
            .args(["--mode", mode, "-v", "-e", "-s", "LOCAL"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        let limit = std::time::Duration::from_secs(30);
        assert_eq!(wait_within(limit, &mut child).0, Some(0));
        let stderr = child.wait_with_output().unwrap().stderr;
        assert_eq!(String::from_utf8(stderr).unwrap(), "");
    }
}

#[test]
fn who_stops_reading_leaves_no_halves() {
    let server = Fake::new(|stream, _, _| {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 36\r\n\r\n";
        stream.write_all(head.as_bytes()).ok();
        stream.write_all(&GIF[..18]).ok();
        hold(stream);
    });
    in_all_modes(|mode| {
        let dir = tempdir().unwrap();
        let mut child = flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url(), "-v"])
            .args(["--timeout", "1", "BR"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for_part(dir.path());
        // The next line that it prints says that BR has timed out.
        drop(child.stdout.take());
        let limit = std::time::Duration::from_secs(30);
        assert_eq!(wait_within(limit, &mut child).0, Some(0));
        assert_eq!(files(dir.path()), [""; 0], "{mode}");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_is_an_error() {
    let dir = tempdir().unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut child = flags(dir.path())
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let limit = std::time::Duration::from_secs(30);
    assert_eq!(wait_within(limit, &mut child).0, Some(1));
    let stderr = child.wait_with_output().unwrap().stderr;
    assert_eq!(String::from_utf8(stderr).unwrap().lines().count(), 1);
}

/// A server that this project did not write, over a folder of flags. Dropping
/// it ends it.
struct PythonServer(std::process::Child, String);

impl PythonServer {
    fn start(folder: &Path) -> PythonServer {
        let python = if cfg!(windows) { "python" } else { "python3" };
        let mut child = Command::new(python)
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"])
            .arg("--directory")
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        // Serving HTTP on 127.0.0.1 port 33333 (http://127.0.0.1:33333/) ...
        let url = line.split(['(', ')']).nth(1).unwrap().to_string();
        PythonServer(child, url)
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn needs_python3_flags_come_whole_from_a_server_of_others() {
    let site = tempdir().unwrap();
    for (code, country) in codes::countries().take(40) {
        let dir = site.path().join(code.lower());
        fs::create_dir(&dir).unwrap();
        let flag = pictures::flag(code, 1);
        fs::write(dir.join(code.lower() + ".gif"), flag).unwrap();
        let json = format!("{{\"country\": \"{country}\"}}");
        fs::write(dir.join("metadata.json"), json).unwrap();
    }
    let server = PythonServer::start(site.path());
    in_all_modes(|mode| {
        let dir = tempdir().unwrap();
        let args = ["--mode", mode, "--base-url", &server.1, "-m", "4"];
        let ran = run(flags(dir.path()).args(args).args(["-l", "80", "-a"]));
        assert_eq!(ran.counters(), (40, 40, 0), "{}", ran.stderr);
        for (code, _) in codes::countries().take(40) {
            let saved = fs::read(dir.path().join(format!("{code}.gif")));
            assert_eq!(saved.unwrap(), pictures::flag(code, 1));
        }
        let named = run(flags(dir.path()).args(args).args([
            "--country-names",
            "br",
            "zz",
        ]));
        assert_eq!(named.counters(), (1, 1, 0));
        assert!(dir.path().join("Brazil-BR.gif").exists());
    });
}
