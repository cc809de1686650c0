//! `abort` and crashes: a process fails alone, a thread ends all other threads.
//!
//! A panic ends one thread. An abort, a stack overflow or a fault in a C
//! library ends the process, with every thread in it.
//!
//! cargo run -p ch02-processes -- crash

pub mod cli;

use std::env;
use std::error::Error;
use std::io;
use std::path::Path;
use std::process::{self, Command, Output};
use std::thread;

/// Aborts this process.
///
/// # Errors
///
/// None: it never returns.
pub fn child() -> Result<(), Box<dyn Error>> {
    println!("child: working");
    process::abort()
}

/// Crashes in a thread while `main` waits for it.
///
/// # Errors
///
/// None.
pub fn child_with_thread() -> Result<(), Box<dyn Error>> {
    println!("main: the thread works");
    let crashed = thread::spawn(|| process::abort()).join().is_err();
    println!("main: the thread crashed: {crashed}");
    Ok(())
}

/// Runs a child to its end and returns its output.
///
/// # Errors
///
/// Any I/O error.
pub fn run(program: &Path, flag: &str) -> io::Result<Output> {
    Command::new(program).args(["crash", flag]).output()
}

/// Lets a thread panic, a process abort, and a thread abort.
///
/// # Errors
///
/// Any I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    // Not `panic!`, whose hook would print a message.
    let panics = || std::panic::resume_unwind(Box::new("on purpose"));
    let caught = thread::spawn(panics).join().is_err();
    println!("a thread panics: joined as an error: {caught}");
    let program = env::current_exe()?;
    for (what, flag) in [
        ("a child aborts", "--child"),
        ("a thread of another child aborts", "--child-with-thread"),
    ] {
        let left = run(&program, flag)?;
        println!("{what}: success: {}", left.status.success());
        for line in String::from_utf8_lossy(&left.stdout).lines() {
            println!("  it said `{line}`");
        }
    }
    println!("and this process goes on");
    Ok(())
}
