//! Which errors are worth another try, and when.

use std::time::Duration;

use fastrand::Rng;
use reqwest::StatusCode;

use super::error::FetchError;

const FIRST_WAIT: Duration = Duration::from_millis(100);

/// No wait is longer, whatever a server asks for: with `--retries N` a flag
/// takes at most `N × (LONGEST_WAIT + timeout) + timeout`.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Returns whether the same request may well succeed a little later.
///
/// Source: the list of curl's `--retry`.
pub fn is_transient(err: &FetchError) -> bool {
    match err {
        FetchError::Connect(_) | FetchError::TimedOut => true,
        FetchError::Status { status, .. } => matches!(
            *status,
            StatusCode::REQUEST_TIMEOUT
                | StatusCode::TOO_MANY_REQUESTS
                | StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        ),
        _ => false,
    }
}

/// Returns how long to wait after the failed attempt number `attempt`, counted
/// from 0.
///
/// The wait doubles each time. Up to a third is added at random, so that those
/// who were refused together do not come back together; being less than half,
/// it leaves each wait at least 1.5 times the one before. A server that asked
/// for longer gets it.
pub fn wait_before(attempt: u32, err: &FetchError, rng: &mut Rng) -> Duration {
    let doubled = FIRST_WAIT * 2_u32.pow(attempt.min(10));
    let ours = doubled.mul_f64(1.0 + rng.f64() / 3.0);
    let theirs = match err {
        FetchError::Status { retry_after, .. } => *retry_after,
        _ => None,
    };
    ours.max(theirs.unwrap_or_default()).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> FetchError {
        FetchError::Status {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    #[test]
    fn every_wait_is_half_as_long_again_until_the_longest() {
        let mut rng = Rng::with_seed(1);
        for _ in 0..1_000 {
            let waits: Vec<Duration> = (0..10)
                .map(|n| wait_before(n, &FetchError::TimedOut, &mut rng))
                .collect();
            for pair in waits.windows(2) {
                let grown = pair[1] >= pair[0].mul_f64(1.499);
                assert!(grown || pair[1] == LONGEST_WAIT, "{pair:?}");
            }
        }
    }

    #[test]
    fn who_was_refused_together_does_not_come_back_together() {
        let mut rng = Rng::with_seed(1);
        let mut wait = || wait_before(0, &FetchError::TimedOut, &mut rng);
        assert_ne!(wait(), wait());
    }

    #[test]
    fn a_server_may_ask_for_longer_but_not_for_ever() {
        let mut rng = Rng::with_seed(1);
        let two = Duration::from_secs(2);
        let asked = wait_before(0, &status(503, Some(2)), &mut rng);
        assert_eq!(asked, two);
        let bound = wait_before(0, &status(503, Some(999_999)), &mut rng);
        assert_eq!(bound, LONGEST_WAIT);
    }

    #[test]
    fn what_was_refused_for_good_is_not_asked_again() {
        for code in [408, 429, 500, 502, 503, 504] {
            assert!(is_transient(&status(code, None)), "{code}");
        }
        for code in [400, 403, 410, 418, 501] {
            assert!(!is_transient(&status(code, None)), "{code}");
        }
        assert!(is_transient(&FetchError::TimedOut));
        assert!(!is_transient(&FetchError::TooLarge { limit: 1 }));
    }
}
