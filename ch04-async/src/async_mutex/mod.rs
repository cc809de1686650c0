//! Between two awaits no other task runs, on one thread.
//!
//! There a counter needs no lock. An await in the middle changes that, a second
//! thread changes it, and being dropped in the middle changes it under a lock.
//!
//! cargo run -p ch04-async -- async-mutex

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use tokio::sync::oneshot;

use super::sync::{Cell, Mutex, join_all, task};

/// Counts in several futures on one thread; no lock, no atomic.
///
/// The compiler knows why that is sound: a `Cell` is not `Sync`, so that none
/// of these futures can be spawned on a runtime with several threads.
///
/// ```compile_fail,E0277
/// use std::{cell::Cell, rc::Rc};
/// let count = Rc::new(Cell::new(0));
/// tokio::spawn(async move { count.set(count.get() + 1) });
/// ```
pub async fn count(tasks: u32, each: u32) -> u32 {
    let count = Cell::new(0);
    let add = async || {
        for _ in 0..each {
            count.set(count.get() + 1);
            task::yield_now().await;
        }
    };
    join_all((0..tasks).map(|_| add())).await;
    count.get()
}

/// Does as [`count`], with an await between reading and writing.
pub async fn count_broken(tasks: u32, each: u32) -> u32 {
    let count = Cell::new(0);
    let add = async || {
        for _ in 0..each {
            let seen = count.get();
            // All have read the same number when the first one writes.
            task::yield_now().await;
            count.set(seen + 1);
        }
    };
    join_all((0..tasks).map(|_| add())).await;
    count.get()
}

/// Does as [`count_broken`], with a lock that may be held over an await.
pub async fn count_locked(tasks: u32, each: u32) -> u32 {
    let count = Mutex::new(0);
    let add = async || {
        for _ in 0..each {
            let mut count = count.lock().await;
            let seen = *count;
            task::yield_now().await;
            *count = seen + 1;
        }
    };
    join_all((0..tasks).map(|_| add())).await;
    count.into_inner()
}

/// Counts once in each of two tasks on two threads, without an await.
///
/// An atomic makes it compile. Reading and writing are still two steps, and the
/// barrier between them makes the loss certain.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
pub async fn count_on_threads_broken() -> u32 {
    let count = Arc::new(AtomicU32::new(0));
    let barrier = Arc::new(Barrier::new(2));
    let add = |begun: oneshot::Sender<()>| {
        let (count, barrier) = (count.clone(), barrier.clone());
        async move {
            begun.send(()).ok();
            let seen = count.load(Ordering::Relaxed);
            barrier.wait();
            count.store(seen + 1, Ordering::Relaxed);
        }
    };
    let (begun, begins) = oneshot::channel();
    let first = task::spawn(add(begun));
    // The first one keeps its thread from here on: the second gets another.
    begins.await.expect("the task says that it begins");
    let second = task::spawn(add(oneshot::channel().0));
    first.await.expect("it does not panic");
    second.await.expect("it does not panic");
    count.load(Ordering::Relaxed)
}

/// Moves ten from one account to the other, with a pause in the middle.
pub async fn transfer_broken(accounts: &Mutex<[i32; 2]>) {
    let mut accounts = accounts.lock().await;
    accounts[0] -= 10;
    // Dropping this future here releases the lock. Nothing is poisoned.
    task::yield_now().await;
    accounts[1] += 10;
}

/// Moves ten, with nothing in the middle.
pub async fn transfer(accounts: &Mutex<[i32; 2]>) {
    let mut accounts = accounts.lock().await;
    task::yield_now().await;
    accounts[0] -= 10;
    accounts[1] += 10;
}

/// Starts a transfer and drops it at its first pause; returns the sum.
pub async fn dropped<'a, F: Future<Output = ()>>(
    accounts: &'a Mutex<[i32; 2]>,
    transfer: impl FnOnce(&'a Mutex<[i32; 2]>) -> F,
) -> i32 {
    tokio::select! {
        biased;
        () = transfer(accounts) => {}
        () = std::future::ready(()) => {}
    }
    accounts.lock().await.iter().sum()
}

#[tokio::main(flavor = "current_thread")]
async fn on_one_thread<T>(future: impl Future<Output = T>) -> T {
    future.await
}

/// Counts to a thousand in three ways, to two in one, and transfers.
///
/// Source: *Fluent Python*, 1st ed., ch. 18: coroutines are synchronised by
/// definition.
pub fn demo() {
    let (tasks, each, all) = (10, 100, 1000);
    let report = |what, count: u32, of: u32| {
        println!("{what}: {count} of {of}, {} lost", of - count);
    };
    let counted = on_one_thread(count(tasks, each));
    report("no await in between", counted, all);
    let counted = on_one_thread(count_broken(tasks, each));
    report("an await in between", counted, all);
    let counted = on_one_thread(count_locked(tasks, each));
    report("the same, locked", counted, all);
    report("two threads, no await", count_on_threads_broken(), 2);
    on_one_thread(async {
        let accounts = Mutex::new([50, 50]);
        let sum = dropped(&accounts, transfer).await;
        println!("a transfer, dropped: {sum} of 100");
        let sum = dropped(&accounts, transfer_broken).await;
        println!("one with a pause inside, dropped: {sum} of 100");
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    #[tokio::test]
    async fn nothing_is_lost_without_an_await_in_between() {
        assert_eq!(count(10, 100).await, 1000);
        assert_eq!(count_locked(10, 100).await, 1000);
    }

    #[tokio::test]
    async fn an_await_in_between_loses_all_but_one_of_each_round() {
        assert_eq!(count_broken(10, 100).await, 100);
    }

    #[test]
    fn two_threads_lose_one_without_any_await() {
        assert_eq!(within_limit(count_on_threads_broken), 1);
    }

    #[tokio::test]
    async fn a_lock_does_not_keep_a_transfer_whole_that_is_dropped() {
        let accounts = Mutex::new([50, 50]);
        assert_eq!(dropped(&accounts, transfer).await, 100);
        assert_eq!(dropped(&accounts, transfer_broken).await, 90);
    }
}
