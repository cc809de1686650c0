//! Two clients, one behaviour: what is set and judged alike in both forms.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{StatusCode, blocking};

use super::error::FetchError;
use super::job::Job;

const MAX_REDIRECTS: usize = 5;

/// Makes the client that threads share.
///
/// # Errors
///
/// When its own thread cannot be started, or TLS finds no certificates.
pub fn blocking_client(job: &Job) -> reqwest::Result<blocking::Client> {
    let client = blocking::Client::builder()
        .connect_timeout(job.connect_timeout)
        .redirect(Policy::custom(stay_here));
    // A proxy on another machine would look for our server over there.
    let client = if job.our_server {
        client.no_proxy()
    } else {
        client
    };
    client.build()
}

/// Makes the client that tasks share.
///
/// # Errors
///
/// As [`blocking_client`].
pub fn async_client(job: &Job) -> reqwest::Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .connect_timeout(job.connect_timeout)
        .redirect(Policy::custom(stay_here));
    let client = if job.our_server {
        client.no_proxy()
    } else {
        client
    };
    client.build()
}

/// Follows a redirect unless it leads elsewhere, or nowhere.
fn stay_here(attempt: Attempt) -> Action {
    let elsewhere = attempt
        .previous()
        .first()
        .is_some_and(|first| first.origin() != attempt.url().origin());
    if elsewhere {
        attempt.error("to another server")
    } else if attempt.previous().len() > MAX_REDIRECTS {
        attempt.error("more than 5 times")
    } else {
        attempt.follow()
    }
}

/// Returns whether there is such a page.
///
/// # Errors
///
/// Status, for every status but 200 and 404.
pub fn is_found(
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<bool, FetchError> {
    match status {
        StatusCode::OK => Ok(true),
        StatusCode::NOT_FOUND => Ok(false),
        _ => {
            // Seconds. It may be a date as well: then our own wait has to do.
            let retry_after = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse().ok())
                .map(Duration::from_secs);
            Err(FetchError::Status {
                status,
                retry_after,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_good_statuses_only_200_is_a_flag() {
        for status in (200..300).filter_map(|n| StatusCode::from_u16(n).ok()) {
            let found = is_found(status, &HeaderMap::new()).is_ok();
            assert_eq!(found, status == StatusCode::OK, "{status}");
        }
    }
}
