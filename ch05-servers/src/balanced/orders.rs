//! The shop behind the balancer: an order is written down, then worked on.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Response, StatusCode};

use crate::serve::http::{not_allowed, text};

/// A shop whose processes share one ledger.
pub struct Shop {
    ledger: Option<File>,
    work: Duration,
}

impl Shop {
    /// Opens the ledger at the end, if there is to be one.
    ///
    /// # Errors
    ///
    /// It cannot be opened.
    pub fn open(path: Option<&Path>, work: Duration) -> io::Result<Arc<Shop>> {
        let append =
            |path| OpenOptions::new().append(true).create(true).open(path);
        let ledger = path.map(append).transpose()?;
        Ok(Arc::new(Shop { ledger, work }))
    }

    /// Places order `/orders/17`, also when a GET says so.
    ///
    /// A line in the ledger says that it was begun; the answer comes later.
    pub async fn answer(
        &self,
        method: &Method,
        path: &str,
    ) -> Response<Full<Bytes>> {
        if !matches!(*method, Method::GET | Method::POST) {
            return not_allowed("GET, POST");
        }
        let order = path.strip_prefix("/orders/");
        let Some(order) = order.and_then(|text| text.parse::<u32>().ok())
        else {
            return text(StatusCode::NOT_FOUND, "no such order\n");
        };
        if let Some(mut ledger) = self.ledger.as_ref() {
            // One write at the end of the file: lines of several processes do
            // not mix. It takes less time than asking another thread for it.
            let written = ledger.write_all(format!("{order}\n").as_bytes());
            if written.is_err() {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return text(status, "the ledger is full\n");
            }
        }
        // Some orders are larger, or all customers would come at once.
        tokio::time::sleep(self.work * (1 + order % 3)).await;
        text(StatusCode::OK, "thank you\n")
    }
}

/// Counts how often each of `n` orders stands in the ledger.
///
/// # Errors
///
/// It cannot be read.
pub fn times_placed(path: &Path, n: usize) -> io::Result<Vec<usize>> {
    let mut times = vec![0; n];
    for line in std::fs::read_to_string(path)?.lines() {
        if let Some(times) = line
            .parse()
            .ok()
            .and_then(|order: usize| times.get_mut(order))
        {
            *times += 1;
        }
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_order_is_in_the_ledger_as_often_as_it_was_placed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let shop = Shop::open(Some(&path), Duration::ZERO).unwrap();
        for (path, status) in [
            ("/orders/0", 200),
            ("/orders/2", 200),
            ("/orders/2", 200),
            ("/orders/x", 404),
            ("/", 404),
        ] {
            let answer = shop.answer(&Method::POST, path).await;
            assert_eq!(answer.status().as_u16(), status, "{path}");
        }
        let refused = shop.answer(&Method::PUT, "/orders/1").await;
        assert_eq!(refused.status().as_u16(), 405);
        assert_eq!(times_placed(&path, 3).unwrap(), [1, 0, 2]);
    }
}
