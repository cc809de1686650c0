//! Order of steps: urgent tasks first, no task starves.

use std::cell::RefCell;
use std::rc::Rc;

use exercise_harness::{Check, expect, tell, wrong};

use super::solution::{Scheduler, Task};

/// The names of the tasks in the order of their steps.
type Order = Rc<RefCell<String>>;

/// Returns a task of `steps` steps.
fn task(name: char, mut steps: u32, order: &Order) -> Task {
    let order = Rc::clone(order);
    Box::new(move || {
        if steps == 0 {
            wrong(
                "no step of a task that has ended",
                format!("{name} runs after its end"),
            );
        }
        steps -= 1;
        tell(name.to_string(), "runs a step");
        order.borrow_mut().push(name);
        steps > 0
    })
}

/// Runs tasks of a priority and a number of steps, for some rounds at most.
fn run(tasks: &[(char, u32, u32)], rounds: u32) -> String {
    let (mut scheduler, order) = (Scheduler::default(), Order::default());
    for (name, priority, steps) in tasks {
        scheduler.spawn(*priority, task(*name, *steps, &order));
    }
    for _ in 0..rounds {
        scheduler.round();
    }
    order.take()
}

/// A model, by the words of the task: the best, of equals the longest waiting.
fn model(tasks: &[(char, u32, u32)], rounds: u32) -> String {
    let mut order = String::new();
    // Name, priority, steps left, age, and when it ran or came.
    let mut all: Vec<_> = tasks
        .iter()
        .zip(0..)
        .map(|((name, priority, steps), came)| {
            (*name, *priority, *steps, 0, came)
        })
        .collect();
    for round in 0..rounds {
        all.retain(|task| task.2 > 0);
        all.sort_by_key(|task| (std::cmp::Reverse(task.1 + task.3), task.4));
        let Some((first, others)) = all.split_first_mut() else {
            break;
        };
        order.push(first.0);
        (first.2, first.3, first.4) = (first.2 - 1, 0, round + 1_000);
        others.iter_mut().for_each(|task| task.3 += 1);
    }
    order
}

fn same(tasks: &[(char, u32, u32)], rounds: u32) {
    let what = format!("of {tasks:?} (name, priority, steps) the order is");
    expect(&what, model(tasks, rounds), run(tasks, rounds));
}

pub fn check(check: &mut Check) {
    check.case("equals take turns", 4).once(|| {
        expect(
            "the order is",
            "abcabcab",
            run(&[('a', 1, 9), ('b', 1, 9), ('c', 1, 9)], 8),
        );
    });
    check.case("the urgent goes first", 1).once(|| {
        expect("the order is", "bba", run(&[('a', 1, 1), ('b', 7, 2)], 9));
    });
    check.case("a task that has ended is not run", 4).once(|| {
        expect(
            "the order is",
            "abcbcc",
            run(&[('a', 1, 1), ('b', 1, 2), ('c', 1, 3)], 9),
        );
    });
    check.case("no task waits for ever", 3).once(|| {
        same(&[('a', 0, 9), ('b', 5, 99)], 25);
    });
    check.case("no task, no round", 1).once(|| {
        expect(
            "that a round without tasks ran one is",
            false,
            Scheduler::default().round(),
        );
    });
    check
        .case("a hundred random sets of tasks agree with a model", 2)
        .rounds(100, |random, size| {
            let tasks: Vec<_> = ('a'..='f')
                .take(1 + size / 20)
                .map(|name| (name, random.u32(0..6), random.u32(1..9)))
                .collect();
            same(&tasks, 60);
        });
}
