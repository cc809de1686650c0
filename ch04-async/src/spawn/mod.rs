//! `tokio::spawn`, `JoinHandle` and `JoinSet`: tasks that run side by side.
//!
//! cargo run -p ch04-async -- spawn

use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{self, Instant};

/// Half a second.
pub const SHORT: Duration = Duration::from_millis(500);

/// A second.
pub const LONG: Duration = Duration::from_millis(1000);

/// Takes its time, says when it begins and ends, and returns its name.
pub async fn cook(what: &'static str, takes: Duration) -> &'static str {
    println!("  {what}: begins");
    time::sleep(takes).await;
    println!("  {what}: done");
    what
}

/// Starts two tasks, then waits for each.
pub async fn two() {
    let start = Instant::now();
    let tea = tokio::spawn(cook("tea", SHORT));
    let rice = tokio::spawn(cook("rice", LONG));
    println!("  main: both are spawned");
    tea.await.expect("the task does not panic");
    rice.await.expect("the task does not panic");
    println!("  main: after {:.1} s", start.elapsed().as_secs_f32());
}

/// Starts three tasks, and takes each result as it comes.
pub async fn as_they_come() {
    let mut tasks = JoinSet::new();
    tasks.spawn(cook("rice", LONG));
    tasks.spawn(cook("tea", SHORT));
    tasks.spawn(cook("soup", SHORT + LONG));
    while let Some(done) = tasks.join_next().await {
        let what = done.expect("the task does not panic");
        println!("  main: serves {what}");
    }
}

/// Waits for a task that panics.
pub async fn fails() {
    let toast: JoinHandle<()> = tokio::spawn(async { panic!("burnt") });
    match toast.await {
        Ok(()) => println!("  main: toast"),
        Err(err) => println!("  main: no toast; panicked: {}", err.is_panic()),
    }
}

/// Tells for both kinds of runtime which thread runs a task.
pub fn whose_thread() {
    for (name, mut builder) in [
        ("current-thread", Builder::new_current_thread()),
        ("multi-thread", Builder::new_multi_thread()),
    ] {
        let runtime = builder.build().expect("the system gives threads");
        let task = runtime.spawn(async { thread::current().id() });
        let ran_on = runtime.block_on(task).expect("the task does not panic");
        let here = thread::current().id();
        println!("  {name}: on the caller's thread: {}", ran_on == here);
    }
}

/// Runs the four, one after the other.
pub async fn demo() {
    println!("two tasks");
    two().await;
    println!("a JoinSet");
    as_they_come().await;
    println!("a task that panics");
    fails().await;
    println!("which thread runs a task");
    // A runtime cannot be started inside of another: it gets a thread.
    let thread = thread::spawn(whose_thread);
    thread.join().expect("the thread does not panic");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn two_tasks_take_as_long_as_the_longer() {
        let start = Instant::now();
        two().await;
        assert_eq!(start.elapsed(), LONG);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_handle_leaves_the_task_running() {
        let (done, finished) = tokio::sync::oneshot::channel();
        drop(tokio::spawn(async {
            cook("tea", SHORT).await;
            done.send(()).ok();
        }));
        assert_eq!(finished.await, Ok(()));
    }
}
