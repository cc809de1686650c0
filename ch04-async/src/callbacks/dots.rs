//! A countdown with dots beside it: by callbacks, and by futures.
//!
//! A callback has no local variables that last, and it cannot be stopped, unless
//! it looks at a shared variable. A future has both.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::time;

use super::EventLoop;

const SECOND: Duration = Duration::from_secs(1);
// Never due at the same moment as a second, below 7 s.
const DOT: Duration = Duration::from_millis(350);

/// Writes a number a second down to zero, in callbacks.
///
/// The number that is next is an argument, handed on from call to call.
fn count(event_loop: &mut EventLoop, n: u32, screen: Screen) {
    screen.write(&n.to_string());
    match n.checked_sub(1) {
        Some(next) => event_loop.call_later(SECOND, move |event_loop| {
            count(event_loop, next, screen);
        }),
        None => screen.counting.set(false),
    }
}

/// Writes dots until the counting is over, in callbacks.
fn dots(event_loop: &mut EventLoop, screen: Screen) {
    event_loop.call_later(DOT, move |event_loop| {
        // It is called once more than it should be: there is no handle to cancel.
        if screen.counting.get() {
            screen.write(".");
            dots(event_loop, screen);
        }
    });
}

/// What is written, and what the two series of callbacks know of each other.
#[derive(Clone, Default)]
struct Screen {
    text: Rc<RefCell<String>>,
    counting: Rc<Cell<bool>>,
}

impl Screen {
    fn write(&self, text: &str) {
        self.text.borrow_mut().push_str(text);
    }
}

/// Counts down beside dots, with callbacks.
///
/// Returns what was written, and when nothing was left to be called.
pub fn with_callbacks(n: u32) -> (String, Duration) {
    let mut event_loop = EventLoop::default();
    let screen = Screen::default();
    screen.counting.set(true);
    count(&mut event_loop, n, screen.clone());
    dots(&mut event_loop, screen.clone());
    event_loop.run();
    (screen.text.take(), event_loop.now())
}

/// Counts down beside dots, with futures; returns the same.
pub async fn with_futures(n: u32) -> (String, Duration) {
    let start = time::Instant::now();
    let text = RefCell::new(String::new());
    let write = |word: &str| text.borrow_mut().push_str(word);
    let count = async {
        write(&n.to_string());
        for left in (0..n).rev() {
            time::sleep(SECOND).await;
            write(&left.to_string());
        }
    };
    let dots = async {
        loop {
            time::sleep(DOT).await;
            write(".");
        }
    };
    tokio::select! {
        () = count => {}
        // Dropped with `select!`, in the middle of its sleep.
        () = dots => {}
    }
    (text.take(), start.elapsed())
}

/// Counts down alone: while it waits, nothing else is done.
pub async fn alone(n: u32) -> (String, Duration) {
    let start = time::Instant::now();
    let mut text = n.to_string();
    for left in (0..n).rev() {
        time::sleep(SECOND).await;
        text += &left.to_string();
    }
    (text, start.elapsed())
}

/// Counts from three alone, and with dots in both ways.
///
/// Source: *Fluent Python*, 1st ed., the timers among its examples.
pub(super) async fn show() {
    println!("a countdown");
    let (text, end) = alone(3).await;
    println!("  alone: {text} and over at {end:.0?}");
    println!("a countdown with dots beside it");
    let (text, end) = with_callbacks(3);
    println!("  callbacks: {text} and over at {end:?}");
    let (text, end) = with_futures(3).await;
    println!("  futures: {text} and over at {end:.0?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn both_write_the_same_and_only_the_futures_end_at_zero() {
        let (by_callbacks, late) = with_callbacks(3);
        let (by_futures, end) = with_futures(3).await;
        assert_eq!(by_callbacks, "3..2...1...0");
        assert_eq!(by_futures, by_callbacks);
        assert_eq!(end, 3 * SECOND);
        assert_eq!(late, 9 * DOT);
    }
}
