//! What a bank guarantees, under every schedule.

use exercise_harness::sync::Arc;
use exercise_harness::{Check, expect, thread};

use super::solution::Bank;

pub fn check(check: &mut Check) {
    check
        .case("two transfers in opposite directions end", 1)
        .schedules(2, || {
            let bank = Arc::new(Bank::new(&[2, 2]));
            let other = thread::named("other", {
                let bank = Arc::clone(&bank);
                move || bank.transfer(1, 0, 1)
            });
            expect("transfer returns", true, bank.transfer(0, 1, 1));
            other.join().ok();
            let balances = [bank.balance(0), bank.balance(1)];
            expect("the balances are", [2, 2], balances);
        });

    check
        .case("a count during a transfer sees all the money", 2)
        .schedules(2, || {
            let bank = Arc::new(Bank::new(&[2, 2]));
            let other = thread::named("other", {
                let bank = Arc::clone(&bank);
                move || bank.transfer(0, 1, 1)
            });
            expect("the total is", 4, bank.total());
            other.join().ok();
        });

    check
        .case("of two transfers with money for one, one succeeds", 3)
        .schedules(2, || {
            let bank = Arc::new(Bank::new(&[5, 0, 0]));
            let other = thread::named("other", {
                let bank = Arc::clone(&bank);
                move || bank.transfer(0, 1, 4)
            });
            bank.transfer(0, 2, 4);
            other.join().ok();
            let mut balances = [0, 1, 2].map(|i| bank.balance(i));
            balances[1..].sort_unstable();
            expect("the balances are", [1, 0, 4], balances);
        });

    check
        .case("a transfer of too much money fails", 3)
        .alone(|| {
            let bank = Bank::new(&[1, 0]);
            expect("transfer returns", false, bank.transfer(0, 1, 2));
            expect("the total is", 1, bank.total());
        });

    check
        .case("from an account to itself is allowed", 4)
        .alone(|| {
            let bank = Bank::new(&[1]);
            expect("transfer returns", true, bank.transfer(0, 0, 1));
            expect("transfer returns", false, bank.transfer(0, 0, 2));
            expect("the balance is", 1, bank.balance(0));
        });
}
