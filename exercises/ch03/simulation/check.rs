//! The order of events: the same in each run.

use exercise_harness::{Check, expect, tell};

use super::solution::{Simulation, TooLate};

fn scheduled(simulation: &mut Simulation, at: u32, event: char) {
    let said = simulation.schedule(at, event);
    tell("schedule", format!("{event} at {at}: {said:?}"));
    expect(&format!("to {event} at {at} it says"), Ok(()), said);
}

fn rest(simulation: &mut Simulation) -> Vec<(u32, char)> {
    std::iter::from_fn(|| simulation.next()).take(99).collect()
}

pub fn check(check: &mut Check) {
    check.case("the earliest comes first", 1).once(|| {
        let mut simulation = Simulation::default();
        for (at, event) in [(5, 'a'), (2, 'b'), (9, 'c')] {
            scheduled(&mut simulation, at, event);
        }
        let expected = vec![(2, 'b'), (5, 'a'), (9, 'c')];
        expect("the events are", expected, rest(&mut simulation));
    });
    check.case("ties go by scheduling order", 2).once(|| {
        let mut simulation = Simulation::default();
        for event in ['d', 'a', 'c', 'b', 'e'] {
            scheduled(&mut simulation, 3, event);
        }
        let expected = ['d', 'a', 'c', 'b', 'e'].map(|event| (3, event));
        expect("the events are", expected.to_vec(), rest(&mut simulation));
    });
    check.case("now is not too late", 3).once(|| {
        let mut simulation = Simulation::default();
        scheduled(&mut simulation, 4, 'a');
        expect("the event is", Some((4, 'a')), simulation.next());
        scheduled(&mut simulation, 4, 'b');
        expect("the event is", Some((4, 'b')), simulation.next());
    });
    check.case("an event in the past is too late", 3).once(|| {
        let mut simulation = Simulation::default();
        scheduled(&mut simulation, 4, 'a');
        scheduled(&mut simulation, 6, 'b');
        simulation.next();
        let said = simulation.schedule(3, 'c');
        let what = "to something that is too late it says";
        expect(what, Err(TooLate), said);
        expect("the rest is", vec![(6, 'b')], rest(&mut simulation));
    });
    check
        .case("two hundred random simulations agree with a model", 4)
        .rounds(200, |random, size| {
            let mut simulation = Simulation::default();
            let (mut now, mut model) = (0, Vec::<(u32, char)>::new());
            for _ in 0..size / 4 {
                if random.bool() {
                    let at = random.u32(0..12);
                    let event = random.lowercase();
                    let fits = at >= now;
                    let said = simulation.schedule(at, event).is_ok();
                    tell("schedule", format!("{event} at {at}: {said}"));
                    expect("that it can be scheduled is", fits, said);
                    if fits {
                        // Behind those of the same time.
                        let place = model.partition_point(|e| e.0 <= at);
                        model.insert(place, (at, event));
                    }
                } else {
                    let first = (!model.is_empty()).then(|| model.remove(0));
                    now = first.map_or(now, |(at, _)| at);
                    let next = simulation.next();
                    tell("next", format!("{next:?}"));
                    expect("the event is", first, next);
                }
            }
        });
}
