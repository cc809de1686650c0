//! A search that misses a schedule, or a trace that misses a step, would show
//! everything right.

use std::sync::atomic::Ordering;

use artifacts::schedules::{Op, Program, Recording, State, Want};

use crate::futures::{self, Cell, task};
use crate::record::{Case, Ended, Run, Version};
use crate::sync::atomic::AtomicU64;
use crate::sync::{Condvar, TracedMutex};
use crate::thread;

/// Records one program at a time: there is one trace in a process.
fn record(shared: &'static [&'static str], run: Run) -> Program {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = ONE.lock();
    let programs = Box::leak(Box::new([Version {
        name: "it",
        shared,
        run,
    }]));
    let case = Case {
        slug: "it",
        file: "it.rs",
        text: "",
        threads: &["main", "left", "right"],
        programs,
        kinds: 9,
    };
    let recording = case.record();
    let again = Recording::parse(&recording.text()).unwrap();
    assert_eq!(again, recording);
    recording.programs.into_iter().next().expect("there is one")
}

#[test]
fn every_schedule_of_a_lost_update_is_found() {
    let program = record(
        &["count"],
        Run::Threads(|| {
            let count = AtomicU64::new(0);
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        let seen = count.load(Ordering::SeqCst);
                        count.store(seen + 1, Ordering::SeqCst);
                    });
                }
            });
            let count = count.into_inner();
            Ended::new(count != 2, format!("{count}"))
        }),
    );
    // Two loads and two stores can be put in order in six ways.
    assert_eq!((program.histories, program.wrong), (6, 4));
    let [wrong, right] = &program.outcomes[..] else {
        panic!("{:?}", program.outcomes)
    };
    assert!(wrong.wrong && wrong.text == "1");
    assert!(!right.wrong && right.text == "2");
    assert_eq!(wrong.schedules + right.schedules, program.schedules);
    let last = program.shown[5].steps.last().expect("there are four");
    assert_eq!(last.op, Op::Store("2".into()));
    assert_eq!(last.changes[0].now, State::Is("2".into()));
}

#[test]
fn a_deadlock_ends_a_schedule_and_not_the_search() {
    let program = record(
        &["a", "b"],
        Run::Threads(|| {
            let [a, b] = [1_u64, 2].map(TracedMutex::new);
            thread::scope(|scope| {
                for (first, second) in [(&a, &b), (&b, &a)] {
                    scope.spawn(|| {
                        let _first = first.lock().expect("no thread panics");
                        let _second = second.lock().expect("no thread panics");
                    });
                }
            });
            Ended::right("both")
        }),
    );
    assert_eq!((program.histories, program.wrong), (6, 2));
    let stuck = &program.shown[0].stuck;
    let wants: Vec<_> = stuck.iter().map(|s| (s.want, s.holder)).collect();
    let both = [(Want::Lock(1), Some(2)), (Want::Lock(0), Some(1))];
    assert_eq!(wants, both);
    assert!(program.shown[5].stuck.is_empty());
}

#[test]
fn waiter_releases_the_lock_and_is_woken() {
    let program = record(
        &["ready", "changed"],
        Run::Threads(|| {
            let (ready, changed) = (TracedMutex::new(0_u64), Condvar::new());
            thread::scope(|scope| {
                scope.spawn(|| {
                    let ready = ready.lock().expect("no thread panics");
                    let waited = changed.wait_while(ready, |n| *n == 0);
                    drop(waited.expect("no thread panics"));
                });
                *ready.lock().expect("no thread panics") = 1;
                changed.notify_one();
            });
            Ended::right("awake")
        }),
    );
    assert_eq!(program.wrong, 0);
    let slept = program.shown.iter().find(|history| {
        let mut steps = history.steps.iter();
        steps.any(|step| matches!(step.op, Op::Sleep { .. }))
    });
    let ops = |thread| {
        let steps = slept.expect("it sleeps in one").steps.iter();
        let its = steps.filter(move |step| step.thread == thread);
        its.map(|step| step.op.clone()).collect::<Vec<_>>()
    };
    let (lock, condvar) = (0, 1);
    let notify = Op::Notify {
        condvar,
        all: false,
        heard: true,
    };
    assert_eq!(ops(0), [Op::Lock(0), Op::Unlock(0), notify]);
    let sleeper = [
        Op::Lock(0),
        Op::Sleep { lock, condvar },
        Op::Wake { lock, condvar },
        Op::Unlock(0),
    ];
    assert_eq!(ops(1), sleeper);
}

#[test]
fn futures_are_polled_in_every_order() {
    let program = record(
        &["count"],
        Run::Futures(|| {
            let count = Cell::new(0);
            let add = async || {
                let seen = count.get();
                task::yield_now().await;
                count.set(seen + 1);
            };
            let mut all = futures::Turn::new(futures::join_all([add(), add()]));
            all.poll();
            assert!(all.done.is_some());
            let count = count.get();
            Ended::new(count != 2, format!("{count}"))
        }),
    );
    assert_eq!((program.schedules, program.wrong), (6, 4));
}
