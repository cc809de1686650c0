//! Stage 1: a queue of the tasks that were woken.
//!
//! cargo run -p ch04-async -- executor --stage queue

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use crate::future::{Task, run_in_circles};
use crate::timer::Clock;

/// What a waker needs to queue its task: the task's number, and the queue.
struct Ticket {
    id: u64,
    queue: Sender<u64>,
}

impl Wake for Ticket {
    fn wake(self: Arc<Self>) {
        // An executor that is gone polls nothing any more.
        self.queue.send(self.id).ok();
    }
}

/// Polls the tasks that were woken until all are ready; returns how often.
pub fn run_woken(clock: &Clock, tasks: Vec<Task<'_>>) -> u64 {
    let (queue, ready) = mpsc::channel();
    let mut tasks: HashMap<u64, Task<'_>> = (1..).zip(tasks).collect();
    // The first poll of each task comes without a wake-up.
    for id in 1..=tasks.len() as u64 {
        queue.send(id).expect("its receiver is above");
    }
    let mut polls = 0;
    while !tasks.is_empty() {
        let woken = ready.try_recv().ok().or_else(|| wait(clock, &ready));
        let Some(id) = woken else { continue };
        // A waker may outlive its task, and call for it in vain.
        let Some(task) = tasks.get_mut(&id) else {
            continue;
        };
        let queue = queue.clone();
        let waker = Waker::from(Arc::new(Ticket { id, queue }));
        let mut cx = Context::from_waker(&waker);
        polls += 1;
        if task.as_mut().poll(&mut cx).is_ready() {
            tasks.remove(&id);
        }
    }
    polls
}

/// Sleeps until the next timer is due, or another thread wakes a task.
pub(super) fn wait(clock: &Clock, ready: &Receiver<u64>) -> Option<u64> {
    match clock.fire() {
        None => ready.recv().ok(),
        Some(left) => ready.recv_timeout(left).ok(),
    }
}

/// Waits by the clock, then says what is done.
async fn cook(clock: &Clock, what: &str, millis: u64) {
    clock.sleep(Duration::from_millis(millis)).await;
    println!("  {what}: done");
}

/// Runs the same two tasks in circles, and by the queue.
pub fn demo() {
    let clock = Clock::real();
    let tasks = || -> Vec<Task<'_>> {
        let tea = cook(&clock, "tea", 50);
        let rice = cook(&clock, "rice", 100);
        vec![Box::pin(tea), Box::pin(rice)]
    };
    println!("in circles");
    println!("  polls: {}", run_in_circles(tasks()));
    println!("those that were woken");
    println!("  polls: {}", run_woken(&clock, tasks()));
}
