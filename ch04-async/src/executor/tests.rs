use std::future::{pending, poll_fn};
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::task::Poll;
use std::thread;

use super::*;
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
