//! A reader's way through an exercise, and everything that goes wrong on it.
//!
//! The reader's files are in a folder that goes away; what is built is built
//! where everything is.

#![expect(
    clippy::unwrap_used,
    reason = "a runner that cannot be started has failed the test"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Cargo builds one reader's file at a time, and into the same program.
static ONE_BUILD: Mutex<()> = Mutex::new(());

struct Reader {
    folder: TempDir,
    _guard: MutexGuard<'static, ()>,
}

impl Reader {
    fn new() -> Reader {
        let guard = ONE_BUILD.lock().unwrap_or_else(PoisonError::into_inner);
        Reader {
            folder: tempfile::tempdir().unwrap(),
            _guard: guard,
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ch01/visitors.rs")
    }

    fn write(&self, text: &str) {
        fs::create_dir_all(self.file().parent().unwrap()).unwrap();
        fs::write(self.file(), text).unwrap();
    }

    /// Writes the reference with one thing replaced.
    fn write_with(&self, from: &str, to: &str) {
        let home = env!("CARGO_MANIFEST_DIR");
        let path = format!("{home}/../exercises/ch01/visitors/reference.rs");
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from));
        self.write(&text.replace(from, to));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("exercise")
            .args(args)
            .env("EXERCISES_YOURS", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the command; returns its exit status, stdout and stderr.
    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    }
}

const BODY: &str = "1 + self.count.fetch_add(1, Ordering::SeqCst)";
const CHECK: &[&str] = &["ch01", "visitors"];

#[test]
fn the_first_check_makes_the_file_and_no_later_one_changes_it() {
    let reader = Reader::new();
    let (status, said, _) = reader.run(CHECK);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("visitors.rs is yours to write"), "{said}");
    // The stub's own line, in the schedule that goes wrong.
    assert!(said.contains("loads 0 "), "{said}");
    assert!(said.contains("let number = self.count.load"), "{said}");
    assert!(said.contains("--hint 1"), "{said}");

    reader.write_with("//! ", "//! Mine. ");
    let (status, said, _) = reader.run(CHECK);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.starts_with("solved"), "{said}");
    assert!(!said.contains("yours to write"), "{said}");
    let text = fs::read_to_string(reader.file()).unwrap();
    assert!(text.starts_with("//! Mine. "));
}

#[test]
fn solved_exercises_are_listed_as_solved_for_good() {
    let reader = Reader::new();
    let line = |said: &str| {
        let mut lines = said.lines();
        let line = lines.find(|line| line.contains("ch01 visitors"));
        line.unwrap()
            .split("ch01")
            .next()
            .unwrap()
            .trim()
            .to_string()
    };
    let (status, said, _) = reader.run(&[]);
    assert_eq!((status, line(&said)), (Some(0), String::new()));
    reader.write_with(BODY, BODY);
    assert_eq!(line(&reader.run(&["1"]).1), "begun");
    assert_eq!(reader.run(CHECK).0, Some(0));
    assert_eq!(line(&reader.run(&[]).1), "solved");
    // A solution that is broken later was a solution all the same.
    reader.write_with(BODY, "0");
    assert_eq!(reader.run(CHECK).0, Some(1));
    assert_eq!(line(&reader.run(&[]).1), "solved");
    assert!(reader.run(&[]).1.contains("\n1 of "));
}

#[test]
fn only_the_compilers_messages_follow_a_compile_error() {
    let reader = Reader::new();
    reader.write_with(BODY, "self.count.fetch_more(1)");
    let (status, said, compiler) = reader.run(CHECK);
    assert_eq!((status, said.as_str()), (Some(1), ""));
    assert!(compiler.contains("error[E0599]"), "{compiler}");
    assert!(compiler.contains("visitors.rs:15:"), "{compiler}");
}

#[test]
fn a_panic_is_reported_with_its_line() {
    let reader = Reader::new();
    reader.write_with(
        BODY,
        "[1][self.count.load(Ordering::SeqCst) as usize + 1]",
    );
    let (status, said, _) = reader.run(CHECK);
    assert_eq!(status, Some(1));
    assert!(said.contains("a panic: index out of bounds"), "{said}");
    assert!(said.contains("at line 15 of visitors.rs"), "{said}");
}

#[test]
fn a_loop_without_an_end_is_cut_off_with_what_came_before() {
    let reader = Reader::new();
    let body = format!("{BODY};\n        loop {{ std::hint::spin_loop() }}");
    reader.write_with(BODY, &body);
    let mut command = reader.command(CHECK);
    let output = command.env("EXERCISE_LIMIT", "3").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("cut off after 3 seconds"), "{said}");
    assert!(said.contains("adds 1 to 0"), "{said}");
}

