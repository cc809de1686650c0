//! Awaited: three lines, one error path, and local variables.

use super::{Error, answer, customer, order, place};

/// Returns where a customer's last order is.
///
/// # Errors
///
/// The first call's that fails; the ones after it are not made.
pub async fn track(name: &str) -> Result<String, Error> {
    let customer = answer(customer(name)).await?;
    let order = answer(order(customer)).await?;
    let place = answer(place(order)).await?;
    Ok(format!("{name}'s order {order} is in {place}"))
}
