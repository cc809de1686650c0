//! What a bounded channel guarantees, under every schedule.

use exercise_harness::sync::Arc;
use exercise_harness::sync::atomic::{AtomicUsize, Ordering};
use exercise_harness::{Check, expect, step, thread, wrong};

use super::solution::Channel;

pub fn check(check: &mut Check) {
    check
        .case("each item arrives once, in order", 1)
        .schedules(2, || {
            let channel = Arc::new(Channel::new(1));
            let sender = thread::named("sender", {
                let channel = Arc::clone(&channel);
                move || {
                    for item in 1..=2 {
                        expect("send returns", Ok(()), channel.send(item));
                    }
                }
            });
            let got = [channel.receive(), channel.receive()];
            expect("the receiver has", [Some(1), Some(2)], got);
            sender.join().ok();
        });

    check.case("a waiting thread sleeps", 1).waits(|| {
        let channel = Channel::<i32>::new(1);
        step("receives, and no thread will send");
        channel.receive();
    });

    check
        .case("it never holds more items than its room", 2)
        .schedules(2, || {
            let channel = Arc::new(Channel::new(1));
            // Items that are sent, and that no thread is about to receive.
            let items = Arc::new(AtomicUsize::new(0));
            let work = |channel: &Channel<&str>, items: &AtomicUsize| {
                channel.send("an item").ok();
                let here = 1 + items.fetch_add(1, Ordering::SeqCst);
                if here > 1 {
                    wrong("1 item in it", format!("{here} items in it"));
                }
                items.fetch_sub(1, Ordering::SeqCst);
                channel.receive();
            };
            let other = thread::named("other", {
                let (channel, items) =
                    (Arc::clone(&channel), Arc::clone(&items));
                move || work(&channel, &items)
            });
            work(&channel, &items);
            other.join().ok();
        });

    check
        .case("each of two receivers gets one of two items", 3)
        .schedules(2, || {
            let channel = Arc::new(Channel::new(2));
            let receivers = ["left", "right"].map(|name| {
                let channel = Arc::clone(&channel);
                thread::named(name, move || channel.receive())
            });
            channel.send(1).ok();
            channel.send(2).ok();
            let mut got = receivers.map(|r| r.join().ok().flatten());
            got.sort_unstable();
            expect("the receivers have", [Some(1), Some(2)], got);
        });

    check
        .case("a wake-up reaches a thread that can use it", 4)
        .schedules(1, || {
            let channel = Arc::new(Channel::new(1));
            let receivers = ["left", "right"].map(|name| {
                let channel = Arc::clone(&channel);
                thread::named(name, move || channel.receive())
            });
            channel.send(1).ok();
            channel.send(2).ok();
            receivers.into_iter().for_each(|r| drop(r.join()));
        });

    check
        .case("a close wakes every receiver", 5)
        .schedules(1, || {
            let channel = Arc::new(Channel::<i32>::new(1));
            let receivers = ["left", "right"].map(|name| {
                let channel = Arc::clone(&channel);
                thread::named(name, move || channel.receive())
            });
            channel.close();
            let got = receivers.map(|r| r.join().ok().flatten());
            expect("the receivers have", [None, None], got);
        });

    check
        .case("the items left are received after the close", 5)
        .alone(|| {
            let channel = Channel::new(2);
            channel.send(1).ok();
            channel.close();
            let got = [channel.receive(), channel.receive()];
            expect("of the items left, receive returns", [Some(1), None], got);
        });

    check
        .case("a close wakes a sender that waits for room", 5)
        .schedules(2, || {
            let channel = Arc::new(Channel::new(1));
            channel.send(1).ok();
            let sender = thread::named("sender", {
                let channel = Arc::clone(&channel);
                move || channel.send(2)
            });
            channel.close();
            let sent = sender.join().ok();
            expect("send returns", Some(Err(2)), sent);
        });
}
