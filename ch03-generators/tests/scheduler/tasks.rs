//! What becomes of tasks.

use std::cell::Cell;
use std::rc::Rc;

use ch03_generators::coroutine::{Except, Raised};
use ch03_generators::kernel::{
    Deadlock, Failure, Halt, Os, Scheduler, Simulator,
};

use super::{Guard, in_time, run};

async fn endless(os: Os) -> Result<(), Raised> {
    loop {
        os.pause().await?;
    }
}

#[test]
fn one_panics_and_one_raises_and_ninety_eight_return() {
    run(|os| async move {
        let mut tids = vec![];
        for n in 0..100 {
            let body = move |os: Os| async move {
                for _ in 0..n {
                    os.pause().await?;
                }
                match n {
                    13 => std::panic::resume_unwind(Box::new("thirteen")),
                    42 => Err(Raised::message("forty-two")),
                    _ => Ok(()),
                }
            };
            tids.push(os.spawn(body).await?);
        }
        let (mut returned, mut failed) = (0, vec![]);
        for tid in tids {
            match os.wait(tid).await.except::<Failure>()? {
                Ok(_) => returned += 1,
                Err(failure) => failed.push(failure.to_string()),
            }
        }
        assert_eq!((returned, failed.len()), (98, 2));
        assert_eq!(failed, ["panicked: thirteen", "forty-two"]);
        Ok(())
    });
}

