//! Two clients, one behaviour: what is set and judged alike in both forms.

use std::net::IpAddr;
use std::time::SystemTime;

use reqwest::header::HeaderMap;
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{StatusCode, Url, blocking};

use super::error::FetchError;
use super::job::Job;
use super::retry::asked_for;

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
    match is_on_loopback(&job.base_url) {
        true => client.no_proxy().build(),
        false => client.build(),
    }
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
    match is_on_loopback(&job.base_url) {
        true => client.no_proxy().build(),
        false => client.build(),
    }
}

/// Says whether a server is on this machine. A proxy on another one would look
/// for it over there, so such a server is asked without any.
fn is_on_loopback(base_url: &str) -> bool {
    let Ok(url) = Url::parse(base_url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let name = host.trim_end_matches('.');
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    match address.map(|address| address.to_canonical()) {
        // What is bound to every address can be asked under that one, too.
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
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
            let retry_after = asked_for(headers, SystemTime::now());
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
    fn this_machine_has_many_names() {
        for here in [
            "http://127.0.0.1:8000",
            "http://127.1",
            "http://2130706433/flags",
            "https://[::1]:8000",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0:80",
            "http://LocalHost",
            "http://localhost.:80",
            "http://flags.localhost",
        ] {
            assert!(is_on_loopback(here), "{here}");
        }
        for elsewhere in [
            "http://128.0.0.1",
            "http://localhost.example",
            "http://notlocalhost",
            "http://127.0.0.1.example",
            "http://127.0.0.1@example.org",
            "http://[2001:db8::1]",
            "",
        ] {
            assert!(!is_on_loopback(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn of_all_good_statuses_only_200_is_a_flag() {
        for status in (200..300).filter_map(|n| StatusCode::from_u16(n).ok()) {
            let found = is_found(status, &HeaderMap::new()).is_ok();
            assert_eq!(found, status == StatusCode::OK, "{status}");
        }
    }
}
