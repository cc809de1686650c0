use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::task::Poll;
use std::thread;

use super::*;
use crate::block_on::promise;
use crate::limit::within_limit;

fn run<T: Send + 'static, F: Future<Output = T> + 'static>(
    body: impl FnOnce(Spawner) -> F + Send + 'static,
) -> T {
    within_limit(move || {
        let executor = Executor::new(Clock::paused());
        let main = body(executor.spawner());
        executor.run(main)
    })
}

#[test]
fn tasks_start_in_the_order_of_their_spawning() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = order.clone();
    run(|spawner| async move {
        let handles = ["a", "b", "c"].map(|name| {
            let seen = seen.clone();
            spawner.spawn(async move { seen.lock().unwrap().push(name) })
        });
        for handle in handles {
            handle.await.unwrap();
        }
    });
    assert_eq!(*order.lock().unwrap(), ["a", "b", "c"]);
}

#[test]
fn a_task_woken_three_times_is_polled_once_more() {
    let polls = Arc::new(AtomicU32::new(0));
    let counted = polls.clone();
    let task = poll_fn(move |cx| {
        if counted.fetch_add(1, Ordering::Relaxed) == 1 {
            return Poll::Ready(());
        }
        for _ in 0..3 {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    });
    run(|spawner| async move { spawner.spawn(task).await });
    assert_eq!(polls.load(Ordering::Relaxed), 2);
}

#[test]
fn a_thread_can_wake_a_task() {
    let answer = run(|_| async {
        let (setter, answer) = promise();
        let other = thread::spawn(move || setter.set(42));
        let answer = answer.await;
        other.join().unwrap();
        answer
    });
    assert_eq!(answer, Some(42));
}

#[test]
fn tasks_that_are_not_done_are_dropped_with_the_executor() {
    struct Guard(Arc<AtomicU32>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let drops = Arc::new(AtomicU32::new(0));
    let guard = Guard(drops.clone());
    run(|spawner| async move {
        spawner.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
    });
    assert_eq!(drops.load(Ordering::Relaxed), 1);
}

#[test]
fn an_aborted_task_is_dropped_where_it_waits_and_its_handle_gives_none() {
    let (output, held) = run(|spawner| async move {
        let alive = Rc::new(());
        let guard = alive.clone();
        let task = spawner.spawn(async move {
            pending::<()>().await;
            drop(guard);
        });
        // Waits for a task that is behind it in the queue: it has begun.
        spawner.spawn(async {}).await;
        task.abort();
        (task.await, Rc::strong_count(&alive))
    });
    assert_eq!((output, held), (None, 1));
}

#[test]
fn an_abort_that_comes_too_late_changes_nothing() {
    let output = run(|spawner| async move {
        let task = spawner.spawn(async { 42 });
        spawner.spawn(async {}).await;
        task.abort();
        task.await
    });
    assert_eq!(output, Some(42));
}

#[test]
fn a_task_that_aborts_itself_is_dropped_at_its_next_await() {
    let log = run(|spawner| async move {
        let log = Rc::new(RefCell::new(Vec::new()));
        let (seen, own) = (log.clone(), Rc::new(RefCell::new(None)));
        let mine: Rc<RefCell<Option<Handle<()>>>> = own.clone();
        let task = spawner.spawn(async move {
            mine.borrow().as_ref().inspect(|handle| handle.abort());
            seen.borrow_mut().push("not yet");
            pending::<()>().await;
            seen.borrow_mut().push("never");
        });
        own.replace(Some(task));
        for _ in 0..3 {
            spawner.spawn(async {}).await;
        }
        log.take()
    });
    assert_eq!(log, ["not yet"]);
}

#[test]
fn a_task_need_not_be_send() {
    let count = run(|spawner| async move {
        let count = Rc::new(Cell::new(0));
        let handles = [1, 2, 3].map(|n| {
            let count = count.clone();
            spawner.spawn(async move { count.set(count.get() + n) })
        });
        for handle in handles {
            handle.await.unwrap();
        }
        count.get()
    });
    assert_eq!(count, 6);
}

#[test]
fn a_sleeping_task_is_dropped_with_the_executor_although_the_clock_knows_it() {
    let clock = Clock::paused();
    let executor = Executor::new(clock.clone());
    let spawner = executor.spawner();
    let alive = Rc::new(());
    let held = alive.clone();
    let sleep = clock.sleep(Duration::from_secs(9));
    executor.run(async move {
        spawner.spawn(async move {
            let _held = held;
            sleep.await;
        });
        spawner.spawn(async {}).await
    });
    assert_eq!(Rc::strong_count(&alive), 1);
}

/// Wakes itself at each poll, for ever; asyncio's `while True: sleep(0)`.
async fn busy() {
    loop {
        let mut polled = false;
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            match mem::replace(&mut polled, true) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }
}

#[test]
fn timers_fire_and_the_run_ends_beside_a_task_that_wakes_itself() {
    for clock in [Clock::paused, Clock::real] {
        let slept = within_limit(move || {
            let clock = clock();
            let executor = Executor::new(clock.clone());
            let spawner = executor.spawner();
            executor.run(async move {
                let task = spawner.spawn(busy());
                clock.sleep(Duration::from_millis(2)).await;
                task.abort();
                let aborted = task.await.is_none();
                spawner.spawn(busy());
                clock.sleep(Duration::from_millis(2)).await;
                (aborted, clock.now())
            })
        });
        assert!(slept.0);
        assert!(slept.1 >= Duration::from_millis(4));
    }
}

#[test]
fn the_run_ends_with_main_beside_tasks_that_wake_each_other() {
    let output = run(|spawner| async move {
        for _ in 0..3 {
            spawner.spawn(busy());
        }
        7
    });
    assert_eq!(output, 7);
}

/// What asyncio does: the task's first step comes before the end.
#[test]
fn a_task_that_is_ready_when_main_ends_has_one_more_turn() {
    let log = Rc::new(RefCell::new(Vec::new()));
    let executor = Executor::new(Clock::paused());
    let (spawner, seen) = (executor.spawner(), log.clone());
    executor.run(async move {
        spawner.spawn(async move {
            seen.borrow_mut().push("first step");
            poll_fn(|cx| {
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            })
            .await;
        });
    });
    assert_eq!(*log.borrow(), ["first step"]);
}

#[test]
fn a_paused_clock_stands_still_while_tasks_are_ready() {
    let time = within_limit(|| {
        let clock = Clock::paused();
        let executor = Executor::new(clock.clone());
        let spawner = executor.spawner();
        executor.run(async move {
            spawner.spawn(clock.sleep(Duration::from_secs(1)));
            // Each await is a turn, in which another task is ready.
            for _ in 0..10 {
                spawner.spawn(async {}).await;
            }
            clock.now()
        })
    });
    assert_eq!(time, Duration::ZERO);
}

/// A value whose `Drop` panics; its payload does so again, without end.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic::panic_any(Bomb);
    }
}

