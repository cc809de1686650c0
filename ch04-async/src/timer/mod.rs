//! A timer is a sorted list of deadlines and wakers.
//!
//! `sleep` writes itself into the list; whoever waits for the futures waits
//! until the first deadline. On a paused clock waiting is an addition.
//!
//! cargo run -p ch04-async -- timer

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

/// A clock and the futures that wait for it. Clones are the same clock.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Timers>>);

struct Timers {
    start: Instant,
    // The time, if it only moves when it is told to.
    paused: Option<Duration>,
    // The number tells apart two who wait for the same moment, and puts the one
    // who asked first before the other.
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

    /// Wakes whoever is due; returns how long until somebody will be.
    ///
    /// To be called when nothing else is left to do: a paused clock then moves
    /// to the next deadline. `None`: nobody waits.
    pub fn fire(&self) -> Option<Duration> {
        let mut timers = self.lock();
        let next = timers.waiting.keys().next()?.0;
        if let Some(now) = &mut timers.paused {
            *now = next.max(*now);
        }
        drop(timers);
        self.fire_due()
    }

    /// Does the same as [`Clock::fire`], but never moves a paused clock.
    ///
    /// To be called while something else is left to do: timers must not wait
    /// until all others are idle, which may never be.
    pub fn fire_due(&self) -> Option<Duration> {
        let mut timers = self.lock();
        let next = timers.waiting.keys().next()?.0;
        let now = timers.now();
        // What is due lies before (now, u64::MAX); the rest stays.
        let rest = timers.waiting.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut timers.waiting, rest);
        drop(timers);
        match due.is_empty() {
            true => Some(next.saturating_sub(now)),
            false => {
                due.into_values().for_each(Waker::wake);
                Some(Duration::ZERO)
            }
        }
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
        // Who no longer waits must not keep the clock waiting.
        self.clock.lock().waiting.remove(&self.key);
    }
}

/// Says whom it woke.
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
    fn due_timer_fires_without_moving_a_paused_clock() {
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
