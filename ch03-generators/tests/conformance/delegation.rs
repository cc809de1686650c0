//! What is delegated to a generator, to an iterator, to a type of one's own.

use super::*;

#[test]
fn delegation_of_initial_next_to_subgenerator() {
    conforms("delegation_of_initial_next_to_subgenerator", |log| {
        let mut g1 = Coroutine::new(|co: Numbers| async move {
            log.say("start g1");
            co.delegate(|co| async move {
                log.say("start g2");
                co.yield_(42).await?;
                log.say("finish g2");
                Ok(())
            })
            .await?;
            log.say("finish g1");
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}

#[test]
fn raising_exception_in_initial_next_call() {
    conforms("raising_exception_in_initial_next_call", |log| {
        let mut g1 = g1(log, |_| async {
            log.say("start g2");
            let _finally = log.finally("finish g2");
            Err::<(), _>(Oops("g2 failed").into())
        });
        log.exhaust(&mut g1);
    });
}

#[test]
fn delegation_of_next_call_to_subgenerator() {
    conforms("delegation_of_next_call_to_subgenerator", |log| {
        let mut g1 = g1(log, |co| async move {
            co.yield_(0).await?;
            co.delegate(|co| async move {
                log.say("start g2");
                co.yield_(1).await?;
                co.yield_(2).await?;
                log.say("finish g2");
                Ok(())
            })
            .await?;
            co.yield_(3).await?;
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}

#[test]
fn raising_exception_in_delegated_next_call() {
    conforms("raising_exception_in_delegated_next_call", |log| {
        let mut g1 = g1(log, |co| async move {
            co.yield_(0).await?;
            co.delegate(|co| async move {
                let _finally = log.finally("finish g2");
                co.yield_(1).await?;
                Err::<(), _>(Oops("g2 failed").into())
            })
            .await?;
            log.say("unreachable");
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}

#[test]
fn delegation_of_send() {
    conforms("delegation_of_send", |log| {
        let got = |who: &str, value: Option<i32>| {
            log.say(format!("{who} got {}", value.unwrap()));
        };
        let mut g1 = Coroutine::new(|co: Numbers| async move {
            got("g1", co.yield_(0).await?);
            co.delegate(|co| async move {
                for item in [1, 2] {
                    got("g2", co.yield_(item).await?);
                }
                Ok(())
            })
            .await?;
            got("g1", co.yield_(3).await?);
            Ok(())
        });
        log.step(&mut g1);
        for value in [10, 11, 12, 13] {
            log.send(&mut g1, value);
        }
    });
}

#[test]
fn handling_exception_while_delegating_send() {
    conforms("handling_exception_while_delegating_send", |log| {
        let mut g1 = g1(log, |co| async move {
            co.delegate(|co| async move {
                let value = co.yield_(1).await?;
                log.say(format!("g2 got {}", value.unwrap()));
                Err::<(), _>(Oops("g2 failed").into())
            })
            .await?;
            log.say("unreachable");
            Ok(())
        });
        log.step(&mut g1);
        log.send(&mut g1, 10);
        log.send(&mut g1, 11);
    });
}

/// Yields once, and says when it is left.
async fn once(co: Numbers<'_>, log: Log) -> Result<(), Raised> {
    let _finally = log.finally("finish g2");
    co.yield_(1).await?;
    log.say("unreachable");
    Ok(())
}

#[test]
fn delegating_close() {
    conforms("delegating_close", |log| {
        let mut g1 = g1(log, |co| once(co, log.clone()));
        log.step(&mut g1);
        log.close(&mut g1);
        log.step(&mut g1);
    });
}

#[test]
fn handing_exception_while_delegating_close() {
    conforms("handing_exception_while_delegating_close", |log| {
        let mut g1 = g1(log, |co| async move {
            let _left = co.yield_(1).await;
            log.say("finish g2");
            Err::<(), _>(Oops("g2 failed").into())
        });
        log.step(&mut g1);
        log.close(&mut g1);
        log.step(&mut g1);
    });
}

#[test]
fn delegating_throw() {
    conforms("delegating_throw", |log| {
        let mut g1 = g1(log, |co| once(co, log.clone()));
        log.step(&mut g1);
        log.throw(&mut g1, Oops("thrown"));
        log.step(&mut g1);
    });
}

async fn three(co: Numbers<'_>) -> Result<(), Raised> {
    co.yield_all(0..3).await
}

#[test]
fn delegation_of_next_to_non_generator() {
    conforms("delegation_of_next_to_non_generator", |log| {
        log.exhaust(&mut Coroutine::new(three));
    });
}

/// `send(None)` is `next()`: there is no second way to say it.
#[test]
#[expect(non_snake_case, reason = "CPython's name of the case")]
fn conversion_of_sendNone_to_next() {
    conforms("conversion_of_sendNone_to_next", |log| {
        let mut g1 = Coroutine::new(three);
        for _ in 0..4 {
            log.step(&mut g1);
        }
    });
}

#[test]
fn delegation_of_close_to_non_generator() {
    conforms("delegation_of_close_to_non_generator", |log| {
        let mut g1 = g1(log, three);
        log.step(&mut g1);
        log.close(&mut g1);
    });
}

#[test]
fn delegating_throw_to_non_generator() {
    conforms("delegating_throw_to_non_generator", |log| {
        let mut g1 = g1(log, three);
        log.step(&mut g1);
        log.throw(&mut g1, Oops("thrown"));
        log.step(&mut g1);
    });
}

#[test]
fn attempting_to_send_to_non_generator() {
    conforms("attempting_to_send_to_non_generator", |log| {
        let mut g1 = g1(log, three);
        log.step(&mut g1);
        log.send(&mut g1, 42);
        log.step(&mut g1);
    });
}

/// A type of one's own: fails in its first step.
struct Failing;

impl Resumable<i32> for Failing {
    type Yield = i32;
    type Return = ();

    fn resume(&mut self, _: Resume<i32>) -> Step<i32, ()> {
        Step::Raised(Oops("first step failed").into())
    }
}

#[test]
fn exception_in_initial_next_call() {
    conforms("exception_in_initial_next_call", |log| {
        let mut g1 = g1(log, |co| async move {
            co.yield_from(Failing).await?;
            log.say("unreachable");
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}

#[test]
fn yield_from_empty() {
    conforms("yield_from_empty", |log| {
        let mut g1 =
            Coroutine::new(|co: Numbers| async move { co.yield_all([]).await });
        log.exhaust(&mut g1);
    });
}

/// A type of one's own: ends at once, with a value.
struct Ending;

impl Resumable<i32> for Ending {
    type Yield = i32;
    type Return = i32;

    fn resume(&mut self, _: Resume<i32>) -> Step<i32, i32> {
        Step::Returned(42)
    }
}

#[test]
fn custom_iterator_return() {
    conforms("custom_iterator_return", |log| {
        let mut g1 = Coroutine::new(|co: Numbers| async move {
            let value = co.yield_from(Ending).await?;
            log.say(format!("g1 got {value}"));
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}

/// A type of one's own: says what it is sent.
struct Telling(Log);

impl Resumable<(i32, i32, i32)> for Telling {
    type Yield = i32;
    type Return = ();

    fn resume(&mut self, how: Resume<(i32, i32, i32)>) -> Step<i32, ()> {
        match how {
            Resume::Send(value) => {
                self.0.say(format!("custom got {value:?}"));
                Step::Yielded(2)
            }
            Resume::Next => Step::Yielded(1),
            Resume::Throw(raised) => Step::Raised(raised),
            Resume::Close => Step::Raised(Raised::Exit),
        }
    }
}

#[test]
fn send_tuple_with_custom_generator() {
    conforms("send_tuple_with_custom_generator", |log| {
        let mut g1 =
            Coroutine::new(|co: Co<i32, (i32, i32, i32)>| async move {
                co.yield_from(Telling(log.clone())).await
            });
        log.step(&mut g1);
        log.send(&mut g1, (1, 2, 3));
    });
}

#[test]
fn throws_in_iter() {
    fn open() -> Result<std::ops::Range<i32>, Oops> {
        Err(Oops("cannot open"))
    }
    conforms("throws_in_iter", |log| {
        let mut g1 = g1(log, |co| async move {
            co.yield_all(open()?).await?;
            log.say("unreachable");
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}
