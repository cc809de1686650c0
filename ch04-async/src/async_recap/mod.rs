//! The chapter's core once more: five small programs to predict.
//!
//! cargo run -p ch04-async -- async-recap --question 1

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::task::Poll;
use std::time::Duration;

use clap::Parser;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio::{join, runtime, select, task};

const SECOND: Duration = Duration::from_secs(1);

/// Five small programs: predict what they print, then run them
#[derive(Parser)]
pub struct Options {
    /// Run one of the five only
    #[arg(long, value_name = "NUMBER",
        value_parser = clap::value_parser!(u8).range(1..=5))]
    question: Option<u8>,
}

/// Says when it begins, waits, and says when it is done.
async fn cook(dish: &str, seconds: u32) {
    println!("{dish} begins");
    sleep(seconds * SECOND).await;
    println!("{dish} is done");
}

/// Calls one function, spawns another, and awaits both in turn.
async fn overlapping() {
    let start = Instant::now();
    let tea = cook("tea", 2);
    let rice = task::spawn(cook("rice", 3));
    println!("called");
    tea.await;
    rice.await.expect("cooking does not panic");
    println!("{} s", start.elapsed().as_secs());
}

/// Waits for the first of a future, another future, and a task.
async fn first() {
    let rice = task::spawn(cook("rice", 4));
    select! {
        biased;
        () = cook("soup", 3) => println!("first: soup"),
        () = cook("tea", 2) => println!("first: tea"),
        _ = rice => println!("first: rice"),
    }
    sleep(5 * SECOND).await;
}

/// Adds 1 to what it has read, a turn later.
async fn add(count: &Cell<u32>) {
    let read = count.get();
    task::yield_now().await;
    count.set(read + 1);
}

/// Adds 1 three times in turn, then three times at once, on one thread.
async fn counted() {
    let count = Cell::new(0);
    for _ in 0..3 {
        add(&count).await;
    }
    println!("in turn: {}", count.get());
    join!(add(&count), add(&count), add(&count));
    println!("and at once: {}", count.get());
}

/// Sends three orders to a task that takes orders until there are no more.
async fn drained() {
    let (orders, mut taken) = mpsc::channel(1);
    let mut kitchen = task::spawn(async move {
        let mut dishes = 0;
        while let Some(_dish) = taken.recv().await {
            dishes += 1;
        }
        dishes
    });
    for dish in ["tea", "soup", "rice"] {
        orders.send(dish).await.expect("the kitchen is open");
    }
    let in_time = timeout(SECOND, &mut kitchen).await.is_ok();
    println!("closed within a second: {in_time}");
    drop(orders);
    println!("dishes: {:?}", kitchen.await.ok());
}

/// Awaits a future, ready at its second poll, that never calls its waker.
async fn unwoken() {
    let start = Instant::now();
    let mut polls = 0;
    let ready_at_second = poll_fn(|_cx| {
        polls += 1;
        if polls < 2 {
            Poll::Pending
        } else {
            Poll::Ready("tea")
        }
    });
    println!("{:?}", timeout(SECOND, ready_at_second).await);
    println!("polls: {polls}, after {} s", start.elapsed().as_secs());
}

/// Runs one question, or all, on a clock that jumps over the waits.
///
/// # Errors
///
/// The runtime cannot be made.
pub fn program(options: Options) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    runtime.block_on(async {
        for number in 1..=5 {
            match options.question {
                None => println!("question {number}"),
                Some(asked) if asked == number => {}
                Some(_) => continue,
            }
            match number {
                1 => overlapping().await,
                2 => first().await,
                3 => counted().await,
                4 => drained().await,
                _ => unwoken().await,
            }
        }
    });
    Ok(())
}
