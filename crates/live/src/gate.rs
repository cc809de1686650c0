//! Which requests are let in: those that name this server as their host, come
//! from its own pages, and know the token.
//!
//! Another page in the same browser can send requests to loopback, and by DNS
//! rebinding under a name of its own. It knows neither the token nor, behind
//! its own name, ours.

use std::hash::{BuildHasher, RandomState};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a request has to name.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The first part of every path.
    pub token: String,
    port: u16,
}

impl Gate {
    /// Makes a gate with a new token for a server on `port` of loopback.
    pub fn new(port: u16) -> Gate {
        // The standard library's hasher has random keys in every process.
        let part = |n: u32| RandomState::new().hash_one(n);
        Gate {
            token: format!("{:016x}{:016x}", part(0), part(1)),
            port,
        }
    }

    /// Returns the address that a reader opens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Says why a request stays outside, if it does.
    fn refuses(&self, path: &str, headers: &HeaderMap) -> Option<&'static str> {
        let value = |name| {
            let value = headers.get(name);
            value.map(|value: &HeaderValue| value.to_str().unwrap_or("?"))
        };
        let hosts = ["127.0.0.1", "localhost"]
            .map(|host| format!("{host}:{}", self.port));
        let host = value(header::HOST).unwrap_or_default();
        if !hosts.iter().any(|known| known == host) {
            return Some("this server answers to 127.0.0.1 and localhost only");
        }
        if value(header::ORIGIN)
            .is_some_and(|origin| origin != format!("http://{host}"))
        {
            return Some("this server answers to its own pages only");
        }
        let token = path.trim_start_matches('/').split('/').next();
        if token != Some(&self.token) {
            return Some(
                "the address has a token, which is new whenever the server \
                 starts: copy the whole address from the terminal",
            );
        }
        None
    }
}

/// Lets a request in or answers 403, and says of every answer what a browser
/// may do with it.
pub async fn check(
    State(gate): State<Gate>,
    request: Request,
    next: Next,
) -> Response {
    let refused = gate.refuses(request.uri().path(), request.headers());
    let mut response = match refused {
        Some(why) => {
            (StatusCode::FORBIDDEN, format!("{why}\n")).into_response()
        }
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'"));
    response
}

/// Returns what a page may load: scripts and styles of this server, and of the
/// scripts in the page itself those that the server has marked.
pub fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self' data:; connect-src 'self'; frame-src 'self'; \
         frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_our_own_pages_with_our_token_come_in() {
        let gate = Gate::new(4000);
        let path = format!("/{}/x", gate.token);
        let own = "http://127.0.0.1:4000";
        let of = |path: &str, host: &str, origin| {
            gate.refuses(path, &headers(host, origin)).is_none()
        };
        assert!(of(&path, "127.0.0.1:4000", None));
        assert!(of(&path, "127.0.0.1:4000", Some(own)));
        assert!(of(&path, "localhost:4000", Some("http://localhost:4000")));
        assert!(!of(&path, "evil.example:4000", None));
        assert!(!of(&path, "127.0.0.1:4001", None));
        assert!(!of(&path, "127.0.0.1:4000", Some("http://evil.example")));
        assert!(!of(&path, "127.0.0.1:4000", Some("null")));
        assert!(!of("/x", "127.0.0.1:4000", None));
        assert!(!of("/", "127.0.0.1:4000", None));
    }

    #[test]
    fn no_two_servers_have_one_token() {
        assert_ne!(Gate::new(1).token, Gate::new(1).token);
        assert_eq!(Gate::new(1).token.len(), 32);
    }
}
