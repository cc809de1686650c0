//! Nested: each step inside the one before, and the error path thrice.

use super::{Error, EventLoop, customer, order, place};

/// Takes the result when it is there.
pub type Done = Box<dyn FnOnce(&mut EventLoop, Result<String, Error>)>;

/// Tells `done` where a customer's last order is.
pub fn track(event_loop: &mut EventLoop, name: String, done: Done) {
    event_loop.answer(customer(&name), move |event_loop, found| {
        let customer = match found {
            Ok(customer) => customer,
            // `?` would return from the callback to the loop, which ignores it.
            Err(err) => return done(event_loop, Err(err)),
        };
        event_loop.answer(order(customer), move |event_loop, found| {
            let order = match found {
                Ok(order) => order,
                Err(err) => return done(event_loop, Err(err)),
            };
            event_loop.answer(place(order), move |event_loop, found| {
                let place = match found {
                    Ok(place) => place,
                    Err(err) => return done(event_loop, Err(err)),
                };
                // `name` and `order` were moved in through every level.
                let text = format!("{name}'s order {order} is in {place}");
                done(event_loop, Ok(text));
            });
        });
    });
}
