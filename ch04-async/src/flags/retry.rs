//! Which errors are worth another try, and when.

use std::time::{Duration, SystemTime};

use fastrand::Rng;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::error::FetchError;

const FIRST_WAIT: Duration = Duration::from_millis(100);

/// No wait is longer, even if a server asks for more: with `--retries N` a flag
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
/// that were refused together do not come back together; being less than half,
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

/// Returns how long a server asks to be left alone by its `Retry-After`: for a
/// number of seconds, or until a date. More digits than a number has room for
/// mean the longest time that there is.
///
/// The server's clock need not be right. A date is therefore compared with the
/// one that the same answer carries; without that, with `now`.
///
/// Source: RFC 9110 §10.2.3, and §5.6.7 for the three ways to write a date.
pub fn asked_for(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let date = |text| httpdate::parse_http_date(text).ok();
    let asked = text(RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = asked.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds));
    }
    let now = text(DATE).and_then(date).unwrap_or(now);
    // A date that has passed asks for nothing.
    Some(date(asked)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

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

    /// When RFC 9110's example of a date is, less 5 s.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 5)
    }

    fn asked(value: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        asked_for(&headers, now()).map(|asked| asked.as_secs())
    }

    #[test]
    fn a_server_may_name_seconds_or_a_date() {
        assert_eq!(asked("120", None), Some(120));
        assert_eq!(asked(" 007 ", None), Some(7));
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(asked(date, None), Some(5), "{date}");
        }
        // By its own clock, if it says what that shows.
        let slow = Some("Sun, 06 Nov 1994 08:48:37 GMT");
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", slow), Some(60));
        let bad = Some("yesterday");
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", bad), Some(5));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:00 GMT", None), Some(0));
    }

    #[test]
    fn a_number_that_is_too_large_is_the_largest() {
        let many = "99999999999999999999999";
        assert_eq!(asked(many, None), Some(u64::MAX));
        assert_eq!(asked(&"9".repeat(5_000), None), Some(u64::MAX));
        let far = "Fri, 31 Dec 9999 23:59:59 GMT";
        assert!(asked(far, None).is_some_and(|far| far > 1 << 37));
        let mut rng = Rng::with_seed(1);
        for value in [many, far] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            let err = FetchError::Status {
                status: StatusCode::SERVICE_UNAVAILABLE,
                retry_after: asked_for(&headers, now()),
            };
            assert_eq!(wait_before(0, &err, &mut rng), LONGEST_WAIT);
        }
    }

    #[test]
    fn what_is_neither_asks_for_nothing() {
        for bad in ["", "+5", "-1", "1.5", "0x10", "5 s", "1, 2", "٣", "soon"]
        {
            let mut headers = HeaderMap::new();
            let value = HeaderValue::from_bytes(bad.as_bytes()).unwrap();
            headers.insert(RETRY_AFTER, value);
            assert_eq!(asked_for(&headers, now()), None, "{bad}");
        }
        assert_eq!(asked_for(&HeaderMap::new(), now()), None);
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
