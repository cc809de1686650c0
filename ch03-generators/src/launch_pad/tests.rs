use std::cell::RefCell;
use std::rc::Rc;

use super::*;
use crate::pipeline::log::Dice;

type Log = Rc<RefCell<Vec<String>>>;

const SECOND: Duration = Duration::from_secs(1);

/// Makes a task that sleeps for each of `naps`, and says when it woke.
fn sleeper(log: &Log, name: &'static str, naps: Vec<Duration>) -> Task {
    let log = log.clone();
    Coroutine::new(move |co: Line| async move {
        for nap in naps {
            let waited = sleep(&co, nap).await?;
            log.borrow_mut()
                .push(format!("{name} {}", waited.as_secs()));
        }
        Ok(())
    })
}

#[test]
fn a_tie_goes_to_the_task_that_went_to_sleep_first() {
    let log = Log::default();
    // Both wake at 2 and 3; b has asked for its 2 before a has.
    let naps = [("a", vec![1, 1, 1]), ("b", vec![2, 1]), ("c", vec![2])];
    let seconds = |n| Duration::from_secs(n);
    let tasks = naps.map(|(name, naps)| {
        sleeper(&log, name, naps.into_iter().map(seconds).collect())
    });
    Loop::new(Paused::default()).run(tasks).unwrap();
    assert_eq!(*log.borrow(), ["a 1", "b 2", "c 2", "a 1", "b 1", "a 1"]);
}

/// What a loop without any cleverness does: it looks through a list, in which
/// the tasks stand in the order of their requests, for the earliest moment.
fn woken_by_a_plain_list(plan: &[Vec<u64>]) -> Vec<(u64, usize)> {
    let mut naps: Vec<_> = plan.iter().map(|naps| naps.iter()).collect();
    let (mut list, mut woken) = (Vec::new(), Vec::new());
    for (task, naps) in naps.iter_mut().enumerate() {
        list.extend(naps.next().map(|nap| (*nap, task)));
    }
    while let Some(now) = list.iter().map(|(moment, _)| *moment).min() {
        let first = list.iter().position(|(moment, _)| *moment == now);
        let (_, task) = list.remove(first.unwrap());
        woken.push((now, task));
        list.extend(naps[task].next().map(|nap| (now + nap, task)));
    }
    woken
}

#[test]
fn tasks_wake_in_the_order_of_a_plain_list() {
    let mut dice = Dice::new(1);
    for _ in 0..200 {
        let mut naps = || (0..dice.below(6)).map(|_| 0).collect();
        let mut plan: Vec<Vec<u64>> = (0..8).map(|_| naps()).collect();
        for nap in plan.iter_mut().flatten() {
            // Few different naps, so that many moments are equal.
            *nap = dice.below(4) as u64;
        }
        let log = Rc::new(RefCell::new(Vec::new()));
        let tasks = plan.iter().cloned().enumerate().map(|(i, naps)| {
            let log = log.clone();
            Coroutine::new(move |co: Line| async move {
                let mut now = 0;
                for nap in naps {
                    let waited = sleep(&co, Duration::from_secs(nap)).await?;
                    now += waited.as_secs();
                    log.borrow_mut().push((now, i));
                }
                Ok(())
            })
        });
        Loop::new(Paused::default()).run(tasks).unwrap();
        assert_eq!(*log.borrow(), woken_by_a_plain_list(&plan), "{plan:?}");
    }
}

#[test]
fn waits_overlap() {
    let log = Log::default();
    let mut pad = Loop::new(Paused::default());
    pad.run((0..100).map(|_| sleeper(&log, "x", vec![SECOND; 3])))
        .unwrap();
    assert_eq!(log.borrow().len(), 300);
    assert_eq!(pad.clock.now(), 3 * SECOND);
}

#[test]
fn nothing_to_wait_for_is_no_loop_at_all() {
    let log = Log::default();
    let mut pad = Loop::new(Paused::default());
    pad.run([]).unwrap();
    pad.run([sleeper(&log, "at once", vec![])]).unwrap();
    assert_eq!(pad.clock.now(), Duration::ZERO);
    assert!(pad.waiting.is_empty());
}

#[test]
fn the_longest_sleep_does_not_overflow() {
    let log = Log::default();
    let mut pad = Loop::new(Paused::default());
    pad.run([sleeper(&log, "x", vec![SECOND, Duration::MAX])])
        .unwrap();
    assert_eq!(pad.clock.now(), Duration::MAX);
}

#[test]
fn an_error_ends_the_loop_and_the_others_are_closed() {
    let log = Log::default();
    let closed = log.clone();
    let other = Coroutine::new(move |co: Line| async move {
        let ended = sleep(&co, 5 * SECOND).await;
        closed.borrow_mut().push(format!("{ended:?}"));
        ended.map(|_| ())
    });
    let failing = Coroutine::new(|co: Line| async move {
        sleep(&co, SECOND).await?;
        Err(Raised::message("no fuel"))
    });
    let mut pad = Loop::new(Paused::default());
    let error = pad.run([other, failing]).unwrap_err();
    assert_eq!(error.to_string(), "no fuel");
    assert!(log.borrow().is_empty());
    drop(pad);
    assert_eq!(*log.borrow(), ["Err(Exit)"]);
}

#[test]
fn the_wall_clock_never_wakes_too_early() {
    let nap = Duration::from_millis(2);
    let body = move |co: Line| async move {
        for _ in 0..5 {
            assert!(sleep(&co, nap).await? >= nap);
        }
        Ok(())
    };
    let mut pad = Loop::new(Wall(Instant::now()));
    pad.run([Coroutine::new(body), Coroutine::new(body)])
        .unwrap();
    assert!(pad.clock.now() >= 5 * nap);
}

#[test]
fn durations_are_written_as_python_writes_them() {
    let written = |micros| as_in_python(Duration::from_micros(micros));
    assert_eq!(written(0), "0:00:00");
    assert_eq!(written(1_003_837), "0:00:01.003837");
    assert_eq!(written(3_723_000_000), "1:02:03");
}
