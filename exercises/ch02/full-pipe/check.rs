//! What `exchange` guarantees: all input, all output, and no deadlock.

use std::collections::VecDeque;

use exercise_harness::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use exercise_harness::{Check, expect, step, thread};

use super::solution::{Pipe, exchange};

/// A pipe with room for one byte, the smallest possible.
#[derive(Default)]
struct Narrow {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    bytes: VecDeque<u8>,
    /// Whether the writer, or the reader, has closed its end.
    closed: bool,
    deaf: bool,
}

impl Narrow {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the reader's end.
    fn stop_reading(&self) {
        self.lock().deaf = true;
        self.news.notify_all();
    }
}

impl Pipe for Narrow {
    fn write(&self, byte: u8) -> bool {
        let waits = |state: &mut State| !state.bytes.is_empty() && !state.deaf;
        let state = self.news.wait_while(self.lock(), waits);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if state.deaf || state.closed {
            return false;
        }
        state.bytes.push_back(byte);
        self.news.notify_all();
        true
    }

    fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    fn read(&self) -> Option<u8> {
        let waits = |state: &mut State| state.bytes.is_empty() && !state.closed;
        let state = self.news.wait_while(self.lock(), waits);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let byte = state.bytes.pop_front();
        self.news.notify_all();
        byte
    }
}

type Child = fn(&Narrow, &Narrow);

/// Prints each byte `TIMES` times, as soon as it has read it.
fn copies<const TIMES: usize>(stdin: &Narrow, stdout: &Narrow) {
    while let Some(byte) = stdin.read() {
        for _ in 0..TIMES {
            stdout.write(byte);
        }
    }
}

/// Reads everything, and then prints it.
fn sorts(stdin: &Narrow, stdout: &Narrow) {
    let mut all: Vec<u8> = std::iter::from_fn(|| stdin.read()).collect();
    all.sort_unstable();
    for byte in all {
        stdout.write(byte);
    }
}

/// Prints, and does not read.
fn speaks(stdin: &Narrow, stdout: &Narrow) {
    stdin.stop_reading();
    stdout.write(b'm');
    stdout.write(b'o');
}

fn run(child: Child, input: &[u8], prints: &[u8]) {
    let (stdin, stdout) = (Arc::<Narrow>::default(), Arc::<Narrow>::default());
    let process = thread::named("child", {
        let (stdin, stdout) = (Arc::clone(&stdin), Arc::clone(&stdout));
        move || {
            child(&stdin, &stdout);
            step("ends");
            stdin.stop_reading();
            stdout.close();
        }
    });
    let output = exchange(stdin, stdout, input.to_vec());
    process.join().ok();
    expect("the child prints", prints, output.as_slice());
}

pub fn check(check: &mut Check) {
    check
        .case("a child that copies", 1)
        .schedules(0, || run(copies::<1>, b"abcd", b"abcd"));
    check
        .case("one that prints twice what it reads", 1)
        .schedules(0, || run(copies::<2>, b"abc", b"aabbcc"));
    check
        .case("one that reads to the end first", 3)
        .schedules(0, || run(sorts, b"ba", b"ab"));
    check
        .case("one that does not read", 5)
        .schedules(0, || run(speaks, b"ab", b"mo"));
    check
        .case("one that prints nothing", 3)
        .schedules(0, || run(copies::<0>, b"ab", b""));
    check
        .case("a copy, with a preemption", 4)
        .schedules(1, || run(copies::<1>, b"a", b"a"));
}
