use super::*;

/// Runs a fleet, and returns its events with the reason for the end.
fn day(taxis: usize, seed: i64, end: u64) -> (Vec<Event>, End) {
    let mut events = Vec::new();
    let mut simulation = Simulation::new(taxis, seed).unwrap();
    let ended = simulation.run(end, |event| events.push(*event)).unwrap();
    (events, ended)
}

fn fleets() -> impl Iterator<Item = (usize, i64)> {
    (0..60).map(|seed| (seed % 12, seed as i64 - 5))
}

#[test]
fn events_happen_in_one_order_only() {
    let mut ties = 0;
    for (taxis, seed) in fleets() {
        let (events, _) = day(taxis, seed, u64::MAX);
        let key = |event: &Event| (event.time, event.proc);
        let pairs = || events.iter().zip(events.iter().skip(1));
        assert!(pairs().all(|(one, next)| key(one) < key(next)));
        ties += pairs().filter(|(one, next)| one.time == next.time).count();
    }
    assert!(ties > 0, "the order of ties was never asked for");
}

#[test]
fn every_taxi_lives_through_its_whole_day() {
    for (taxis, seed) in fleets() {
        let (events, ended) = day(taxis, seed, u64::MAX);
        assert_eq!(ended, End::NoMoreEvents);
        for proc in 0..taxis {
            let own = events.iter().filter(|event| event.proc == proc);
            let actions: Vec<Action> = own.map(|event| event.action).collect();
            let mut plan = vec![LeaveGarage];
            for _ in 0..2 * proc + 2 {
                plan.extend([PickUpPassenger, DropOffPassenger]);
            }
            plan.push(GoingHome);
            assert_eq!(actions, plan, "taxi {proc} of {taxis}, seed {seed}");
        }
    }
}

#[test]
fn an_earlier_end_shows_the_same_events_and_counts_the_rest() {
    for (taxis, seed) in fleets() {
        let (all, _) = day(taxis, seed, u64::MAX);
        for end in [0, 1, 30, 60, 200] {
            let (some, ended) = day(taxis, seed, end);
            assert_eq!(some, all[..some.len()]);
            // One event may lie behind the end, and none comes after it.
            let before_last = &some[..some.len().saturating_sub(1)];
            assert!(before_last.iter().all(|event| event.time < end));
            let taxis_out = (0..taxis).filter(|proc| {
                !some
                    .iter()
                    .any(|e| (e.proc, e.action) == (*proc, GoingHome))
            });
            let reached = some.last().is_some_and(|last| last.time >= end);
            match ended {
                End::TimeUp(pending) => {
                    assert!(reached || end == 0);
                    assert_eq!(pending, taxis_out.count());
                }
                End::NoMoreEvents => assert_eq!(some.len(), all.len()),
            }
        }
    }
}

#[test]
fn a_simulation_goes_on_where_it_stopped() {
    let (all, _) = day(5, 7, u64::MAX);
    let mut simulation = Simulation::new(5, 7).unwrap();
    let mut events = Vec::new();
    for end in [60, u64::MAX] {
        simulation.run(end, |event| events.push(*event)).unwrap();
    }
    assert_eq!(events, all);
}

#[test]
fn a_taxi_that_is_resumed_without_a_time_fails() {
    let mut taxi = Coroutine::new(|co| taxi(co, 0, 1, 0));
    assert!(taxi.next().yielded().is_ok());
    let Step::Raised(raised) = taxi.next() else {
        panic!("it drove on");
    };
    assert_eq!(raised.to_string(), "a taxi was resumed without a time");
}

#[test]
fn a_minute_takes_as_long_as_the_option_says() {
    let half = Duration::from_millis(500);
    assert_eq!(pause(half, 7), Duration::from_millis(3_500));
    assert_eq!(pause(Duration::ZERO, u64::MAX), Duration::ZERO);
    assert_eq!(pause(Duration::MAX, u64::MAX), Duration::MAX);
}
