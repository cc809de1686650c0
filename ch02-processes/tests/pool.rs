//! The pool, with workers that die, hang or break the protocol.
#![expect(clippy::unwrap_used, reason = "helpers may what tests may")]

#[cfg(target_os = "linux")]
mod family;

use std::io::Write;
#[cfg(target_os = "linux")]
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

/// Returns a `--worker-cmd` for the worker that follows its job's orders.
fn worker(how: &str) -> String {
    // Relative to the package's folder, where cargo runs tests: the full path
    // may have a space, which would split the command.
    format!("python3 tests/workers/worker.py {how}")
}

fn start(args: &[&str]) -> Child {
    Command::new(PROGRAM)
        .arg("pool")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built")
}

/// Runs the pool on `input` to its end, within a minute.
fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = start(args);
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // A pool that ends early does not read all of it.
    thread::spawn(move || stdin.write_all(&input).ok());
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(child.wait_with_output()));
    let ended = rx.recv_timeout(Duration::from_secs(60));
    ended.expect("the pool ends").unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lines(n: u32, word: &str) -> String {
    (1..=n).map(|i| format!("{word}{i}\n")).collect()
}

#[test]
fn more_jobs_than_a_pipe_holds_are_answered_in_order() {
    let ran = run(&["--workers=2"], lines(5_000, "").as_bytes());
    assert_eq!(ran.status.code(), Some(0));
    let out = text(&ran.stdout);
    let numbers = out.lines().map(|l| l.split(' ').next().unwrap());
    assert!(numbers.eq((1..=5_000).map(|n| n.to_string())));
}

#[test]
fn jobs_that_are_wrong_are_named_and_the_others_are_done() {
    let ran = run(&["--workers=2"], b"7\nseven\n\n\xff\n9");
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(text(&ran.stdout), "7 is prime\n9 is not prime\n");
    let errors = text(&ran.stderr);
    for said in ["line 2: `seven`", "line 3: ``", "line 4: not UTF-8"] {
        assert!(errors.contains(said), "{errors}");
    }
    assert!(errors.contains("\n2 done, 3 failed"), "{errors}");
}

#[test]
fn no_jobs_are_no_failure() {
    let ran = run(&["--workers=2"], b"");
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(0), 0));
}

#[test]
fn a_program_that_cannot_be_started_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-executable");
    std::fs::write(&file, "").unwrap();
    for program in ["no-such-program", &file.display().to_string()] {
        let ran = run(&["--workers=2", "--worker-cmd", program], b"1\n");
        assert_eq!(ran.status.code(), Some(1));
        let errors = text(&ran.stderr);
        assert!(errors.contains(program), "{errors}");
    }
}

#[test]
fn a_worker_without_a_pool_ends_at_once() {
    let ran = run(&["--worker"], b"");
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!((ran.stdout.len(), ran.stderr.len()), (0, 0));
}

#[test]
fn needs_python3_unordered_answers_come_once_each() {
    let worker = worker("");
    let args = ["--workers=4", "--unordered", "--worker-cmd", &worker];
    let jobs = lines(1_000, "nap ");
    let ran = run(&args, jobs.as_bytes());
    assert_eq!(ran.status.code(), Some(0));
    let out = text(&ran.stdout);
    let (mut came, mut sent): (Vec<_>, Vec<_>) =
        (out.lines().collect(), jobs.lines().collect());
    came.sort_unstable();
    sent.sort_unstable();
    assert_eq!(came, sent);
}

#[test]
fn needs_python3_ten_megabytes_go_there_and_back_twice_at_once() {
    let job = "x".repeat(10 << 20);
    let jobs = format!("{job}\n").repeat(2);
    let worker = worker("");
    let args = ["--workers=2", "--worker-cmd", &worker];
    let ran = run(&args, jobs.as_bytes());
    assert_eq!(ran.status.code(), Some(0));
    assert!(ran.stdout == jobs.as_bytes());
}

#[test]
fn needs_python3_what_a_worker_says_on_stderr_is_no_result() {
    let worker = worker("chatters");
    let ran = run(&["--workers=1", "--worker-cmd", &worker], b"1\n");
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(text(&ran.stdout), "done chattering\n");
    assert!(ran.stderr.len() > 10 << 20);
}

