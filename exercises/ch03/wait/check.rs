//! The answers of a scheduler to tasks that wait.

use std::cell::RefCell;
use std::rc::Rc;

use exercise_harness::{Check, expect, tell};

use super::solution::{Answer, CannotWait, Scheduler, Step, Task};

/// The answers that the tasks got, as `id: answer`.
type Told = Rc<RefCell<Vec<(usize, Answer)>>>;

/// Returns a task that pauses `pauses` times, waits for each of `others`, and ends.
fn task(
    id: usize,
    mut pauses: u32,
    others: &[usize],
    end: Result<i32, &'static str>,
    told: &Told,
) -> Task {
    let (told, mut others) = (Rc::clone(told), Vec::from(others).into_iter());
    Box::new(move |answer| {
        if let Some(answer) = answer {
            tell(format!("task {id}"), format!("gets {answer:?}"));
            told.borrow_mut().push((id, answer));
        }
        if pauses > 0 {
            pauses -= 1;
            return Step::Pause;
        }
        if let Some(other) = others.next() {
            tell(format!("task {id}"), format!("waits for {other}"));
            return Step::Wait(other);
        }
        tell(format!("task {id}"), format!("is done: {end:?}"));
        Step::Done(end.map_err(str::to_string))
    })
}

type Plan<'a> = (u32, &'a [usize], Result<i32, &'static str>);

/// Runs tasks, each with its pauses, the tasks it waits for, and its end.
fn run(plans: &[Plan], expected: &[(usize, Answer)]) {
    let (mut scheduler, told) = (Scheduler::default(), Told::default());
    for (id, (pauses, others, end)) in plans.iter().enumerate() {
        let number = scheduler.spawn(task(id, *pauses, others, *end, &told));
        expect("the number of the task is", id, number);
    }
    let left = scheduler.run();
    expect("of the tasks are left, waiting:", 0, left);
    let mut told = told.take();
    told.sort_by_key(|(id, _)| *id);
    expect("the waiting tasks got", expected, told.as_slice());
    let all: Vec<_> = (0..plans.len()).collect();
    // A task that is done can still be waited for.
    let later = Told::default();
    scheduler.spawn(task(99, 0, &all, Ok(0), &later));
    expect("of the tasks are left, waiting later:", 0, scheduler.run());
    let ends: Vec<(usize, Answer)> = plans
        .iter()
        .map(|(_, _, end)| (99, Ok(end.map_err(str::to_string))))
        .collect();
    expect("a later task gets", ends, later.take());
}

pub fn check(check: &mut Check) {
    let no_milk = || Ok(Err("no milk".to_string()));
    check.case("a task that waits gets the result", 2).once(|| {
        run(&[(0, &[1], Ok(1)), (3, &[], Ok(7))], &[(0, Ok(Ok(7)))]);
    });
    check
        .case("a task that is done can be waited for", 1)
        .once(|| {
            run(&[(5, &[1], Ok(1)), (0, &[], Ok(7))], &[(0, Ok(Ok(7)))]);
        });
    check
        .case("all tasks that wait get the result", 2)
        .once(|| {
            run(
                &[(0, &[2], Ok(1)), (0, &[2], Ok(1)), (3, &[], Ok(7))],
                &[(0, Ok(Ok(7))), (1, Ok(Ok(7)))],
            );
        });
    check
        .case("an error reaches the task that waits", 4)
        .once(move || {
            run(
                &[(0, &[1], Ok(1)), (3, &[], Err("no milk"))],
                &[(0, no_milk())],
            );
        });
    check.case("an unknown number is an error", 3).once(|| {
        run(&[(0, &[7], Ok(1))], &[(0, Err(CannotWait))]);
        run(&[(0, &[0], Ok(1))], &[(0, Err(CannotWait))]);
    });
    check.case("closing a circle is an error", 3).once(|| {
        run(
            &[(0, &[1], Ok(1)), (0, &[2], Ok(2)), (0, &[0], Ok(3))],
            &[(0, Ok(Ok(2))), (1, Ok(Ok(3))), (2, Err(CannotWait))],
        );
    });
}
