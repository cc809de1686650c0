//! The signals that ask a program to end: SIGINT, which Ctrl-C sends, SIGTERM
//! and SIGHUP.
//!
//! A signal that was ignored when the program started stays ignored: `nohup`
//! ignores SIGHUP, and a shell without job control ignores SIGINT for what it
//! runs in the background. Both rely on the program to leave it so.

use std::io;
use std::process;
#[cfg(unix)]
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};
#[cfg(unix)]
use std::{
    sync::OnceLock,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// The exit status of a program that Ctrl-C has ended, as a shell reports it.
const INTERRUPTED: i32 = 130;

/// A signal that has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(i32);

impl Signal {
    /// The signal that Ctrl-C sends.
    pub const CTRL_C: Signal = Signal(2);

    /// The signal that `kill` sends by default.
    pub const TERMINATE: Signal = Signal(15);

    /// Ends the program: with exit status 130 after Ctrl-C, otherwise by the
    /// signal itself, so that the parent sees what ended it.
    pub fn end(self) -> ! {
        #[cfg(unix)]
        if self != Signal::CTRL_C {
            // Returns only if the system refuses; the status is left then.
            signal_hook::low_level::emulate_default_handler(self.0).ok();
        }
        process::exit(INTERRUPTED)
    }
}

/// Set by the handler, cleared by the thread that [`listen`] starts.
#[cfg(unix)]
static ARRIVED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Held while a signal is being heard.
static HEARING: Mutex<()> = Mutex::new(());

/// Waits until every signal that has arrived has been heard.
///
/// Ctrl-C reaches a program and its children at the same moment. A program that
/// sees a child fail calls this before it reports an error: if the signal is to
/// end the program, this call does not return.
pub fn wait_until_heard() {
    #[cfg(unix)]
    if let Some(arrived) = ARRIVED.get() {
        while arrived.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(1));
        }
    }
    drop(HEARING.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Calls `hear` for every signal that arrives, on a thread of its own.
///
/// # Errors
///
/// The system grants no handler or no thread; signals then end the program as
/// they do without this.
#[cfg(unix)]
pub fn listen(hear: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([0; 0])?;
    let handle = signals.handle();
    let arrived = Arc::clone(ARRIVED.get_or_init(Arc::default));
    let clear = Arc::clone(&arrived);
    thread::Builder::new()
        .name("signals".to_string())
        .spawn(move || {
            for signal in signals.forever() {
                let _hearing =
                    HEARING.lock().unwrap_or_else(PoisonError::into_inner);
                clear.store(false, Ordering::Release);
                hear(Signal(signal));
            }
        })?;
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if !is_ignored(signal) {
            // Actions run in the order of their registration: the mark must
            // stand before the thread wakes, or it would stay for ever.
            signal_hook::flag::register(signal, Arc::clone(&arrived))?;
            handle.add_signal(signal)?;
        }
    }
    Ok(())
}

/// Lets the programs that this one starts begin with the default actions of
/// the signals that it ignores itself; it goes on ignoring them.
///
/// For a program whose children are tested: an ignored signal is inherited, a
/// handler is not, and this one does nothing. To be called after [`listen`].
///
/// # Errors
///
/// The system grants no handler; children ignore the signal, too, then.
#[cfg(unix)]
pub fn restore_for_children() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if is_ignored(signal) {
            signal_hook::flag::register(signal, Arc::default())?;
        }
    }
    Ok(())
}

/// Does nothing where there are no signals.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn restore_for_children() -> io::Result<()> {
    Ok(())
}

/// Calls `hear` for every Ctrl-C, on a thread of its own.
///
/// # Errors
///
/// The system grants no handler.
#[cfg(not(unix))]
pub fn listen(hear: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    let hear = move || {
        let _hearing = HEARING.lock().unwrap_or_else(PoisonError::into_inner);
        hear(Signal::CTRL_C);
    };
    ctrlc::set_handler(hear).map_err(io::Error::other)
}

/// Says whether this process ignores a signal; to be asked before there is a
/// handler for it.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => is_in_mask(&status, signal),
        // Not Linux.
        Err(_) => is_ignored_by_children(signal),
    }
}

/// Looks for a signal in what Linux says of a process.
#[cfg(unix)]
fn is_in_mask(status: &str, signal: i32) -> bool {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Bit 0 is signal 1.
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Starts a process that sends itself the signal, and looks whether it dies:
/// a child ignores what its parent ignores, and asking the system directly
/// takes `unsafe`.
#[cfg(unix)]
fn is_ignored_by_children(signal: i32) -> bool {
    let script = format!("kill -{signal} $$");
    let probe = process::Command::new("/bin/sh")
        .args(["-c", &script])
        .stdin(process::Stdio::null())
        .status();
    probe.is_ok_and(|status| status.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_signal_is_found_in_the_mask_of_linux() {
        let status = "SigBlk:\t0000000000000002\nSigIgn:\t0000000000001001\n";
        assert!(is_in_mask(status, 1), "SIGHUP, after nohup");
        assert!(!is_in_mask(status, 2), "SIGINT");
        assert!(is_in_mask(status, 13), "SIGPIPE, which Rust ignores");
        assert!(!is_in_mask("Name:\tprogram\n", 1));
    }

    #[test]
    fn child_agrees_with_the_signal_mask_of_linux() {
        for signal in [1, 2, 15] {
            let ignored = is_ignored_by_children(signal);
            assert_eq!(ignored, is_ignored(signal), "{signal}");
        }
    }

    #[test]
    fn a_signal_that_has_arrived_is_heard_before_the_wait_ends() {
        static HEARD: AtomicBool = AtomicBool::new(false);
        listen(|signal| {
            assert_eq!(signal, Signal::CTRL_C);
            HEARD.store(true, Ordering::Release);
        })
        .unwrap();
        for round in 0..1_000 {
            HEARD.store(false, Ordering::Release);
            signal_hook::low_level::raise(Signal::CTRL_C.0).unwrap();
            wait_until_heard();
            assert!(HEARD.load(Ordering::Acquire), "round {round}");
        }
    }

    /// The probe of the next test, which runs it in a process that ignores
    /// SIGINT; in any other there is nothing to restore.
    #[test]
    fn probe_what_a_child_does_on_ctrl_c() {
        restore_for_children().unwrap();
        let killed = "kill -2 $$; exit 0";
        let child = process::Command::new("/bin/sh")
            .args(["-c", killed])
            .status()
            .unwrap();
        assert!(!child.success(), "the child ignores SIGINT");
    }

    #[test]
    fn children_of_a_process_that_ignores_ctrl_c_do_not() {
        let probe = "probe_what_a_child_does_on_ctrl_c";
        let run = process::Command::new("/bin/sh")
            .args(["-c", "trap '' INT; exec \"$0\" \"$1\""])
            .arg(std::env::current_exe().unwrap())
            .arg(probe)
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
    }
}
