//! A future does not know which runtime polls it, unless it asks.
//!
//! The same `async fn` runs on four loops. What ties a future to one of them is
//! a timer or a socket that has to be registered there.
//!
//! cargo run -p ch04-async -- runtimes

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use crate::block_on::block_on;
use crate::executor::Executor;
use crate::join_by_hand::join;
use crate::timer::Clock;

/// Gives way once, on any runtime: wakes itself before it waits.
pub async fn give_way() {
    let mut gave_way = false;
    poll_fn(|cx| {
        if gave_way {
            return Poll::Ready(());
        }
        gave_way = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

type Log = Rc<RefCell<Vec<String>>>;

async fn steps(log: &Log, name: &str) {
    for n in 1..=3 {
        log.borrow_mut().push(format!("{name}{n}"));
        give_way().await;
    }
}

/// Takes two times three steps in turn; returns them in one line.
pub async fn alternate() -> String {
    let log = Log::default();
    join(steps(&log, "a"), steps(&log, "b")).await;
    log.take().join(" ")
}

/// Sets its flag unless it is dropped first.
async fn task(log: Log) {
    give_way().await;
    log.borrow_mut().push("it goes on".into());
}

/// Says what became of a task whose handle was dropped.
async fn after_drop(log: &Log) -> String {
    for _ in 0..3 {
        give_way().await;
    }
    log.borrow_mut().pop().unwrap_or("it is cancelled".into())
}

fn on_tokio<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::LocalRuntime::new()
        .expect("a runtime without sockets needs nothing that could fail")
        .block_on(future)
}

/// Runs one future on four loops, then shows where they differ.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, "Async Beyond asyncio: Curio".
pub fn demo() {
    println!("the same future");
    println!("  block_on: {}", block_on(alternate()));
    let executor = Executor::new(Clock::real());
    println!("  our executor: {}", executor.run(alternate()));
    println!("  tokio: {}", on_tokio(alternate()));
    println!("  smol: {}", smol::block_on(alternate()));

    println!("a task's handle is dropped");
    println!("  our executor: {}", dropped_on_ours());
    println!("  tokio: {}", dropped_on_tokio());
    println!("  smol: {}", dropped_on_smol());

    println!("cancelling and waiting for it");
    println!("  our executor: {}", cancelled_on_ours());
    println!("  tokio: {}", cancelled_on_tokio());
    println!("  smol: {}", cancelled_on_smol());

    println!("a timer on our executor");
    let moment = Duration::from_millis(1);
    let run = |future| Executor::new(Clock::real()).run(future);
    // smol's timers have a thread of their own, which calls any waker.
    run(Box::pin(async move {
        smol::Timer::after(moment).await;
        println!("  smol's: it rings");
    }));
    // tokio's belong to the runtime in whose context they are made.
    let foreign = AssertUnwindSafe(|| block_on(tokio::time::sleep(moment)));
    let panicked = panic::catch_unwind(foreign).is_err();
    println!("  tokio's: panicked is {panicked}");
}

fn dropped_on_ours() -> String {
    let executor = Executor::new(Clock::real());
    let spawner = executor.spawner();
    executor.run(async move {
        let log = Log::default();
        drop(spawner.spawn(task(log.clone())));
        after_drop(&log).await
    })
}

fn dropped_on_tokio() -> String {
    on_tokio(async {
        let log = Log::default();
        drop(tokio::task::spawn_local(task(log.clone())));
        after_drop(&log).await
    })
}

fn dropped_on_smol() -> String {
    let executor = smol::LocalExecutor::new();
    smol::block_on(executor.run(async {
        let log = Log::default();
        // Its Task is a guard; `detach()` would let it go.
        drop(executor.spawn(task(log.clone())));
        after_drop(&log).await
    }))
}

fn cancelled_on_ours() -> String {
    let executor = Executor::new(Clock::real());
    let spawner = executor.spawner();
    executor.run(async move {
        let task = spawner.spawn(std::future::pending::<()>());
        task.abort();
        format!("abort(), then await: {:?}", task.await)
    })
}

fn cancelled_on_tokio() -> String {
    on_tokio(async {
        let task = tokio::task::spawn_local(std::future::pending::<()>());
        // Two steps: ask, and wait until it has happened.
        task.abort();
        let cancelled = task.await.is_err_and(|err| err.is_cancelled());
        format!("abort(), then await: is_cancelled() is {cancelled}")
    })
}

fn cancelled_on_smol() -> String {
    let executor = smol::LocalExecutor::new();
    smol::block_on(executor.run(async {
        let task = executor.spawn(std::future::pending::<()>());
        // One step, as Curio's `await task.cancel()`.
        format!("cancel().await gives {:?}", task.cancel().await)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_loops_take_the_same_steps() {
        let steps = "a1 b1 a2 b2 a3 b3";
        assert_eq!(block_on(alternate()), steps);
        assert_eq!(Executor::new(Clock::real()).run(alternate()), steps);
        assert_eq!(on_tokio(alternate()), steps);
        assert_eq!(smol::block_on(alternate()), steps);
    }

    #[test]
    fn only_smol_cancels_a_task_whose_handle_is_dropped() {
        assert_eq!(dropped_on_ours(), "it goes on");
        assert_eq!(dropped_on_tokio(), "it goes on");
        assert_eq!(dropped_on_smol(), "it is cancelled");
    }

    #[test]
    fn a_tokio_timer_outside_tokio_says_what_is_missing() {
        let sleep = || block_on(tokio::time::sleep(Duration::ZERO));
        let panic = panic::catch_unwind(sleep).unwrap_err();
        let message = panic.downcast_ref::<&str>().copied().unwrap_or(
            panic.downcast_ref::<String>().map_or("", String::as_str),
        );
        assert!(message.contains("no reactor running"), "{message}");
    }
}
