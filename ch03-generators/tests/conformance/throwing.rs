//! Errors, and exits, that are thrown into a delegate.

use super::*;

#[test]
fn returning_value_from_delegated_throw() {
    conforms("returning_value_from_delegated_throw", |log| {
        let mut g1 = g1(log, |co| async move {
            if let Err(Oops(_)) = co.yield_(1).await.except::<Oops>()? {
                log.say("g2 caught");
                co.yield_(2).await?;
            }
            co.yield_(3).await?;
            Ok(())
        });
        log.step(&mut g1);
        log.throw(&mut g1, Oops("thrown"));
        log.exhaust(&mut g1);
    });
}

#[test]
fn catching_exception_from_subgen_and_returning() {
    conforms("catching_exception_from_subgen_and_returning", |log| {
        let mut g1 = Coroutine::new(|co: Numbers| async move {
            let value = co
                .delegate(|co| async move {
                    match co.yield_(1).await.except::<Oops>()? {
                        Ok(_) => Ok(0),
                        Err(Oops(_)) => Ok(2),
                    }
                })
                .await?;
            co.yield_(value * 10).await?;
            Ok(())
        });
        log.step(&mut g1);
        log.throw(&mut g1, Oops("thrown"));
    });
}

/// Throws an exit at a body that delegates to `g2`.
fn throw_exit_into<'a, F>(log: &'a Log, g2: impl FnOnce(Numbers<'a>) -> F + 'a)
where
    F: Future<Output = Result<(), Raised>> + 'a,
{
    let mut g1 = g1(log, move |co| async move {
        co.delegate(g2).await?;
        log.say("unreachable");
        Ok(())
    });
    log.step(&mut g1);
    log.throw(&mut g1, Raised::Exit);
    log.step(&mut g1);
}

#[test]
#[expect(non_snake_case, reason = "CPython's name of the case")]
fn throwing_GeneratorExit_into_subgen_that_returns() {
    conforms("throwing_GeneratorExit_into_subgen_that_returns", |log| {
        throw_exit_into(log, |co| async move {
            if let Err(Raised::Exit) = co.yield_(1).await {
                log.say("g2 returns");
            }
            Ok(())
        });
    });
}

#[test]
#[expect(non_snake_case, reason = "CPython's name of the case")]
fn throwing_GeneratorExit_into_subgenerator_that_yields() {
    conforms(
        "throwing_GeneratorExit_into_subgenerator_that_yields",
        |log| {
            throw_exit_into(log, |co| async move {
                if let Err(Raised::Exit) = co.yield_(1).await {
                    log.say("g2 yields");
                    co.yield_(2).await?;
                }
                Ok(())
            });
        },
    );
}

#[test]
#[expect(non_snake_case, reason = "CPython's name of the case")]
fn throwing_GeneratorExit_into_subgen_that_raises() {
    conforms("throwing_GeneratorExit_into_subgen_that_raises", |log| {
        throw_exit_into(log, |co| async move {
            if let Err(Raised::Exit) = co.yield_(1).await {
                log.say("g2 raises");
            }
            Err(Oops("g2 failed").into())
        });
    });
}
