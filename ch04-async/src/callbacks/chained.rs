//! Chained: one function for each step, and a parcel that they pass on.

use super::nested::Done;
use super::{Error, EventLoop, customer, order, place};

/// What every step needs of the ones before it.
///
/// The local variables that an `async fn` would have, kept by hand.
struct Context {
    name: String,
    done: Done,
}

/// Tells `done` where a customer's last order is.
pub fn track(event_loop: &mut EventLoop, name: String, done: Done) {
    let found = customer(&name);
    let context = Context { name, done };
    event_loop.answer(found, |event_loop, found| {
        with_customer(event_loop, context, found);
    });
}

fn with_customer(
    event_loop: &mut EventLoop,
    context: Context,
    found: Result<u32, Error>,
) {
    match found {
        Ok(customer) => {
            event_loop.answer(order(customer), |event_loop, found| {
                with_order(event_loop, context, found);
            })
        }
        Err(err) => (context.done)(event_loop, Err(err)),
    }
}

fn with_order(
    event_loop: &mut EventLoop,
    context: Context,
    found: Result<u32, Error>,
) {
    match found {
        Ok(order) => {
            event_loop.answer(place(order), move |event_loop, found| {
                with_place(event_loop, context, order, found);
            })
        }
        Err(err) => (context.done)(event_loop, Err(err)),
    }
}

fn with_place(
    event_loop: &mut EventLoop,
    context: Context,
    order: u32,
    found: Result<&str, Error>,
) {
    let Context { name, done } = context;
    let text =
        found.map(|place| format!("{name}'s order {order} is in {place}"));
    done(event_loop, text);
}