#[test]
fn killed_inside_a_subroutine_nothing_of_its_caller_runs() {
    run(|os| async move {
        let (dropped, went_on) =
            (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let (outer, inner) = (Guard(dropped.clone()), Guard(dropped.clone()));
        let theirs = went_on.clone();
        let child = os
            .spawn(|os| async move {
                let _outer = outer;
                let subroutine = async {
                    let _inner = inner;
                    endless(os.clone()).await
                };
                subroutine.await?;
                theirs.set(true);
                Ok(())
            })
            .await?;
        os.pause().await?;
        assert!(os.kill(child).await?);
        assert_eq!((dropped.get(), went_on.get()), (2, false));
        let waited = os.wait(child).await.except::<Failure>()?;
        assert!(matches!(waited, Err(Failure::Killed)));
        Ok(())
    });
}

#[test]
fn a_task_that_clings_to_life_is_gone_all_the_same() {
    run(|os| async move {
        let child = os
            .spawn(|os| async move {
                loop {
                    // It takes its exit for an error to recover from.
                    os.pause().await.ok();
                }
            })
            .await?;
        os.pause().await?;
        assert!(os.kill(child).await?);
        assert!(!os.kill(child).await?);
        Ok(())
    });
}

#[test]
fn whoever_would_wait_for_itself_is_told() {
    run(|os| async move {
        let me = os.tid().await?;
        let waited = os.wait(me).await.except::<Deadlock>()?;
        assert_eq!(waited, Err(Deadlock));

        // A chain of three that leads back here.
        let first = os
            .spawn(move |os| async move { os.wait(me).await.map(|_| ()) })
            .await?;
        let second = os
            .spawn(move |os| async move { os.wait(first).await.map(|_| ()) })
            .await?;
        let waited = os.wait(second).await.except::<Deadlock>()?;
        assert_eq!(waited, Err(Deadlock));
        Ok(())
    });
}

#[test]
fn tasks_that_nobody_can_wake_are_named() {
    in_time(|| {
        let mut scheduler = Scheduler::new().unwrap();
        let alone = scheduler.spawn(|os| async move {
            let (_tx, rx) = os.channel::<()>(1);
            rx.recv(&os).await.map(|_| ())
        });
        let halt = scheduler.run();
        assert!(
            matches!(halt, Err(Halt::Stuck(tids)) if tids == [alone]),
            "alone"
        );
    });
}

#[cfg(unix)]
#[test]
fn when_all_tasks_have_ended_the_scheduler_ends() {
    use std::time::Duration;
    in_time(|| {
        let before = super::processor_time();
        let mut scheduler = Scheduler::new().unwrap();
        scheduler.run().unwrap();
        scheduler.spawn(|os| async move { os.pause().await });
        scheduler.run().unwrap();
        let used = super::processor_time() - before;
        assert!(used <= Duration::from_millis(50), "{used:?}");
    });
}

#[test]
fn there_is_nothing_to_kill_or_to_wait_for_in_a_number_that_is_free() {
    run(|os| async move {
        let mut last = os.tid().await?;
        let ended = os.spawn(|_| async { Ok(()) }).await?;
        os.pause().await?;
        for _ in 0..100_000 {
            let tid = os.detach(|_| async { Ok(()) }).await?;
            assert!(tid > last, "given out twice");
            last = tid;
        }
        for tid in [ended, last] {
            os.pause().await?;
            assert!(!os.wait(tid).await?);
            assert!(!os.kill(tid).await?);
        }
        Ok(())
    });
}

#[test]
fn all_who_wait_for_one_are_released_in_their_order() {
    run(|os| async move {
        let order = Rc::new(std::cell::RefCell::new(vec![]));
        let child = os
            .spawn(|os| async move {
                for _ in 0..30 {
                    os.pause().await?;
                }
                Ok(())
            })
            .await?;
        let mut waiters = vec![];
        for name in 0..3 {
            let order = order.clone();
            let body = move |os: Os| async move {
                assert!(os.wait(child).await?);
                order.borrow_mut().push(name);
                Ok(())
            };
            waiters.push(os.spawn(body).await?);
        }
        for waiter in waiters {
            os.wait(waiter).await?;
        }
        assert_eq!(*order.borrow(), [0, 1, 2]);
        Ok(())
    });
}

#[test]
fn a_new_task_runs_before_its_parent_goes_on() {
    run(|os| async move {
        let ran = Rc::new(Cell::new(false));
        let theirs = ran.clone();
        os.spawn(|_| async move {
            theirs.set(true);
            Ok(())
        })
        .await?;
        assert!(ran.get());
        Ok(())
    });
}

#[test]
fn a_task_that_kills_itself_does_not_go_on() {
    run(|os| async move {
        let child = os
            .spawn(|os| async move {
                let me = os.tid().await?;
                os.kill(me).await?;
                panic!("it went on");
            })
            .await?;
        let waited = os.wait(child).await.except::<Failure>()?;
        assert!(matches!(waited, Err(Failure::Killed)));
        Ok(())
    });
}

#[test]
fn a_local_that_panics_when_dropped_ends_its_own_task() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new("bomb"));
        }
    }
    run(|os| async move {
        let child = os
            .spawn(|os| async move {
                let _bomb = Bomb;
                endless(os).await
            })
            .await?;
        assert!(os.kill(child).await?);
        Ok(())
    });
}

#[test]
fn under_every_seed_the_same_tasks_come_to_the_same_end() {
    in_time(|| {
        for seed in 0..200 {
            let sum = Rc::new(Cell::new(0));
            let mut simulator = Simulator::new(seed);
            let theirs = sum.clone();
            simulator.spawn(move |os| async move {
                let (tx, rx) = os.channel(2);
                for n in 0..5 {
                    let tx = tx.clone();
                    let sender = |os: Os| async move { tx.send(&os, n).await };
                    os.spawn(sender).await?;
                }
                drop(tx);
                for _ in 0..3 {
                    let (rx, sum) = (rx.clone(), theirs.clone());
                    let receiver = |os: Os| async move {
                        while let Some(n) = rx.recv(&os).await? {
                            sum.set(sum.get() + n);
                        }
                        Ok(())
                    };
                    os.spawn(receiver).await?;
                }
                Ok(())
            });
            simulator.run().unwrap();
            assert_eq!(sum.get(), 10, "seed {seed}");
        }
    });
}
