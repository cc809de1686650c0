//! A body that delegates is running while its delegate runs.

use super::*;

type G1 = Shared<'static, i32, i32>;

#[test]
fn attempted_yield_from_loop() {
    conforms("attempted_yield_from_loop", |log| {
        let log = log.clone();
        let said = log.clone();
        let mut g1 = G1::new_cyclic(|me| {
            g1(&log, move |co| async move {
                co.yield_(1).await?;
                co.delegate(|co| async move {
                    co.yield_(2).await?;
                    co.yield_from(me.upgrade()?).await?;
                    said.say("unreachable");
                    Ok(())
                })
                .await?;
                Ok(())
            })
        });
        while g1.state() != State::Finished {
            log.step(&mut g1);
        }
    });
}

fn re_entering(log: &Log, drive: fn(&Log, &mut G1)) {
    /// Yields, and catches what is thrown meanwhile.
    async fn guarded(
        co: &Co<'static, i32, i32>,
        item: i32,
        log: &Log,
        who: &str,
    ) -> Result<(), Raised> {
        if let Err(Oops(_)) = co.yield_(item).await.except::<Oops>()? {
            log.say(format!("{who} caught"));
        }
        Ok(())
    }

    let said = log.clone();
    let mut g1 = G1::new_cyclic(|me| {
        Coroutine::new(move |co: Co<'static, i32, i32>| async move {
            guarded(&co, 0, &said, "g1").await?;
            let log = said.clone();
            co.delegate(|co| async move {
                guarded(&co, 1, &log, "g2").await?;
                let looped = co.yield_from(me.upgrade()?).await;
                if let Err(misuse) = looped.except::<Misuse>()? {
                    let name = name(&misuse.into());
                    log.say(format!("g2 was told {name}"));
                }
                guarded(&co, 2, &log, "g2").await
            })
            .await?;
            guarded(&co, 3, &said, "g1").await
        })
    });
    log.step(&mut g1);
    for _ in 0..4 {
        drive(log, &mut g1);
    }
}

#[test]
fn delegating_generators_claim_to_be_running() {
    conforms("delegating_generators_claim_to_be_running", |log| {
        re_entering(log, |log, g1| log.step(g1));
        re_entering(log, |log, g1| log.send(g1, 7));
    });
}

#[test]
fn delegating_generators_claim_to_be_running_with_throw() {
    conforms(
        "delegating_generators_claim_to_be_running_with_throw",
        |log| {
            re_entering(log, |log, g1| log.throw(g1, Oops("thrown")));
        },
    );
}

/// A type of one's own: resumes its delegator while it is being closed.
struct Meddling(WeakShared<'static, i32, i32>, Log);

impl Resumable<i32> for Meddling {
    type Yield = i32;
    type Return = ();

    fn resume(&mut self, how: Resume<i32>) -> Step<i32, ()> {
        if let Resume::Close = how {
            self.1.step(&mut self.0.upgrade().unwrap());
            return Step::Raised(Raised::Exit);
        }
        Step::Yielded(42)
    }
}

#[test]
fn delegating_generators_claim_to_be_running_with_close() {
    conforms(
        "delegating_generators_claim_to_be_running_with_close",
        |log| {
            let said = log.clone();
            let mut g1 = G1::new_cyclic(|me| {
                Coroutine::new(move |co: Co<'static, i32, i32>| async move {
                    co.yield_from(Meddling(me, said)).await
                })
            });
            log.step(&mut g1);
            log.close(&mut g1);
        },
    );
}

#[test]
fn close_with_cleared_frame() {
    conforms("close_with_cleared_frame", |log| {
        let inner = Shared::new(Coroutine::new(|co: Numbers| async move {
            log.say("start g2");
            let _finally = log.finally("finish g2");
            co.delegate(|co| async move {
                let _finally = log.finally("finish g3");
                co.yield_(1).await?;
                Ok(())
            })
            .await
        }));
        let delegate = inner.clone();
        let mut outer =
            g1(log, |co| async move { co.yield_from(delegate).await });
        log.step(&mut outer);
        drop(inner);
        log.say("inner handle gone");
        drop(outer);
        log.say("outer handle gone");
    });
}
