//! A body cannot be resumed while it runs.
//!
//! New: with one owner, the compiler sees to it. Through a handle that can be
//! cloned it is an error, which Python calls "already executing".
//!
//! cargo run -p ch03-generators -- reentry

use std::sync::mpsc;
use std::thread;

use crate::coroutine::{
    Co, Coroutine, Except, Misuse, Raised, Resumable, Shared, WeakShared,
};

/// Is sent texts and prints them.
///
/// Two owners of one printer do not compile:
///
/// ```compile_fail,E0499
/// use ch03_generators::coroutine::*;
/// use ch03_generators::s08_reentry::printer;
///
/// let mut printer = Coroutine::new(printer).primed().unwrap();
/// let (one, two) = (&mut printer, &mut printer);
/// one.send("foo is nice".to_string());
/// two.send("bar is bad".to_string());
/// ```
///
/// Nor do two threads, with or without a lock: its bodies share cells.
///
/// ```compile_fail,E0277
/// use ch03_generators::coroutine::*;
/// use ch03_generators::s08_reentry::printer;
/// use std::sync::Mutex;
///
/// let printer = Mutex::new(Coroutine::new(printer));
/// std::thread::scope(|scope| {
///     scope.spawn(|| printer.lock().unwrap().send("foo is nice".into()));
/// });
/// ```
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 5.
pub async fn printer(co: Co<'_, (), String>) -> Result<(), Raised> {
    loop {
        if let Some(text) = co.yield_(()).await? {
            println!("{text}");
        }
    }
}

/// Yields, then resumes itself: a loop that no type sees.
pub async fn ouroboros(
    co: Co<'static, u32>,
    me: WeakShared<'static, u32>,
) -> Result<(), Raised> {
    co.yield_(1).await?;
    match me.upgrade()?.next().yielded().except::<Misuse>()? {
        Ok(item) => println!("  bit itself and got {item}"),
        Err(misuse) => println!("  could not bite: {misuse}"),
    }
    co.yield_(2).await?;
    // The error again, by delegation, and not caught.
    co.yield_from(me.upgrade()?).await
}

/// Lets several threads send to one coroutine: it stays on a thread of its own,
/// and what they share is a channel.
///
/// Returns how many texts arrived.
///
/// # Errors
///
/// What the coroutine raised.
pub fn print_from_two_threads(each: usize) -> Result<usize, Raised> {
    let (tx, rx) = mpsc::channel();
    thread::scope(|scope| {
        for text in ["foo is nice", "bar is bad"] {
            let tx = tx.clone();
            scope.spawn(move || {
                for i in 1..=each {
                    // Fails when the printer has: then nobody listens.
                    tx.send(format!("[{text}] {i}")).ok();
                }
            });
        }
        drop(tx);
        // Made here, so that it need not travel.
        let mut printer = Coroutine::new(printer).primed()?;
        let mut count = 0;
        for text in rx {
            printer.send(text).yielded()?;
            count += 1;
        }
        Ok(count)
    })
}

/// Shows a body that resumes itself, then two threads that send to one.
pub fn demo() {
    let mut ouroboros =
        Shared::new_cyclic(|me| Coroutine::new(|co| ouroboros(co, me)));
    for item in ouroboros.items() {
        match item {
            Ok(item) => println!("yielded {item}"),
            Err(raised) => println!("raised: {raised}"),
        }
    }
    println!("state: {:?}", ouroboros.state());

    match print_from_two_threads(3) {
        Ok(count) => println!("{count} texts arrived"),
        Err(raised) => println!("raised: {raised}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coroutine::State;

    #[test]
    fn an_uncaught_re_entry_ends_the_outer_run() {
        let mut ouroboros =
            Shared::new_cyclic(|me| Coroutine::new(|co| ouroboros(co, me)));
        let items: Vec<_> = ouroboros.items().collect();
        assert!(matches!(items[..2], [Ok(1), Ok(2)]));
        let raised = items[2].as_ref().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::AlreadyExecuting));
        assert_eq!(ouroboros.state(), State::Finished);
    }

    #[test]
    fn no_text_is_lost_between_threads() {
        assert_eq!(print_from_two_threads(50).unwrap(), 100);
    }
}
