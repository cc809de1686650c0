//! Lock order: two locks in two orders are a deadlock that no type prevents.
//!
//! The cure is one order for all threads, whichever account pays.
//!
//! cargo run -p ch01-threads -- lock-order

pub mod cli;

use std::cmp::Ordering;

use super::sync::{Barrier, Mutex, thread};

/// Money, behind a lock; the account with the lower number is locked first.
pub struct Account {
    number: u32,
    money: Mutex<u64>,
}

impl Account {
    /// Opens an account.
    pub fn new(number: u32, money: u64) -> Account {
        let money = Mutex::new(money);
        Account { number, money }
    }
}

/// Moves a coin, and locks the payer's account first.
///
/// The barrier makes the deadlock certain: two opposite transfers hold one lock
/// each before either asks for its second.
pub fn transfer_broken(from: &Account, to: &Account, both_hold_one: &Barrier) {
    let mut source = from.money.lock().expect("no transfer panics");
    both_hold_one.wait();
    let mut target = to.money.lock().expect("no transfer panics");
    *source -= 1;
    *target += 1;
}

/// Moves a coin, and locks the lower number first.
pub fn transfer(from: &Account, to: &Account) {
    let lock = || from.money.lock().expect("no transfer panics");
    let lock_other = || to.money.lock().expect("no transfer panics");
    let (mut source, mut target);
    match from.number.cmp(&to.number) {
        Ordering::Less => (source, target) = (lock(), lock_other()),
        Ordering::Greater => (target, source) = (lock_other(), lock()),
        // A thread that locks one mutex twice would wait for itself.
        Ordering::Equal => return,
    }
    *source -= 1;
    *target += 1;
}

/// Moves coins both ways at once, in one order of locks.
pub fn demo() {
    let (left, right) = (Account::new(1, 10_000), Account::new(2, 10_000));
    let repeat = |from: &Account, to: &Account| {
        for _ in 0..10_000 {
            transfer(from, to);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| repeat(&left, &right));
        scope.spawn(|| repeat(&right, &left));
    });
    let money = |account: Account| account.money.into_inner().unwrap_or(0);
    println!("left: {}, right: {}", money(left), money(right));
}

/// Moves two coins in opposite directions, for ever.
pub fn deadlock() {
    let (left, right) = (Account::new(1, 1), Account::new(2, 1));
    let both_hold_one = Barrier::new(2);
    println!("two transfers, each with one lock");
    thread::scope(|scope| {
        scope.spawn(|| transfer_broken(&left, &right, &both_hold_one));
        scope.spawn(|| transfer_broken(&right, &left, &both_hold_one));
    });
    println!("never printed");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_to_oneself_does_not_wait_for_itself() {
        let account = Account::new(1, 5);
        transfer(&account, &account);
        assert_eq!(account.money.into_inner().unwrap(), 5);
    }
}