/// The check would run one schedule, and find the lost update in none.
#[test]
fn atomics_that_the_check_cannot_see_solve_nothing() {
    let reader = Reader::new();
    reader.write_with("exercise_harness::sync", "std::sync");
    let (status, said, _) = reader.run(CHECK);
    assert_eq!(status, Some(1), "{said}");
    let first = said.lines().next().unwrap();
    assert!(
        first.contains("visitors.rs uses std::sync::atomic::Ato"),
        "{said}"
    );
    assert!(said.contains("`exercise_harness::sync`"), "{said}");
    assert!(!said.contains("solved"), "{said}");
}

#[test]
fn ending_the_program_solves_nothing() {
    let reader = Reader::new();
    reader.write_with(BODY, "std::process::exit(0)");
    let (status, said, _) = reader.run(CHECK);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("your program ended the check"), "{said}");
}

/// What a solution prints is no verdict, not even the check's own words.
#[test]
fn printing_the_success_message_solves_nothing() {
    let reader = Reader::new();
    for report in ["\u{1e}\nsolved: all of this holds\n", "solved: all"] {
        let body = format!("print!({report:?}); std::process::exit(0)");
        reader.write_with(BODY, &body);
        let (status, stdout, _) = reader.run(CHECK);
        assert_eq!(status, Some(1), "{stdout}");
        assert!(stdout.contains("your program ended the check"), "{stdout}");
    }
    // The check has found the fault, and its process ends with 0 all the same.
    let body = "struct ExitZero;
        impl Drop for ExitZero {
            fn drop(&mut self) {
                std::process::exit(0)
            }
        }
        std::thread_local! {
            static AT_EXIT: ExitZero = const { ExitZero };
        }
        AT_EXIT.with(|_| 7)";
    reader.write_with(BODY, body);
    let (status, stdout, _) = reader.run(CHECK);
    assert_eq!(status, Some(1), "{stdout}");
    assert!(!stdout.contains("solved: all of this holds"), "{stdout}");
}

/// Restored files bring an old time of change along: `mv`, `cp -p`, `tar`.
#[test]
fn the_files_content_is_checked_whatever_its_time_says() {
    let reader = Reader::new();
    reader.write_with(BODY, "0");
    assert_eq!(reader.run(CHECK).0, Some(1));
    let wrong = reader.folder.path().join("wrong.rs");
    fs::rename(reader.file(), &wrong).unwrap();
    reader.write_with(BODY, BODY);
    assert_eq!(reader.run(CHECK).0, Some(0));
    let right = reader.folder.path().join("right.rs");
    fs::rename(reader.file(), &right).unwrap();
    // Both are older than the last build now.
    for (file, status) in [(&wrong, 1), (&right, 0), (&wrong, 1)] {
        fs::copy(file, reader.file()).unwrap();
        let time = fs::metadata(file).unwrap().modified().unwrap();
        let copy = fs::File::options().write(true).open(reader.file());
        copy.unwrap().set_modified(time).unwrap();
        let (found, stdout, _) = reader.run(CHECK);
        assert_eq!(found, Some(status), "{}: {stdout}", file.display());
    }
}

