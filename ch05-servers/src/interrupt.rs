//! How a program ends early, and what it may do first: a signal that asks it
//! to end, or a reader of its output that has gone.
//!
//! A process has one handler, and a tour has many sections. So the handler is
//! installed once, and a server that wants to drain borrows it.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::process::ExitCode;
use std::sync::{Mutex, Once, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::signals::{self, Signal};

static LISTENER: Mutex<Option<CancellationToken>> = Mutex::new(None);

/// The signal that the listener has heard.
static HEARD: Mutex<Option<Signal>> = Mutex::new(None);

static TIDY_UP: Mutex<Option<Box<dyn Fn() + Send>>> = Mutex::new(None);

/// Installs the handler for Ctrl-C, SIGTERM and SIGHUP; to be called once, in
/// `main`.
///
/// The first signal cancels the token of [`on_interrupt`], if there is one.
/// Otherwise, and the second time, the program ends.
pub fn install() {
    let installed = signals::listen(|signal| {
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
        // A terminal shows `^C`, or half a line; what comes next starts a new
        // one. The lock is held until the process is gone, so that nothing
        // follows. A log that nobody reads is not waited for.
        let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
        if let Some(mut screen) = screen {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
        }
        *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = Some(signal);
        if heard(listener.as_ref()) {
            return;
        }
        tidy_up();
        signal.end();
    });
    // Without the handler they still end the program, less tidily.
    installed.ok();
}

/// Returns `status`, unless a signal was heard: then that ends the program.
pub fn end(status: ExitCode) -> ExitCode {
    match *HEARD.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(signal) => signal.end(),
        None => status,
    }
}

/// Has something called if the program ends without running its destructors:
/// by a signal, or because a `println!` failed. It must not wait.
///
/// Holds for as long as the guard lives; there is one at a time.
pub fn before_an_early_end(
    tidy_up: impl Fn() + Send + 'static,
) -> BeforeAnEarlyEnd {
    *TIDY_UP.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(Box::new(tidy_up));
    // The tour's hook ends the program after a failed `println!`. It stands by
    // the time that a section runs, so this one comes first.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let ends_it = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().unwrap_or_default();
            if message.starts_with("failed printing to std") {
                self::tidy_up();
                // A terminal that hung up takes no more lines.
                end(ExitCode::SUCCESS);
            }
            ends_it(info);
        }));
    });
    BeforeAnEarlyEnd(())
}

/// While this lives, an early end tidies up; see [`before_an_early_end`].
pub struct BeforeAnEarlyEnd(());

impl Drop for BeforeAnEarlyEnd {
    fn drop(&mut self) {
        *TIDY_UP.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn tidy_up() {
    if let Some(tidy_up) =
        &*TIDY_UP.lock().unwrap_or_else(PoisonError::into_inner)
    {
        tidy_up();
    }
}

/// Returns a token that the first signal cancels; the second ends the program.
pub fn on_interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(token.clone());
    token
}

/// Runs `work`, which a signal drops: and with it the processes and folders that
/// it holds, which an end of the program alone would leave behind.
///
/// Returns `None` if that happened.
///
/// # Errors
///
/// There is no event queue to be had; or the work's.
pub fn or_drop<T>(
    work: impl Future<Output = io::Result<T>>,
) -> io::Result<Option<T>> {
    let stop = on_interrupt();
    let done = crate::knock::runtime()?.block_on(async {
        tokio::select! {
            () = stop.cancelled() => Ok(None),
            done = work => done.map(Some),
        }
    });
    // From here on the first one ends the program again.
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = None;
    done
}

/// Tells the listener, and says whether that was news to it.
fn heard(listener: Option<&CancellationToken>) -> bool {
    match listener {
        Some(token) if !token.is_cancelled() => {
            token.cancel();
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ctrl_c_is_heard_and_the_second_ends_the_program() {
        let token = CancellationToken::new();
        assert!(heard(Some(&token)));
        assert!(token.is_cancelled());
        assert!(!heard(Some(&token)));
    }

    #[test]
    fn what_is_interrupted_is_dropped() {
        struct Started<'a>(&'a std::cell::Cell<bool>);
        impl Drop for Started<'_> {
            fn drop(&mut self) {
                self.0.set(true);
            }
        }
        let ended = std::cell::Cell::new(false);
        let done = or_drop(async {
            let _process = Started(&ended);
            // What the handler does.
            assert!(heard(LISTENER.lock().unwrap().as_ref()));
            std::future::pending::<io::Result<()>>().await
        });
        assert!(done.unwrap().is_none() && ended.get());
        assert!(LISTENER.lock().unwrap().is_none());
    }

    #[test]
    fn where_nobody_listens_the_first_one_ends_the_program() {
        assert!(!heard(None));
    }
}
