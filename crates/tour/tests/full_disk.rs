//! However many threads find the disk full at the same time, the program says
//! so once.

use std::env;
use std::fs::File;
use std::process::{Command, ExitCode};
use std::sync::Barrier;
use std::thread;

use tour::{Part, Section, Tour, plain};

const THREADS: usize = 8;

/// Without a harness of its own: the test starts itself as such a program.
fn main() -> ExitCode {
    if env::args().nth(1).is_some_and(|word| word == "crowd") {
        return program();
    }
    let Ok(full) = File::create("/dev/full") else {
        println!("skipped: no full disk here");
        return ExitCode::SUCCESS;
    };
    for _ in 0..20 {
        let this = env::current_exe().expect("a test knows where it is");
        let full = full.try_clone().expect("one descriptor more");
        let ran = Command::new(this).arg("crowd").stdout(full).output();
        let ran = ran.expect("it can be started");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with("error: failed printing"), "{said}");
    }
    ExitCode::SUCCESS
}

fn program() -> ExitCode {
    let crowd = || {
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for n in 0..THREADS {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    println!("{n}");
                });
            }
        });
    };
    tour::main(&Tour {
        package: "crowd",
        title: "A crowd",
        next: "nothing",
        sections: &[Section::new(Part::Core, "crowd", "", plain(crowd))],
    })
}
