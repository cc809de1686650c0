//! Sync code in async code, and back: `block_on`, `spawn_blocking`, `Handle`.
//!
//! cargo run -p ch04-async -- bridging

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc;
use tokio::task;
use tokio::time;

const MOMENT: Duration = Duration::from_millis(1);
const DISHES: [&str; 3] = ["tea", "rice", "soup"];

/// Looks a price up. This part of the program is async.
pub async fn price(dish: &str) -> usize {
    task::yield_now().await;
    dish.len()
}

/// Adds prices up. This part is not async, and its callback cannot be.
pub fn total(price_of: impl Fn(&str) -> usize) -> usize {
    DISHES.iter().map(|dish| price_of(dish)).sum()
}

/// Starts to wait on a thread that runs tasks.
pub async fn total_broken() -> usize {
    total(|dish| Handle::current().block_on(price(dish)))
}

/// Lets the sync part run, and wait, on a thread that may block.
pub async fn total_bridged() -> usize {
    let handle = Handle::current();
    let sum = task::spawn_blocking(move || {
        total(|dish| handle.block_on(price(dish)))
    });
    sum.await.expect("the sum does not panic")
}

/// Makes the worker a thread that may block, and another thread the worker.
pub async fn total_in_place() -> usize {
    task::block_in_place(|| {
        total(|dish| Handle::current().block_on(price(dish)))
    })
}

/// Waits, on the only thread that could ring the timer, for the timer.
pub async fn circle_broken() -> (bool, bool) {
    let handle = Handle::current();
    let (sender, receiver) = std_mpsc::channel();
    let waiter = thread::spawn(move || {
        handle.block_on(async { time::sleep(MOMENT).await });
        sender.send(()).ok();
    });
    // With a limit; without one, the program would hang.
    let blocked = receiver.recv_timeout(200 * MOMENT).is_ok();
    let free = task::spawn_blocking(|| waiter.join().is_ok());
    (blocked, free.await.expect("joining does not panic"))
}

/// Sends from a thread without a runtime to a task, and back.
pub async fn messages() -> Vec<String> {
    let (orders, mut inbox) = mpsc::channel(1);
    let (dishes, mut served) = mpsc::channel(1);
    let guest = thread::spawn(move || {
        let mut eaten = Vec::new();
        for dish in DISHES {
            orders.blocking_send(dish).expect("the kitchen is open");
            eaten.extend(served.blocking_recv());
        }
        eaten
    });
    while let Some(dish) = inbox.recv().await {
        let dish = format!("{dish} for {}", price(dish).await);
        dishes.send(dish).await.expect("the guest is there");
    }
    // The guest has dropped `orders` and is about to end.
    guest.join().expect("the guest does not panic")
}

/// Crosses the border in each direction, rightly and wrongly.
pub fn demo() {
    println!("block_on on a thread that runs tasks");
    println!("  {}", one_thread(total_broken()));
    println!("  {}", two_workers(total_broken()));
    println!("Handle::block_on in spawn_blocking");
    println!("  {}", one_thread(total_bridged()));
    println!("  {}", two_workers(total_bridged()));
    println!("Handle::block_on in block_in_place");
    println!("  {}", one_thread(total_in_place()));
    println!("  {}", two_workers(total_in_place()));
    println!("the thread that rings the timers waits for a timer");
    let (blocked, free) = on(one(), circle_broken());
    println!("  rung while it waits: {blocked}");
    println!("  rung when it is free: {free}");
    println!("channels between a thread and a task");
    println!("  {}", on(one(), messages()).join(", "));
}

fn one_thread(sum: impl Future<Output = usize>) -> String {
    format!("one thread: {}", outcome(one(), sum))
}

fn two_workers(sum: impl Future<Output = usize> + Send + 'static) -> String {
    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("the system gives threads");
    let sum = async { tokio::spawn(sum).await.map_err(|err| err.into_panic()) };
    let outcome = match on(runtime, sum) {
        Ok(sum) => sum.to_string(),
        Err(panic) => words(panic.as_ref()),
    };
    format!("two workers: {outcome}")
}

fn one() -> Runtime {
    let runtime = Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime without sockets needs nothing that could fail")
}

fn on<T>(runtime: Runtime, future: impl Future<Output = T>) -> T {
    runtime.block_on(future)
}

fn outcome(runtime: Runtime, sum: impl Future<Output = usize>) -> String {
    let run = AssertUnwindSafe(|| on(runtime, sum));
    match panic::catch_unwind(run) {
        Ok(sum) => sum.to_string(),
        Err(panic) => words(panic.as_ref()),
    }
}

/// Returns the first sentence of a panic.
fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or(panic.downcast_ref::<&str>().copied());
    let words = words.unwrap_or("without words");
    let first = words.split_once(". ").map_or(words, |(first, _)| first);
    format!("panicked: {first}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocking_where_tasks_run_panics() {
        assert!(one_thread(total_broken()).contains("panicked"));
        assert!(two_workers(total_broken()).contains("panicked"));
    }

    #[test]
    fn a_thread_that_may_block_waits_for_a_future() {
        assert_eq!(on(one(), total_bridged()), 11);
        assert_eq!(two_workers(total_in_place()), "two workers: 11");
    }

    #[test]
    fn a_timer_does_not_ring_while_its_thread_waits_for_it() {
        assert_eq!(on(one(), circle_broken()), (false, true));
    }

    #[test]
    fn a_thread_and_a_task_answer_each_other() {
        assert_eq!(on(one(), messages()).len(), DISHES.len());
    }
}
