//! The chapter's core once more: five small programs to predict.
//!
//! cargo run -p ch03-generators -- generators-recap --question 1

use clap::Parser;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};
use crate::scheduler::crash::say_times;
use crate::scheduler::exit::Scheduler;

/// Five programs to predict
#[derive(Parser)]
pub struct Options {
    /// Run one of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=5))]
    question: Option<u8>,
}

/// Asks a lazy iterator for two of its three items.
pub fn lazily() {
    let doubled = [1, 2, 3].into_iter().map(|n| {
        println!("doubling {n}");
        2 * n
    });
    println!("made");
    let first: Vec<i32> = doubled.take(2).collect();
    println!("{first:?}");
}

/// Yields the total of what it was sent; nothing sent counts as 100.
async fn total(co: Co<'_, u32, u32>) -> Result<(), Raised> {
    let mut total = 0;
    loop {
        total += co.yield_(total).await?.unwrap_or(100);
    }
}

/// Resumes a coroutine with and without a value.
pub fn sent() {
    let mut total = Coroutine::new(total);
    println!("{:?}", total.next());
    println!("{:?}", total.send(5));
    println!("{:?}", total.next());
    println!("{:?}", total.send(1));
}

/// Prints a line when it is dropped.
struct Bell;

impl Drop for Bell {
    fn drop(&mut self) {
        println!("the bell rings");
    }
}

/// Yields once, and ends when it is asked to.
async fn guarded(co: Co<'_, u32>) -> Result<(), Raised> {
    let _bell = Bell;
    if co.yield_(1).await.is_err() {
        println!("asked to end");
    }
    println!("last line");
    Ok(())
}

/// Closes a coroutine that waits at its yield.
pub fn closed() {
    let mut guarded = Coroutine::new(guarded);
    println!("{:?}", guarded.next());
    println!("closing");
    let closed = guarded.close().is_ok();
    println!("closed: {closed}");
}

/// Yields two letters, and returns how many.
async fn inner(co: Co<'_, char>) -> Result<u32, Raised> {
    co.yield_('a').await?;
    co.yield_('b').await?;
    Ok(2)
}

/// Delegates, and yields a letter of its own.
async fn outer(co: Co<'_, char>) -> Result<(), Raised> {
    let count = co.delegate(inner).await?;
    println!("inner returned {count}");
    co.yield_('c').await?;
    Ok(())
}

/// Loops over a coroutine that delegates.
pub fn delegated() {
    for letter in Coroutine::new(outer).items().flatten() {
        println!("{letter}");
    }
}

/// Runs three tasks, of one, three and two turns.
pub fn scheduled() {
    let mut scheduler = Scheduler::default();
    for (name, turns) in [("foo", 1), ("bar", 3), ("baz", 2)] {
        scheduler.spawn(Coroutine::new(move |co| say_times(co, name, turns)));
    }
    scheduler.run().expect("none raises anything");
}

/// Runs one question, or all.
pub fn program(options: Options) {
    let questions = [lazily, sent, closed, delegated, scheduled];
    for (number, question) in (1..).zip(questions) {
        match options.question {
            None => println!("question {number}"),
            Some(asked) if asked == number => {}
            Some(_) => continue,
        }
        question();
    }
}
