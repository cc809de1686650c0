//! reqwest: one URL, then ten at once, and errors by kind.
//!
//! cargo run -p ch04-async -- http-get

use std::error::Error;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use futures::future;
use reqwest::Client;

use crate::flags::codes::populous;
use crate::flags::server::{Manners, Server};

/// How long the server takes for an answer.
pub const DELAY: Duration = Duration::from_millis(200);

/// Downloads one URL, and returns how many bytes there are.
///
/// # Errors
///
/// There is no connection, no answer in time, or one with a status that is an
/// error.
pub async fn get(client: &Client, url: String) -> reqwest::Result<usize> {
    let response = client.get(url).send().await?.error_for_status()?;
    Ok(response.bytes().await?.len())
}

/// Downloads all URLs at once.
///
/// # Errors
///
/// The first that comes; the other downloads are dropped.
pub async fn get_all(
    client: &Client,
    urls: Vec<String>,
) -> reqwest::Result<Vec<usize>> {
    let downloads = urls.into_iter().map(|url| get(client, url));
    future::try_join_all(downloads).await
}

/// Names what went wrong.
pub fn kind(err: &reqwest::Error) -> String {
    if let Some(status) = err.status() {
        format!("the server answers {status}")
    } else if err.is_timeout() {
        "no answer in time".to_string()
    } else if err.is_connect() {
        "no connection".to_string()
    } else if err.is_builder() {
        "not a URL".to_string()
    } else {
        err.to_string()
    }
}

/// Starts a server on a thread of its own, and downloads from it.
///
/// # Errors
///
/// There is no server, or a download fails that should not.
pub fn demo() -> Result<(), Box<dyn Error>> {
    download(&start()?.base_url())
}

/// Downloads one flag, then ten in turn, then ten at once, and then fails.
#[tokio::main(flavor = "current_thread")]
async fn download(base: &str) -> Result<(), Box<dyn Error>> {
    // A proxy on another machine would look for our server over there.
    let client = Client::builder().no_proxy().build()?;
    let urls: Vec<String> = populous().take(10).map(flag(base)).collect();

    let start = Instant::now();
    let bytes = get(&client, urls[0].clone()).await?;
    let took = start.elapsed().as_millis();
    println!("one: {bytes} bytes in {took} ms");

    let start = Instant::now();
    let mut sum = 0;
    for url in urls.clone() {
        sum += get(&client, url).await?;
    }
    let took = start.elapsed().as_millis();
    println!("ten in turn: {sum} bytes in {took} ms");

    let start = Instant::now();
    let sum: usize = get_all(&client, urls.clone()).await?.iter().sum();
    let took = start.elapsed().as_millis();
    println!("ten at once: {sum} bytes in {took} ms");

    let start = Instant::now();
    let ten_times = vec![urls[0].clone(); 10];
    let answers = get_all(&client, ten_times).await?.len();
    let took = start.elapsed().as_millis();
    println!("the first, ten times at once: {answers} answers in {took} ms");

    let hasty = Client::builder().no_proxy().timeout(DELAY / 4).build()?;
    for (case, client, url) in [
        ("not there", &client, format!("{base}/zz/zz.gif")),
        ("too slow", &hasty, urls[0].clone()),
        ("no server", &client, closed_port()?),
        ("no scheme", &client, "flags/br.gif".to_string()),
    ] {
        match get(client, url).await {
            Ok(bytes) => println!("{case}: {bytes} bytes"),
            Err(err) => println!("{case}: {}", kind(&err)),
        }
    }
    Ok(())
}

/// Starts a server on this machine that is slow and makes no errors.
fn start() -> std::io::Result<Server> {
    Server::start(Manners {
        delay: DELAY,
        error_rate: 0.0,
        capacity: 100,
        seed: 0,
    })
}

fn flag(base: &str) -> impl Fn(crate::flags::codes::Code) -> String {
    move |code| format!("{base}/{0}/{0}.gif", code.lower())
}

/// Returns the URL of a port that was just closed.
fn closed_port() -> std::io::Result<String> {
    let gone = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    Ok(format!("http://{gone}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::main(flavor = "current_thread")]
    async fn error_of(url: String) -> String {
        let client = Client::builder().no_proxy().build().unwrap();
        kind(&get(&client, url).await.unwrap_err())
    }

    #[test]
    fn a_missing_page_is_an_error_with_its_status() {
        let url = format!("{}/zz/zz.gif", start().unwrap().base_url());
        assert_eq!(error_of(url), "the server answers 404 Not Found");
    }

    #[test]
    fn a_refused_connection_is_an_error_of_its_own_kind() {
        assert_eq!(error_of(closed_port().unwrap()), "no connection");
    }
}