/// Two checkouts may share a target folder, and with it the runner.
#[test]
fn the_workspace_is_the_one_around_the_current_folder() {
    let checkout = tempfile::tempdir().unwrap();
    let root = checkout.path();
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = []\n";
    fs::write(root.join("Cargo.toml"), manifest).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = "exercises/ch01/visitors";
    fs::create_dir_all(root.join(folder)).unwrap();
    for file in ["exercise.toml", "stub.rs", "check.rs"] {
        let file = format!("{folder}/{file}");
        fs::copy(here.join(&file), root.join(&file)).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["exercise", "ch01", "visitors"])
        .current_dir(root.join(folder))
        .env_remove("EXERCISES_YOURS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // This checkout has no package that could check it.
    assert_eq!(output.status.code(), Some(1));
    let yours = root.join("exercises/yours/ch01/visitors.rs");
    let stub = root.join(folder).join("stub.rs");
    assert_eq!(fs::read(yours).unwrap(), fs::read(stub).unwrap());
}

#[test]
fn a_reset_keeps_what_was_there() {
    let reader = Reader::new();
    let (status, _, why) = reader.run(&["ch01", "visitors", "--reset"]);
    assert_eq!(status, Some(1));
    assert!(why.contains("to reset"), "{why}");
    for (i, mine) in ["// one", "// two"].into_iter().enumerate() {
        reader.write(mine);
        let (status, ..) = reader.run(&["ch01", "visitors", "--reset"]);
        assert_eq!(status, Some(0));
        let kept = reader.file().with_extension(format!("{}.old", i + 1));
        assert_eq!(fs::read_to_string(kept).unwrap(), mine);
        let stub = fs::read_to_string(reader.file()).unwrap();
        assert!(stub.contains("Yours to finish"));
    }
}

#[test]
fn hints_come_one_by_one_and_by_number() {
    let reader = Reader::new();
    let hint = |args: &[&str]| reader.run(&[CHECK, args].concat());
    assert!(hint(&["--hint"]).1.starts_with("hint 1 of 3"));
    assert!(hint(&["--hint"]).1.starts_with("hint 2 of 3"));
    assert!(hint(&["--hint", "1"]).1.starts_with("hint 1 of 3"));
    assert!(hint(&["--hint"]).1.starts_with("hint 3 of 3"));
    assert!(hint(&["--hint"]).1.starts_with("hint 3 of 3"));
    assert_eq!(hint(&["--hint", "4"]).0, Some(2));
    assert!(hint(&["--solution"]).1.contains("fetch_add"));
}

#[test]
fn a_wrong_name_is_one_error_with_the_nearest_ones() {
    let reader = Reader::new();
    for (args, words) in [
        (&["ch01", "visitor"][..], "did you mean `visitors`?"),
        (&["ch77", "visitors"], "no exercises of `ch77`"),
        (&["ch77"], "no exercises of `ch77`"),
        (&["ch01", "visitors", "--hnit"], "'--hnit'"),
        (&["ch01", "visitors", "more"], "'more'"),
    ] {
        let (status, said, why) = reader.run(args);
        assert_eq!((status, said.as_str()), (Some(2), ""), "{args:?}");
        assert!(why.starts_with("error: "), "{why}");
        assert!(why.contains(words), "{args:?}: {why}");
    }
    assert!(!reader.file().exists());
}

#[test]
fn a_watch_checks_again_when_the_file_is_saved() {
    let reader = Reader::new();
    reader.write_with(BODY, "0");
    let mut command = reader.command(&["ch01", "visitors", "--watch"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let child = Arc::new(Mutex::new(child));
    // A watch that never checks again would never end.
    let (done, waits) = mpsc::channel::<()>();
    let late = thread::spawn({
        let child = Arc::clone(&child);
        move || {
            if waits.recv_timeout(Duration::from_secs(180)).is_err() {
                child.lock().unwrap().kill().unwrap();
            }
        }
    });
    for line in stderr.lines() {
        if line.unwrap().starts_with("waiting for you to save") {
            if reader.run(&[]).1.contains("solved  ch01 visitors") {
                break;
            }
            reader.write_with(BODY, BODY);
        }
    }
    done.send(()).unwrap();
    late.join().unwrap();
    let mut child = child.lock().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let mut said = String::new();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_to_string(&mut said).unwrap();
    assert!(said.contains("not so: each of three"), "{said}");
    assert!(said.contains("solved: all of this holds"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_to_the_runner_ends_the_check_too() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::os::unix::process::ExitStatusExt;
    use std::time::Instant;

    let reader = Reader::new();
    let id = reader.folder.path().join("id");
    // Renamed, so that it is whole once it is there.
    let body = format!(
        "std::fs::write(\"{0}.new\", std::process::id().to_string()).unwrap();
        std::fs::rename(\"{0}.new\", \"{0}\").unwrap();
        loop {{ std::hint::spin_loop() }}",
        id.display()
    );
    reader.write_with(BODY, &body);
    let runs = |id: &str| {
        fs::read_to_string(format!("/proc/{id}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z "))
    };
    for how in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut command = reader.command(CHECK);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut runner = command.spawn().unwrap();
        // Building comes first.
        let deadline = Instant::now() + Duration::from_secs(180);
        while !id.exists() && runner.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "the check does not begin");
            thread::yield_now();
        }
        let check = fs::read_to_string(&id).unwrap();
        assert!(runs(&check));
        let pid = Pid::from_raw(i32::try_from(runner.id()).unwrap());
        kill_process(pid.unwrap(), how).unwrap();
        let status = runner.wait().unwrap();
        assert!(!runs(&check), "{how:?}");
        match how {
            Signal::INT => assert_eq!(status.code(), Some(130)),
            how => assert_eq!(status.signal(), Some(how.as_raw())),
        }
        fs::remove_file(&id).unwrap();
    }
}
