//! A body cannot be resumed while it runs.
//!
//! New: with one owner, the compiler sees to it. Through a handle that can be
//! cloned it is an error, which Python calls "already executing". A coroutine
//! that is to change threads on its way needs a lock where others have cells.
//!
//! cargo run -p ch03-generators -- reentry

use std::sync::mpsc;
use std::thread;

use crate::coroutine::{
    Co, Coroutine, Except, Misuse, Movable, MovableCo, Raised, Resumable,
    Shared, WeakShared,
};

/// Is sent texts and prints them.
///
/// Two owners of one printer do not compile:
///
/// ```compile_fail,E0499
/// use ch03_generators::coroutine::*;
/// use ch03_generators::reentry::printer;
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
/// use ch03_generators::reentry::printer;
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
                    // Fails when the printer has ended.
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

/// Is sent names, yields greetings; returns how many it greeted once nothing is
/// sent.
pub async fn greeter(co: MovableCo<String, String>) -> Result<usize, Raised> {
    let (mut greeting, mut count) = ("who is there?".to_string(), 0);
    while let Some(name) = co.yield_(greeting).await? {
        count += 1;
        greeting = format!("{name} is number {count}");
    }
    Ok(count)
}

/// Starts a coroutine here, goes on with it on a second thread, ends it here.
fn half_here_half_there() -> Result<(), Raised> {
    let mut greeter = Movable::new(greeter);
    println!("here: {}", greeter.next().yielded()?);
    println!("here: {}", greeter.send("foo".to_string()).yielded()?);
    let there = thread::spawn(move || {
        let greeting = greeter.send("bar".to_string()).yielded();
        (greeter, greeting)
    });
    let (mut greeter, greeting) = there.join().expect("it does not panic");
    println!("from there: {}", greeting?);
    println!("here: {:?}", greeter.next());
    Ok(())
}

/// Shows a body that resumes itself, two threads that send to one coroutine,
/// and one coroutine on two threads.
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

    if let Err(raised) = half_here_half_there() {
        println!("raised: {raised}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    use crate::coroutine::{State, Step};

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
    fn a_suspended_coroutine_moves_with_all_that_it_holds() {
        let mut greeter = Movable::new(greeter);
        greeter.next().yielded().unwrap();
        for n in 1..=3 {
            let there = thread::spawn(move || {
                let greeting = greeter.send("you".to_string()).yielded();
                (greeter, greeting)
            });
            let (back, greeting) = there.join().unwrap();
            greeter = back;
            assert_eq!(greeting.unwrap(), format!("you is number {n}"));
        }
        assert!(matches!(greeter.next(), Step::Returned(3)));
        assert!(matches!(greeter.next(), Step::Raised(_)));
    }

    #[test]
    fn a_movable_body_is_thrown_at_and_closed_like_any_other() {
        let mut body = Movable::<u32>::new(|co| async move {
            let caught = co.yield_(1).await.except_any()?.unwrap_err();
            assert_eq!(caught.to_string(), "oops");
            // An exit, which this body answers with one more yield.
            assert!(matches!(co.yield_(2).await, Err(Raised::Exit)));
            co.yield_(3).await?;
            Ok(())
        });
        let refused = body.send(()).yielded().unwrap_err();
        assert_eq!(refused.misuse(), Some(Misuse::Unprimed));
        assert_eq!(body.next().yielded().unwrap(), 1);
        let thrown = body.throw(Raised::message("oops"));
        assert_eq!(thrown.yielded().unwrap(), 2);
        let raised = body.close().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::IgnoredExit));
        assert_eq!(body.close().unwrap(), None);
    }

    #[test]
    fn a_dropped_movable_body_is_closed_first() {
        let (tx, rx) = mpsc::channel();
        let mut body = Movable::<u32>::new(|co| async move {
            let end = co.yield_(1).await;
            tx.send(matches!(end, Err(Raised::Exit))).unwrap();
            Ok(())
        });
        body.next().yielded().unwrap();
        thread::spawn(move || drop(body)).join().unwrap();
        assert_eq!(rx.recv(), Ok(true));
    }

    #[test]
    fn a_movable_body_cannot_pass_off_anothers_end_as_its_own() {
        let mut body = Movable::<u32>::new(|_| async move {
            let mut ended = Movable::<u32>::new(|_| async { Ok(()) });
            assert!(matches!(ended.next(), Step::Returned(())));
            ended.next().yielded()?;
            Ok(())
        });
        let raised = body.next().yielded().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::RaisedFinished));
    }

    #[test]
    fn two_yields_at_once_of_a_movable_body_are_an_error_and_lose_no_item() {
        let mut body = Movable::<u32>::new(|co| async move {
            let mut first = std::pin::pin!(co.yield_(1));
            let mut second = None;
            std::future::poll_fn(|cx| {
                let polled = first.as_mut().poll(cx);
                if second.is_none() {
                    let two = std::pin::pin!(co.yield_(2));
                    let Poll::Ready(Err(raised)) = two.poll(cx) else {
                        unreachable!("the first one was there before it");
                    };
                    second = raised.misuse();
                }
                polled
            })
            .await?;
            assert_eq!(second, Some(Misuse::TwoAtOnce));
            Ok(())
        });
        assert_eq!(body.next(), Step::Yielded(1));
        assert_eq!(body.next(), Step::Returned(()));
    }

    #[test]
    fn a_movable_body_is_closed_after_the_one_it_delegated_to() {
        let (tx, rx) = mpsc::channel();
        for inner_yields in [false, true] {
            let tx = tx.clone();
            let mut outer = Movable::<u32>::new(move |co| async move {
                let told = co
                    .delegate(|co| async move {
                        let told = co.yield_(1).await;
                        assert!(matches!(told, Err(Raised::Exit)));
                        if inner_yields {
                            co.yield_(2).await?;
                        }
                        Ok(())
                    })
                    .await;
                tx.send(told.as_ref().map_err(ToString::to_string).err())
                    .unwrap();
                told
            });
            assert_eq!(outer.next(), Step::Yielded(1));
            let closed = outer.close();
            let told = rx.recv().unwrap();
            if inner_yields {
                assert_eq!(closed, Err(Misuse::IgnoredExit.into()));
                assert_eq!(told, Some(Misuse::IgnoredExit.to_string()));
            } else {
                assert_eq!(closed, Ok(None));
                assert_eq!(told, Some(Raised::Exit.to_string()));
            }
        }
    }

    #[test]
    fn no_text_is_lost_between_threads() {
        assert_eq!(print_from_two_threads(50).unwrap(), 100);
    }
}
