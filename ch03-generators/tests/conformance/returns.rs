//! How a return value comes out, and that it comes out once.

use super::*;

/// Yields once, then returns `value`.
async fn yields_and_returns<R>(
    co: Numbers<'_>,
    log: Log,
    value: R,
) -> Result<R, Raised> {
    if let Some(got) = co.yield_(1).await? {
        log.say(format!("g1 got {got}"));
    }
    Ok(value)
}

#[test]
#[expect(non_snake_case, reason = "CPython's name of the case")]
fn value_attribute_of_StopIteration_exception() {
    conforms("value_attribute_of_StopIteration_exception", |log| {
        let mut nothing = Coroutine::<i32>::new(|_| async { Ok(()) });
        log.step(&mut nothing);
        log.step(&mut nothing);
        let mut five = Coroutine::<i32, i32, i32>::new(|_| async { Ok(5) });
        log.step(&mut five);
        log.step(&mut five);
    });
}

#[test]
fn exception_value_crash() {
    conforms("exception_value_crash", |log| {
        let mut g1 = Coroutine::new(|co: Numbers| async move {
            co.delegate(|co| async move {
                co.yield_(1).await?;
                Ok(vec![log.finally("dropped")])
            })
            .await?;
            log.say("after g2");
            Ok(())
        });
        log.exhaust(&mut g1);
    });
}

#[test]
fn generator_return_value() {
    fn check<R: Describe + 'static>(log: &Log, value: R) {
        let mut g1 = Coroutine::new(|co: Numbers| async move {
            let value = co
                .delegate(|co| yields_and_returns(co, log.clone(), value))
                .await?;
            log.say(format!("g1 got {}", value.describe()));
            Ok(())
        });
        log.exhaust(&mut g1);
    }
    conforms("generator_return_value", |log| {
        check(log, ());
        check(log, 1);
        check(log, (1, 2));
        check(log, Oops("returned"));
    });
}

#[test]
fn next_and_return_with_value() {
    fn check<R: Describe + 'static>(log: &Log, value: R) {
        let mut g1 =
            Coroutine::new(|co| yields_and_returns(co, log.clone(), value));
        for _ in 0..3 {
            log.step(&mut g1);
        }
    }
    conforms("next_and_return_with_value", |log| {
        check(log, ());
        check(log, 1);
        check(log, (1, 2));
        check(log, Oops("returned"));
    });
}

#[test]
fn send_and_return_with_value() {
    fn check<R: Describe + 'static>(log: &Log, value: R) {
        let mut g1 =
            Coroutine::new(|co| yields_and_returns(co, log.clone(), value));
        log.step(&mut g1);
        log.send(&mut g1, 2);
    }
    conforms("send_and_return_with_value", |log| {
        check(log, ());
        check(log, 1);
        check(log, (1, 2));
        check(log, Oops("returned"));
    });
}
