//! What Python's `random` adds to the Mersenne Twister.

use rand_mt::Mt;

/// Random numbers, the same ones as Python's `random.Random` for a seed.
pub struct Random(Mt);

impl Random {
    /// Starts the numbers that belong to `seed`. Its sign is ignored.
    ///
    /// Source: CPython's `random_seed`: the seed's 32-bit digits, lowest first
    /// and without leading zeros, are the key of `init_by_array`.
    pub fn new(seed: i64) -> Self {
        let seed = seed.unsigned_abs();
        let digits = [seed as u32, (seed >> 32) as u32];
        // Zero has one digit, too.
        let length = if digits[1] == 0 { 1 } else { 2 };
        Random(Mt::new_with_key(digits.into_iter().take(length)))
    }

    /// Returns a number from 0 to below 1, in steps of 2⁻⁵³.
    ///
    /// Source: CPython's `random_random`.
    pub fn random(&mut self) -> f64 {
        let (high, low) = (self.0.next_u32() >> 5, self.0.next_u32() >> 6);
        let steps = f64::from(high) * f64::from(1 << 26) + f64::from(low);
        steps / 2_f64.powi(53)
    }

    /// Returns how long to wait for what happens `rate` times in a unit of time.
    ///
    /// Source: Python's `random.expovariate`.
    pub fn expovariate(&mut self, rate: f64) -> f64 {
        // Not of `random()` itself, which may be 0.
        -(1.0 - self.random()).ln() / rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_of_a_seed_is_ignored() {
        let first = |seed| Random::new(seed).random();
        assert_eq!(first(-10), first(10));
        assert_ne!(first(10), first(10 + (1 << 32)));
    }

    #[test]
    fn numbers_are_from_0_to_below_1() {
        let mut random = Random::new(0);
        let mut range = 1.0_f64..=0.0;
        for _ in 0..10_000 {
            let number = random.random();
            range = range.start().min(number)..=range.end().max(number);
        }
        assert!((0.0..0.01).contains(range.start()), "{range:?}");
        assert!((0.99..1.0).contains(range.end()), "{range:?}");
    }
}