#[test]
fn an_output_without_a_handle_whose_drop_panics_ends_nothing() {
    let output = run(|spawner| async move {
        drop(spawner.spawn(async { Bomb }));
        spawner.spawn(async { 42 }).await
    });
    assert_eq!(output, Some(42));
}

#[test]
fn an_aborted_task_whose_drop_panics_ends_nothing() {
    let outputs = run(|spawner| async move {
        let bomb = Bomb;
        let task = spawner.spawn(async move {
            pending::<()>().await;
            drop(bomb);
        });
        spawner.spawn(async {}).await;
        task.abort();
        (task.await, spawner.spawn(async { 42 }).await)
    });
    assert_eq!(outputs, (None, Some(42)));
}

#[test]
fn tasks_whose_drops_panic_are_dropped_each_and_the_output_is_kept() {
    let held = Arc::new(());
    let theirs = held.clone();
    let output = run(move |spawner| async move {
        for _ in 0..3 {
            let (bomb, held) = (Bomb, theirs.clone());
            spawner.spawn(async move {
                pending::<()>().await;
                drop((bomb, held));
            });
        }
        42
    });
    assert_eq!((output, Arc::strong_count(&held)), (42, 1));
}

#[test]
fn a_tasks_panic_ends_the_run_and_no_process_beside_drops_that_panic() {
    let message = run_panics(|spawner| async move {
        for _ in 0..2 {
            let bomb = Bomb;
            spawner.spawn(async move {
                pending::<()>().await;
                drop(bomb);
            });
        }
        spawner.spawn(async {}).await;
        panic!("main");
    });
    assert_eq!(message, Some("main"));
}

/// Runs a main that panics; returns the message.
fn run_panics<F: Future<Output = ()> + 'static>(
    body: impl FnOnce(Spawner) -> F + Send + 'static,
) -> Option<&'static str> {
    within_limit(move || {
        let executor = Executor::new(Clock::paused());
        let main = body(executor.spawner());
        let run = AssertUnwindSafe(|| executor.run(main));
        let payload = panic::catch_unwind(run).err()?;
        payload.downcast_ref::<&str>().copied()
    })
}
