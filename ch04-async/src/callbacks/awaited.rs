//! Awaited: three calls, one error path, and local variables.

use super::{Error, customer, order, place};

/// Returns where a customer's last order is; each call is awaited with `wait`.
///
/// # Errors
///
/// The first call's that fails; the ones after it are not made.
pub async fn track(name: &str, wait: impl AsyncFn()) -> Result<String, Error> {
    wait().await;
    let customer = customer(name)?;
    wait().await;
    let order = order(customer)?;
    wait().await;
    let place = place(order)?;
    Ok(format!("{name}'s order {order} is in {place}"))
}
