//! Waiting for many: what happens to the others?
//!
//! All, the first error, the first result, each as it comes, no longer than a
//! limit: five questions, and each answer drops the other futures, or does not.
//!
//! cargo run -p ch04-async -- combinators --paused

use std::pin::pin;
use std::time::Duration;

use futures::future::{join_all, try_join_all};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::task;
use tokio::time;

mod wait;

pub use wait::{Until, wait};

/// Says so if it is dropped before its call is over.
struct Call(char, bool);

impl Drop for Call {
    fn drop(&mut self) {
        if !self.1 {
            println!("  {} is dropped", self.0);
        }
    }
}

/// Waits for some tenths of a second and returns its name.
///
/// # Errors
///
/// If it waits for one tenth, so that one of the calls fails.
pub async fn call(name: char, tenths: u64) -> Result<char, String> {
    let mut call = Call(name, false);
    time::sleep(Duration::from_millis(100 * tenths)).await;
    call.1 = true;
    println!("  {name} is done");
    match tenths {
        1 => Err(format!("{name} failed")),
        _ => Ok(name),
    }
}

/// A, B, C, of which B is the first, and fails.
pub const CALLS: [(char, u64); 3] = [('a', 3), ('b', 1), ('c', 2)];

fn calls() -> impl Iterator<Item = impl Future<Output = Result<char, String>>> {
    CALLS.into_iter().map(|(name, tenths)| call(name, tenths))
}

/// Waits for all three, in three ways.
async fn all() {
    println!("join_all: all, in the order given");
    println!("  {:?}", join_all(calls()).await);

    println!("try_join_all: all, or the first error");
    println!("  {:?}", try_join_all(calls()).await);

    println!("the same as tasks: the first error, the others go on");
    let spawn = |(name, tenths)| task::spawn(call(name, tenths));
    let [a, b, c] = CALLS.map(spawn);
    println!("  {:?}", b.await.expect("a call does not panic"));
    for task in [a, c] {
        // Each call prints its own end.
        task.await.expect("a call does not panic").ok();
    }
}

/// Takes each result as soon as it is there.
async fn each() {
    println!("as they are done, each with its name");
    let keyed = CALLS.map(|(name, tenths)| async move {
        // The result carries its name: there is nothing to look up.
        (name, call(name, tenths).await.is_ok())
    });
    let mut keyed = FuturesUnordered::from_iter(keyed);
    while let Some((name, ok)) = keyed.next().await {
        println!("  {name}: {ok}");
    }
}

/// Waits for the first of two, then for the other.
async fn first() {
    println!("select!: the first, then the other after all");
    let (mut a, mut c) = (pin!(call('a', 3)), pin!(call('c', 2)));
    // `&mut`: what is dropped at the end of select! is a reference.
    tokio::select! {
        first = &mut a => println!("  first: {first:?}"),
        first = &mut c => println!("  first: {first:?}"),
    }
    println!("  second: {:?}", a.await);
}

/// Waits no longer than two tenths of a second.
async fn limited() {
    println!("timeout: 0.2 s for the one that takes 0.3");
    let limit = Duration::from_millis(200);
    println!("  {:?}", time::timeout(limit, call('a', 3)).await);

    println!("timeout of a reference: it goes on");
    let mut a = pin!(call('a', 3));
    println!("  {:?}", time::timeout(limit, &mut a).await);
    println!("  {:?}", a.await);
}

/// Waits for the same three calls in each way that there is.
///
/// Source: *Fluent Python*, 2nd ed., ch. 20 and 21; 1st ed., ch. 18, on `wait`.
pub async fn demo() {
    all().await;
    each().await;
    first().await;
    limited().await;
    wait::show().await;
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::{Context, Poll, Waker};

    use futures::FutureExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn join_all_keeps_the_order_given_and_every_error() {
        let found = join_all(calls()).await;
        assert_eq!(found, [Ok('a'), Err("b failed".into()), Ok('c')]);
    }

    #[tokio::test(start_paused = true)]
    async fn try_join_all_ends_with_the_first_error_not_with_the_last_call() {
        let start = time::Instant::now();
        assert_eq!(try_join_all(calls()).await, Err("b failed".into()));
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }

    #[tokio::test(start_paused = true)]
    async fn try_join_all_drops_the_others_and_tasks_go_on() {
        let alive = Rc::new(());
        let guarded = |(name, tenths)| {
            let guard = alive.clone();
            async move {
                let result = call(name, tenths).await;
                drop(guard);
                result
            }
        };
        let failed = try_join_all(CALLS.map(guarded)).await;
        assert_eq!(failed, Err("b failed".into()));
        assert_eq!(Rc::strong_count(&alive), 1);

        let [a, b, c] = CALLS.map(|(name, n)| task::spawn(call(name, n)));
        let failed = task::yield_now().then(|()| b).await.unwrap();
        assert_eq!(failed, Err("b failed".into()));
        assert_eq!(a.await.unwrap(), Ok('a'));
        assert_eq!(c.await.unwrap(), Ok('c'));
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_drops_what_it_owns() {
        let alive = Rc::new(());
        let guard = alive.clone();
        let owned = async move {
            std::future::pending::<()>().await;
            drop(guard);
        };
        let limit = Duration::from_millis(200);
        assert!(time::timeout(limit, owned).await.is_err());
        assert_eq!(Rc::strong_count(&alive), 1);
    }

    /// Polls `n` futures that wait, joined, and wakes the first; returns how
    /// many of them are polled then.
    fn polled_after_a_wake(n: usize) -> usize {
        let (polls, wakers) = (Cell::new(0), RefCell::new(Vec::new()));
        let waits = |_| {
            poll_fn(|cx| {
                polls.set(polls.get() + 1);
                wakers.borrow_mut().push(cx.waker().clone());
                Poll::<()>::Pending
            })
        };
        let mut all = pin!(join_all((0..n).map(waits)));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(all.as_mut().poll(&mut cx).is_pending());
        polls.set(0);
        wakers.borrow()[0].wake_by_ref();
        assert!(all.as_mut().poll(&mut cx).is_pending());
        polls.get()
    }

    #[test]
    fn join_all_polls_all_of_thirty_and_one_of_thirty_one() {
        assert_eq!(polled_after_a_wake(30), 30);
        assert_eq!(polled_after_a_wake(31), 1);
    }

    #[test]
    fn join_and_select_poll_everything_they_hold() {
        let polls = Cell::new(0);
        let waits = || {
            poll_fn(|_| {
                polls.set(polls.get() + 1);
                Poll::<()>::Pending
            })
        };
        let mut cx = Context::from_waker(Waker::noop());
        let mut joined = pin!(async { tokio::join!(waits(), waits()) });
        for _ in 0..3 {
            assert!(joined.as_mut().poll(&mut cx).is_pending());
        }
        assert_eq!(polls.take(), 6);
        let mut selected = pin!(async {
            tokio::select! { () = waits() => {} () = waits() => {} }
        });
        for _ in 0..3 {
            assert!(selected.as_mut().poll(&mut cx).is_pending());
        }
        assert_eq!(polls.take(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn futures_unordered_gives_them_as_they_are_done() {
        let unordered = FuturesUnordered::from_iter(calls());
        let found: Vec<_> = unordered.collect().await;
        assert_eq!(found, [Err("b failed".into()), Ok('c'), Ok('a')]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_of_a_reference_cancels_nothing() {
        let mut a = pin!(call('a', 3));
        let limit = Duration::from_millis(200);
        assert!(time::timeout(limit, &mut a).await.is_err());
        assert_eq!(a.await, Ok('a'));
    }
}
