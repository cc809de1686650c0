//! CPU-bound work: tests whether numbers are prime.

/// Tests `n` by dividing it by all odd numbers up to its root.
///
/// Slow on purpose, and the same in the Python twins.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, the primes.
pub fn is_prime(n: u64) -> bool {
    if n < 2 || n.is_multiple_of(2) {
        return n == 2;
    }
    // A loop, not an iterator chain: this runs in unoptimised builds, too.
    let (root, mut i) = (n.isqrt(), 3);
    while i <= root {
        if n.is_multiple_of(i) {
            return false;
        }
        i += 2;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_square_numbers_are_right() {
        let primes: Vec<u64> = (0..30).filter(|n| is_prime(*n)).collect();
        assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert!(!is_prime(1_000_003 * 1_000_003));
        assert!(is_prime(1_000_000_007));
    }
}
