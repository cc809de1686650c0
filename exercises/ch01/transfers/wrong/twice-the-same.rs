//! A transfer from an account to itself takes one lock twice.

use exercise_harness::sync::{Mutex, MutexGuard, PoisonError};

/// Accounts with a lock each.
pub struct Bank {
    accounts: Vec<Mutex<u64>>,
}

impl Bank {
    /// Opens an account for each of these balances.
    pub fn new(balances: &[u64]) -> Bank {
        let accounts = balances.iter().map(|n| Mutex::new(*n));
        Bank {
            accounts: accounts.collect(),
        }
    }

    /// Moves money; returns false, and moves none, if there is too little.
    pub fn transfer(&self, from: usize, to: usize, amount: u64) -> bool {
        let mut lower = self.lock(from.min(to));
        let mut higher = self.lock(from.max(to));
        let (source, target) = if from < to {
            (&mut *lower, &mut *higher)
        } else {
            (&mut *higher, &mut *lower)
        };
        if *source < amount {
            return false;
        }
        *source -= amount;
        *target += amount;
        true
    }

    /// Counts the money of all accounts at one moment.
    pub fn total(&self) -> u64 {
        let accounts = 0..self.accounts.len();
        let all: Vec<_> = accounts.map(|account| self.lock(account)).collect();
        all.iter().map(|balance| **balance).sum()
    }

    /// Returns an account's balance.
    pub fn balance(&self, account: usize) -> u64 {
        *self.lock(account)
    }

    #[track_caller] // A schedule names the caller's line.
    fn lock(&self, account: usize) -> MutexGuard<'_, u64> {
        let lock = self.accounts[account].lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }
}