#[test]
fn needs_python3_a_worker_that_breaks_the_protocol_ends_the_run_and_is_named() {
    for (how, said) in [
        ("garbage", "sent no frame"),
        ("two-replies", "answered"),
        ("wrong-id", "answered job 2, asked for 1"),
        ("endless-line", "a frame of more than 16777216 bytes"),
        ("not-utf8", "sent no frame"),
    ] {
        let worker = worker(how);
        let ran = run(&["--workers=1", "--worker-cmd", &worker], b"1\n");
        let errors = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{how}: {errors}");
        assert!(errors.contains("error: worker 1 (process "), "{errors}");
        assert!(errors.contains(said), "{how}: {errors}");
    }
}

#[test]
fn needs_python3_a_worker_that_ends_in_mid_job_costs_that_job() {
    for how in ["exits-mid-job", "half-a-line"] {
        let worker = worker(how);
        let args = ["--workers=1", "--worker-cmd", &worker];
        let ran = run(&args, b"1\n");
        let errors = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{how}: {errors}");
        let said = "line 1: worker 1 (process ";
        assert!(errors.matches(said).count() == 2, "{how}: {errors}");
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_is_no_worker_costs_three_jobs_and_no_more() {
    let args = ["--workers=1", "--worker-cmd=true"];
    let ran = run(&args, lines(1000, "").as_bytes());
    let errors = text(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{errors}");
    assert!(errors.contains("error: three jobs in a row"), "{errors}");
    assert!(!errors.contains("line 4"), "{errors}");
}

/// Runs the pool on one job, with a worker that is a shell script.
#[cfg(unix)]
fn run_script(script: &str, arg: &Path) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worker");
    std::fs::write(&file, script).unwrap();
    let worker = format!("sh {} {}", file.display(), arg.display());
    let timeout = "--job-timeout=20";
    let args = ["--workers=1", timeout, "--worker-cmd", &worker];
    run(&args, b"1\n")
}

#[cfg(target_os = "linux")]
#[test]
fn the_end_of_a_worker_is_seen_though_a_child_holds_its_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let ids = folder.path().join("ids");
    let started = Instant::now();
    let script = "read line; sleep 600 & echo $! >> $1; exit 3\n";
    let ran = run_script(script, &ids);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(ran.status.code(), Some(1));
    let errors = text(&ran.stderr);
    let lines: Vec<&str> = errors.lines().collect();
    assert!(
        lines[0].ends_with("ended, exit status: 3; once more"),
        "{errors}"
    );
    assert!(lines[1].ends_with("ended, exit status: 3"), "{errors}");
    assert!(
        lines[2].ends_with("2 died, 0 killed, 0 recycled"),
        "{errors}"
    );
    // The processes that it had started have ended with it.
    let ids = std::fs::read_to_string(ids).unwrap();
    assert_eq!(ids.lines().count(), 2);
    assert!(ids.lines().all(|id| !family::runs(id.parse().unwrap())));
}

#[cfg(unix)]
#[test]
fn the_last_word_of_a_worker_counts() {
    let script = r#"read line; sleep 600 &
        echo '{"done":{"id":1,"output":"and out"}}'"#;
    let ran = run_script(script, Path::new(""));
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    assert_eq!(text(&ran.stdout), "and out\n");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_job() {
    let ran = run(&["--workers=1"], "\u{feff}97\n\u{feff}7\n".as_bytes());
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(text(&ran.stdout), "97 is prime\n");
    let errors = text(&ran.stderr);
    assert!(errors.contains(r"line 2: `\u{feff}7` is not"), "{errors}");
}

#[test]
fn control_characters_of_a_job_do_not_reach_the_terminal() {
    let ran = run(&["--workers=1"], b"\x1b[31m7\x07\r\r\n");
    let errors = text(&ran.stderr);
    let said = r"line 1: `\u{1b}[31m7\u{7}\r` is not a number";
    assert_eq!(errors.lines().next(), Some(said));
}

#[cfg(unix)]
#[test]
fn what_a_worker_says_is_one_line_and_moves_no_cursor() {
    for (reply, status, said) in [
        (
            r#"{"done":{"id":1,"output":"one\ntwo\u001b[2J\tthree"}}"#,
            0,
            "one\\ntwo\\u{1b}[2J\tthree\n",
        ),
        (
            r#"{"failed":{"id":1,"error":"one\nline 2: two"}}"#,
            1,
            "line 1: one\\nline 2: two\n",
        ),
        (r#"{"\u001b[31mred":1}"#, 1, "`\\u{1b}[31mred`"),
    ] {
        let script = format!("read line; cat <<'END'\n{reply}\nEND\nread line");
        let ran = run_script(&script, Path::new(""));
        assert_eq!(ran.status.code(), Some(status), "{reply}");
        let all = text(&ran.stdout) + &text(&ran.stderr);
        assert!(all.contains(said), "{all:?}");
        assert!(!all.contains('\u{1b}'), "{all:?}");
    }
}

#[test]
fn a_recycled_worker_is_waited_for() {
    let jobs = lines(300, "");
    let ran = run(&["--workers=2", "--recycle=10"], jobs.as_bytes());
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(text(&ran.stdout).lines().count(), 300);
    let errors = text(&ran.stderr);
    assert!(errors.contains(" 0 died, 0 killed"), "{errors}");
}

#[cfg(unix)]
#[test]
fn needs_python3_a_job_whose_worker_is_killed_is_done_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let once = folder.path().join("once");
    let jobs = format!("a\ndie-once {}\nb\n", once.display());
    let worker = worker("");
    let args = ["--workers=2", "--worker-cmd", &worker];
    let ran = run(&args, jobs.as_bytes());
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(text(&ran.stdout), jobs);
    let errors = text(&ran.stderr);
    assert!(
        errors.contains("signal: 9 (SIGKILL); once more"),
        "{errors}"
    );
}

#[cfg(unix)]
#[test]
fn needs_python3_a_job_that_kills_its_workers_is_given_up_alone() {
    let worker = worker("");
    let args = ["--workers=2", "--worker-cmd", &worker];
    let ran = run(&args, b"a\ndie\nb\n");
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(text(&ran.stdout), "a\nb\n");
    assert!(text(&ran.stderr).contains("2 done, 1 failed"));
}

#[cfg(unix)]
#[test]
fn needs_python3_a_worker_that_is_stopped_is_killed_and_the_others_finish() {
    let worker = worker("");
    let timeout = "--job-timeout=2";
    let args = ["--workers=2", timeout, "--worker-cmd", &worker];
    let ran = run(&args, b"a\nstop\nb\n");
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(text(&ran.stdout), "a\nb\n");
    let errors = text(&ran.stderr);
    assert!(errors.contains("line 2: worker "), "{errors}");
    assert!(errors.contains(" killed after 2s"), "{errors}");
}

#[cfg(unix)]
#[test]
fn too_few_file_descriptors_are_an_error_and_no_wait() {
    let ran = Command::new("sh")
        .args(["-c", "ulimit -n 16; exec \"$0\" pool --workers 32", PROGRAM])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let errors = text(&ran.stderr);
    assert!(errors.contains("cannot be started"), "{errors}");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeSet;
    use std::fs;

    use rustix::process::Signal;

    use super::family::{children, runs, signal, until};
    use super::*;

    /// Starts a pool and returns it with its workers, all of them started.
    fn with_workers(n: usize) -> (Child, BTreeSet<u32>) {
        let pool = start(&[&format!("--workers={n}")]);
        let workers = until(|| {
            let ids: BTreeSet<u32> = children(pool.id())
                .into_iter()
                // Between fork and exec a child is still called as its parent.
                .filter(|(id, _)| {
                    fs::read(format!("/proc/{id}/cmdline"))
                        .is_ok_and(|words| words.ends_with(b"--worker\0"))
                })
                .map(|(id, _)| id)
                .collect();
            (ids.len() == n).then_some(ids)
        });
        (pool, workers)
    }

    #[test]
    fn workers_killed_while_idle_are_replaced() {
        let (mut pool, workers) = with_workers(2);
        for &id in &workers {
            signal(id, Signal::KILL);
        }
        until(|| workers.iter().all(|&id| !runs(id)).then_some(()));
        pool.stdin.take().unwrap().write_all(b"7\n9\n").unwrap();
        let ran = pool.wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
        assert_eq!(text(&ran.stdout), "7 is prime\n9 is not prime\n");
    }

    #[test]
    fn workers_end_with_a_pool_that_is_killed() {
        let (mut pool, workers) = with_workers(4);
        pool.kill().unwrap();
        pool.wait().unwrap();
        until(|| workers.iter().all(|&id| !runs(id)).then_some(()));
    }

    #[test]
    fn a_worker_has_no_end_of_another_ones_pipe() {
        let (mut pool, workers) = with_workers(8);
        // A program that is being loaded opens and closes files.
        let link =
            |id, fd: &str| fs::read_link(format!("/proc/{id}/fd/{fd}")).ok();
        let pipes: BTreeSet<_> = workers
            .iter()
            .flat_map(|id| [link(id, "0"), link(id, "1")])
            .collect();
        assert_eq!(pipes.len(), 16);
        for id in &workers {
            for fd in fs::read_dir(format!("/proc/{id}/fd")).unwrap() {
                let fd = fd.unwrap().file_name().into_string().unwrap();
                // It may also have the descriptors of the tests' own start.
                let own = ["0", "1"].contains(&fd.as_str());
                let link = link(id, &fd);
                let other = link.is_some() && pipes.contains(&link);
                assert!(own || !other, "{fd}");
            }
        }
        drop(pool.stdin.take());
        assert!(pool.wait().unwrap().success());
    }

    #[test]
    fn ctrl_c_ends_pool_and_workers_with_one_line() {
        let (mut pool, workers) = with_workers(4);
        let mut stdin = pool.stdin.take().unwrap();
        stdin.write_all(b"7\n").unwrap();
        let mut stdout = BufReader::new(pool.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "7 is prime\n");

        signal(pool.id(), Signal::INT);
        let mut errors = String::new();
        let mut stderr = pool.stderr.take().unwrap();
        // The workers hold the pipe, too: it ends when all of them have.
        stderr.read_to_string(&mut errors).unwrap();
        assert_eq!(pool.wait().unwrap().code(), Some(130));
        assert_eq!(errors.lines().count(), 1, "{errors}");
        assert!(workers.iter().all(|&id| !runs(id)));
        drop(stdin);
    }

    #[test]
    fn there_are_never_more_zombies_than_workers() {
        let mut pool = start(&["--workers=2", "--recycle=10"]);
        let mut stdin = pool.stdin.take().unwrap();
        let jobs = lines(1000, "");
        thread::spawn(move || stdin.write_all(jobs.as_bytes()));
        let mut most = 0;
        while pool.try_wait().unwrap().is_none() {
            let zombies = children(pool.id());
            let zombies = zombies.iter().filter(|(_, state)| *state == 'Z');
            most = most.max(zombies.count());
        }
        assert!(most <= 2, "{most} zombies");
    }

    #[test]
    fn an_endless_line_does_not_fill_the_memory() {
        if Command::new("python3").arg("-V").output().is_err() {
            return;
        }
        let worker = worker("endless-line");
        let peak = Command::new("sh")
            // 192 MiB of address space: mapped memory, not used memory.
            .args(["-c", "ulimit -v 196608; exec \"$0\" \"$@\"", PROGRAM])
            .args(["pool", "--workers=1", "--worker-cmd", &worker])
            .stdin(Stdio::from(one_job()))
            .output()
            .unwrap();
        let errors = text(&peak.stderr);
        assert!(errors.contains("a frame of more than"), "{errors}");
    }

    fn one_job() -> fs::File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"1\n").unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        file
    }
}

#[test]
fn the_worker_script_is_where_the_tests_look_for_it() {
    let worker = worker("");
    assert!(Path::new(worker.split(' ').nth(1).unwrap()).exists());
}
