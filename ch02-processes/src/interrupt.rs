//! What ends a program from outside: Ctrl-C, SIGTERM, SIGHUP.
//!
//! A terminal sends Ctrl-C to parents and children alike, and the parent alone
//! decides what it means: it ends, and its children with it.

use std::io::{self, Write};
use std::process;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of the signal that Ctrl-C sends.
const CTRL_C: i32 = 2;

/// What the handler does with the next signal.
struct Plan {
    listener: Option<Sender<()>>,
    ignores: fn(signal: i32) -> bool,
}

static PLAN: Mutex<Plan> = Mutex::new(Plan {
    listener: None,
    ignores: |_| false,
});

fn plan() -> MutexGuard<'static, Plan> {
    PLAN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Installs the handler; to be called once, at the start of `main`.
///
/// The first signal is sent to the receiver of [`listen`], if there is one.
/// Otherwise, and the second time, the program ends: by Ctrl-C with exit
/// status 130, by another signal as if there were no handler.
pub fn install() {
    // Without the handler a signal still ends the program, less tidily.
    on_signals(handle).ok();
}

fn handle(signal: i32) {
    let mut plan = plan();
    if (plan.ignores)(signal) {
        return;
    }
    // Taken, so that the second signal ends the program.
    let listener = plan.listener.take();
    drop(plan);
    if listener.is_some_and(|tx| tx.send(()).is_ok()) {
        return;
    }
    #[cfg(unix)]
    if signal != CTRL_C {
        signal_hook::low_level::emulate_default_handler(signal).ok();
    }
    // Locked until the process is gone, so that nothing is printed after it.
    let mut screen = io::stderr().lock();
    // If the terminal is gone too, there is no line to leave.
    writeln!(screen).ok();
    process::exit(128 + CTRL_C);
}

/// Calls `handler` with the number of each signal.
#[cfg(unix)]
fn on_signals(handler: fn(i32)) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let heard = [SIGINT, SIGTERM, SIGHUP];
    let heard = heard.into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = signal_hook::iterator::Signals::new(heard)?;
    std::thread::Builder::new()
        .name("signals".to_string())
        .spawn(move || signals.forever().for_each(handler))?;
    Ok(())
}

/// Tells whether the program was started with `signal` ignored, as `nohup` and
/// a shell's `&` do it.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    // Only Linux has this file, and std asks no other system.
    let status = std::fs::read_to_string("/proc/self/status");
    let status = status.unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(not(unix))]
fn on_signals(handler: fn(i32)) -> io::Result<()> {
    let installed = ctrlc::set_handler(move || handler(CTRL_C));
    installed.map_err(io::Error::other)
}

/// Returns a receiver that is sent the next signal, for as long as it lives.
pub fn listen() -> Receiver<()> {
    let (tx, rx) = mpsc::channel();
    plan().listener = Some(tx);
    rx
}

/// Makes this process ignore Ctrl-C: its parent hears it too, and ends it.
pub fn leave_to_parent() {
    plan().ignores = |signal| signal == CTRL_C;
}

/// Makes this process ignore every signal that can be ignored.
pub fn ignore_all() {
    plan().ignores = |_| true;
}
