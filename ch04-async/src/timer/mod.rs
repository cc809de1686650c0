//! A timer is a sorted list of deadlines and wakers.
//!
//! `sleep` writes itself into the list; the executor sleeps until the first
//! deadline. On a paused clock waiting is an addition.
//!
//! cargo run -p ch04-async -- timer

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

mod fire;

/// A clock and the futures that wait for it. Clones are the same clock.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Timers>>);

struct Timers {
    start: Instant,
    // The time, of a clock that moves in `fire` only.
    paused: Option<Duration>,
    // The number tells two sleeps of the same moment apart, and puts the one
    // that was made first before the other.
    waiting: BTreeMap<(Duration, u64), Waker>,
    asked: u64,
}

impl Clock {
    /// Makes a clock that runs.
    pub fn real() -> Clock {
        Clock::new(None)
    }

    /// Makes a clock that stands at zero, and moves in [`Clock::fire`].
    pub fn paused() -> Clock {
        Clock::new(Some(Duration::ZERO))
    }

    fn new(paused: Option<Duration>) -> Clock {
        Clock(Arc::new(Mutex::new(Timers {
            start: Instant::now(),
            paused,
            waiting: BTreeMap::new(),
            asked: 0,
        })))
    }

    /// Returns the time since the clock was made.
    pub fn now(&self) -> Duration {
        self.lock().now()
    }

    /// Returns a future that is ready `time` from now.
    pub fn sleep(&self, time: Duration) -> Sleep {
        let mut timers = self.lock();
        timers.asked += 1;
        let key = (timers.now() + time, timers.asked);
        let clock = self.clone();
        Sleep { clock, key }
    }

    fn lock(&self) -> MutexGuard<'_, Timers> {
        // Nothing under this lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timers {
    fn now(&self) -> Duration {
        self.paused.unwrap_or_else(|| self.start.elapsed())
    }
}

/// A future that is ready at a moment of its [`Clock`].
pub struct Sleep {
    clock: Clock,
    key: (Duration, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut timers = self.clock.lock();
        if timers.now() >= self.key.0 {
            return Poll::Ready(());
        }
        timers.waiting.insert(self.key, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        // The clock must not stop for a sleep that is gone.
        self.clock.lock().waiting.remove(&self.key);
    }
}

/// Prints which sleeper it wakes.
struct Named(&'static str);

impl Wake for Named {
    fn wake(self: Arc<Self>) {
        println!("  wakes {}", self.0);
    }
}

/// Sets three alarms, cancels a fourth, and lets a paused clock run.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, the loop's `call_later`.
pub fn demo() {
    let clock = Clock::paused();
    let seconds = |n| clock.sleep(Duration::from_secs(n));
    let mut sleeps = [
        ("third", seconds(9)),
        ("first", seconds(2)),
        ("never", seconds(5)),
        ("second", seconds(7)),
        ("with the second", seconds(7)),
    ];
    println!("made: until the next, {:?}", clock.fire());
    for (name, sleep) in &mut sleeps {
        let waker = Waker::from(Arc::new(Named(name)));
        let poll = Pin::new(sleep).poll(&mut Context::from_waker(&waker));
        println!("{name}: {poll:?}");
    }
    println!("polled; one is dropped");
    let kept = sleeps.into_iter().filter(|(name, _)| *name != "never");
    let kept: Vec<_> = kept.collect();
    while clock.fire().is_some() {
        println!("  at {:?}", clock.now());
    }
    println!("fired: {} of 5", kept.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polled(sleep: &mut Sleep) -> Poll<()> {
        Pin::new(sleep).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_sleep_counts_from_when_it_was_made_not_from_its_first_poll() {
        let clock = Clock::paused();
        let (mut two, mut three) = (
            clock.sleep(Duration::from_secs(2)),
            clock.sleep(Duration::from_secs(3)),
        );
        assert!(polled(&mut three).is_pending());
        clock.fire();
        assert_eq!(clock.now(), Duration::from_secs(3));
        assert!(polled(&mut two).is_ready());
    }

    #[test]
    fn dropping_a_sleep_takes_it_off_the_list() {
        let clock = Clock::paused();
        let mut sleep = clock.sleep(Duration::from_secs(1));
        assert!(polled(&mut sleep).is_pending());
        drop(sleep);
        assert_eq!(clock.fire(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn tokios_sleep_ends_at_a_whole_millisecond_ours_where_it_should() {
        let time = Duration::from_micros(1_400);
        let start = tokio::time::Instant::now();
        tokio::time::sleep(time).await;
        assert!(start.elapsed() > time);

        let clock = Clock::paused();
        let mut sleep = clock.sleep(time);
        assert!(polled(&mut sleep).is_pending());
        clock.fire();
        assert_eq!(clock.now(), time);
    }

    #[test]
    fn a_sleep_polled_twice_is_on_the_list_once() {
        let clock = Clock::paused();
        let mut sleep = clock.sleep(Duration::from_secs(1));
        assert!(polled(&mut sleep).is_pending());
        assert!(polled(&mut sleep).is_pending());
        assert_eq!(clock.fire(), Some(Duration::ZERO));
        assert_eq!(clock.fire(), None);
        assert!(polled(&mut sleep).is_ready());
    }

    #[test]
    fn what_is_due_fires_without_moving_a_paused_clock() {
        let clock = Clock::paused();
        let second = Duration::from_secs(1);
        let mut sleeps = [1, 2].map(|n| clock.sleep(second * n));
        for sleep in &mut sleeps {
            assert!(polled(sleep).is_pending());
        }
        assert_eq!(clock.fire_due(), Some(second));
        assert_eq!(clock.now(), Duration::ZERO);
        clock.fire();
        assert_eq!(clock.fire_due(), Some(second));
        assert_eq!(clock.now(), second);
    }

    #[test]
    fn a_real_clock_says_how_long_to_wait_and_moves_nothing() {
        let clock = Clock::real();
        let hour = Duration::from_secs(3_600);
        let mut sleep = clock.sleep(hour);
        assert!(polled(&mut sleep).is_pending());
        let left = clock.fire().unwrap();
        assert!(left > Duration::ZERO && left <= hour);
        assert!(polled(&mut sleep).is_pending());
    }
}
