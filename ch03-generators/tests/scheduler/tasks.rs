//! What becomes of tasks.

use std::cell::{Cell, RefCell};
use std::panic;
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

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
fn one_panic_and_one_error_leave_ninety_eight_tasks_to_return() {
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
fn a_task_that_ignores_its_exit_is_dropped() {
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
fn waiting_for_oneself_is_a_deadlock_error() {
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
fn tasks_that_nothing_can_wake_are_named() {
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
fn kill_and_wait_of_an_unused_number_are_false() {
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
fn all_waiters_of_a_task_are_released_in_their_order() {
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

/// A value whose `Drop` panics; its payload does so again, without end.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic::panic_any(Bomb);
    }
}

#[test]
fn a_payload_whose_drop_panics_ends_only_its_task() {
    run(|os| async move {
        let task = |_: Os| async { panic::panic_any(Bomb) };
        let tid = os.spawn(task).await?;
        let failure = os.wait(tid).await.except::<Failure>()?.unwrap_err();
        assert!(matches!(failure, Failure::Panicked(_)), "{failure}");
        os.pause().await
    });
}

#[test]
fn a_local_whose_drop_panics_ends_only_its_task() {
    run(|os| async move {
        let bomb = Bomb;
        let task = |os: Os| async move {
            let _bomb = bomb;
            endless(os).await
        };
        let tid = os.spawn(task).await?;
        os.pause().await?;
        assert!(os.kill(tid).await?);
        os.pause().await
    });
}

#[test]
fn tasks_that_are_left_are_dropped_each() {
    in_time(|| {
        let dropped = Rc::new(Cell::new(0));
        let mut scheduler = Scheduler::new().expect("a poll");
        for _ in 0..3 {
            let (bomb, guard) = (Bomb, Guard(dropped.clone()));
            scheduler.spawn(|os: Os| async move {
                let _held = (bomb, guard);
                endless(os).await
            });
        }
        drop(scheduler);
        assert_eq!(dropped.get(), 3);
    });
}

/// There are eight threads: more values are dropped there than threads.
#[test]
fn a_result_of_a_killed_task_whose_drop_panics_costs_no_thread() {
    run(|os| async move {
        for _ in 0..20 {
            let (started, running) = mpsc::channel();
            let (go, gate) = mpsc::channel::<()>();
            let task = |os: Os| async move {
                os.offload(move || {
                    started.send(()).ok();
                    gate.recv().ok();
                    Bomb
                })
                .await
                .map(|_| ())
            };
            let tid = os.spawn(task).await?;
            while running.try_recv().is_err() {
                os.pause().await?;
            }
            assert!(os.kill(tid).await?);
            drop(go);
        }
        assert_eq!(os.offload(|| 42).await?, 42);
        Ok(())
    });
}

/// Both schedulers count from 1, and their first tasks have one number.
#[test]
fn the_number_of_another_schedulers_task_is_the_number_of_none() {
    in_time(|| {
        let mut other = Simulator::new(0);
        let theirs = other.spawn(|_| async { Ok(()) });
        let mut scheduler = Simulator::new(0);
        let ours = scheduler.spawn(|os| async move {
            os.pause().await?;
            assert!(!os.kill(theirs).await?);
            assert!(!os.wait(theirs).await?);
            Ok(())
        });
        assert_eq!(ours.to_string(), theirs.to_string());
        assert_ne!(ours, theirs);
        scheduler.run().expect("no task is stuck");
        assert_eq!(other.run().map_err(|halt| halt.to_string()), Ok(()));
    });
}

#[test]
fn a_task_cannot_wait_in_another_schedulers_channel() {
    in_time(|| {
        let kept = Rc::new(RefCell::new(None));
        let theirs = kept.clone();
        let mut other = Simulator::new(0);
        other.spawn(|os: Os| async move {
            theirs.replace(Some(os.channel::<u8>(1)));
            Ok(())
        });
        other.run().expect("no task is stuck");
        let (_sender, receiver) = kept.take().expect("it was made");
        let mut scheduler = Simulator::new(0);
        let refused = Rc::new(Cell::new(false));
        let told = refused.clone();
        scheduler.spawn(|os: Os| async move {
            told.set(receiver.recv(&os).await.is_err());
            Ok(())
        });
        scheduler.run().expect("no task is stuck");
        assert!(refused.get());
    });
}

/// In simulated time as in real time: the sleeper's turn comes.
#[test]
fn a_task_that_pauses_in_a_loop_does_not_stop_the_clock() {
    for seed in [0, 1, 2] {
        in_time(move || {
            let woken = Rc::new(Cell::new(false));
            let mut simulator = Simulator::new(seed);
            let told = woken.clone();
            simulator.spawn(|os: Os| async move {
                os.sleep(Duration::from_secs(5)).await?;
                told.set(true);
                Ok(())
            });
            simulator.spawn(|os: Os| async move {
                while !woken.get() {
                    os.pause().await?;
                }
                Ok(())
            });
            simulator.run().expect("no task is stuck");
            assert_eq!(simulator.now(), Duration::from_secs(5));
        });
    }
}
