//! How a program ends early: by a signal that asks it to, or because its output
//! has no reader; and what a section may do first.
//!
//! A process has one handler, and a tour has many sections. So the tour installs
//! the handler, and a section borrows the next signal: with [`listen`], to
//! finish something before the program ends by that signal, or with [`take`],
//! to give the signal a meaning of its own. A second signal always ends the
//! program.
//!
//! No destructor runs when the program ends early. What must not stay behind,
//! [`before_early_end`] takes away.

use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use signals::Signal;

use crate::terminal::fresh_line;

struct State {
    ignores: fn(Signal) -> bool,
    listener: Option<Listener>,
    tidy_ups: Vec<(u64, Box<dyn Fn() + Send>)>,
    /// The signal that a section is finishing for.
    heard: Option<Signal>,
    last_id: u64,
}

struct Listener {
    id: u64,
    hears: fn(Signal) -> bool,
    /// Whether the program ends when the section has finished.
    ends: bool,
    tell: Box<dyn FnOnce() + Send>,
}

static STATE: Mutex<State> = Mutex::new(State {
    ignores: |_| false,
    listener: None,
    tidy_ups: Vec::new(),
    heard: None,
    last_id: 0,
});

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Returns what is to be told of a signal, once.
    fn listener_for(
        &mut self,
        signal: Signal,
    ) -> Option<Box<dyn FnOnce() + Send>> {
        let listener =
            self.listener.take_if(|listener| (listener.hears)(signal))?;
        if listener.ends {
            self.heard = Some(signal);
        }
        Some(listener.tell)
    }
}

/// Installs the handler for Ctrl-C, SIGTERM and SIGHUP.
pub(crate) fn install() {
    let installed = signals::listen(|signal| {
        let mut state = state();
        if (state.ignores)(signal) {
            return;
        }
        if let Some(tell) = state.listener_for(signal) {
            drop(state);
            return tell();
        }
        // Both are kept until the process is gone: nothing new is registered,
        // and nothing is drawn below the fresh line.
        let _screen = fresh_line();
        state.tidy_up();
        signal.end();
    });
    // Without the handler they still end the program, less tidily.
    installed.ok();
}

impl State {
    fn tidy_up(&self) {
        for (_, tidy_up) in &self.tidy_ups {
            tidy_up();
        }
    }
}

/// Tidies up, and ends the program by the signal that was heard, if one was.
pub(crate) fn end_early() {
    let state = state();
    state.tidy_up();
    if let Some(signal) = state.heard {
        signal.end();
    }
}

/// Says whether a section was asked to finish: no other is to begin.
pub(crate) fn was_heard() -> bool {
    state().heard.is_some()
}

/// Returns `status`, unless a signal was heard by [`listen`]: then that ends the
/// program, with status 130 after Ctrl-C and by the signal otherwise.
pub fn end(status: ExitCode) -> ExitCode {
    let heard = state().heard;
    match heard {
        Some(signal) => signal.end(),
        None => status,
    }
}

/// Calls `tell` at the next signal, for as long as the result lives.
///
/// The section then finishes and returns, and the program ends by the signal.
/// `tell` is called on another thread.
#[must_use = "it listens for as long as this lives"]
pub fn listen(tell: impl FnOnce() + Send + 'static) -> Listening {
    hear(|_| true, true, Box::new(tell))
}

/// Calls `tell` at the next signal that `hears` accepts, for as long as the
/// result lives; what follows is up to the section. Others end the program.
#[must_use = "it listens for as long as this lives"]
pub fn take(
    hears: fn(Signal) -> bool,
    tell: impl FnOnce() + Send + 'static,
) -> Listening {
    hear(hears, false, Box::new(tell))
}

fn hear(
    hears: fn(Signal) -> bool,
    ends: bool,
    tell: Box<dyn FnOnce() + Send>,
) -> Listening {
    let mut state = state();
    let id = state.next_id();
    state.listener = Some(Listener {
        id,
        hears,
        ends,
        tell,
    });
    Listening(id)
}

/// While this lives, a section hears the next signal.
#[derive(Debug)]
pub struct Listening(u64);

impl Drop for Listening {
    fn drop(&mut self) {
        state().listener.take_if(|listener| listener.id == self.0);
    }
}

/// Has `tidy_up` called before a signal or a failed `println!` ends the
/// program, for as long as the result lives.
///
/// It must neither wait nor print: other threads may hold what it waits for.
#[must_use = "it is forgotten when this is dropped"]
pub fn before_early_end(tidy_up: impl Fn() + Send + 'static) -> TidyUp {
    let mut state = state();
    let id = state.next_id();
    state.tidy_ups.push((id, Box::new(tidy_up)));
    TidyUp(id)
}

/// While this lives, something is tidied up before the program ends early.
#[derive(Debug)]
pub struct TidyUp(u64);

impl Drop for TidyUp {
    fn drop(&mut self) {
        state().tidy_ups.retain(|(id, _)| *id != self.0);
    }
}

/// Makes this process ignore the signals that `ignores` accepts, from here on.
pub fn ignore(ignores: fn(Signal) -> bool) {
    state().ignores = ignores;
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// The state is the process's: one test at a time.
    static TURN: Mutex<()> = Mutex::new(());

    fn told(signal: Signal) -> bool {
        let tell = state().listener_for(signal);
        tell.map(|tell| tell()).is_some()
    }

    #[test]
    fn first_signal_is_heard_and_second_ends_the_program() {
        let _turn = TURN.lock();
        let (tx, rx) = mpsc::channel();
        let listening = listen(move || tx.send(()).unwrap());
        assert!(told(Signal::TERMINATE));
        assert_eq!(rx.try_recv(), Ok(()));
        assert_eq!(state().heard.take(), Some(Signal::TERMINATE));
        assert!(!told(Signal::CTRL_C));
        drop(listening);
    }

    #[test]
    fn a_signal_that_is_taken_does_not_end_the_program() {
        let _turn = TURN.lock();
        let _listening = take(|signal| signal == Signal::CTRL_C, || ());
        assert!(!told(Signal::TERMINATE));
        assert!(told(Signal::CTRL_C));
        assert_eq!(state().heard, None);
    }

    #[test]
    fn a_listener_is_gone_with_its_guard_and_only_then() {
        let _turn = TURN.lock();
        let first = listen(|| ());
        let second = listen(|| ());
        drop(first);
        assert!(state().listener.is_some());
        drop(second);
        assert!(!told(Signal::CTRL_C));
    }

    #[test]
    fn files_are_removed_until_their_guard_is_dropped() {
        let _turn = TURN.lock();
        let (tx, rx) = mpsc::channel();
        let tidy = before_early_end(move || tx.send(()).unwrap());
        state().tidy_up();
        assert_eq!(rx.try_recv(), Ok(()));
        drop(tidy);
        state().tidy_up();
        assert!(rx.try_recv().is_err());
    }
}
