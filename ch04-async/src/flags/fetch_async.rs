//! One flag, for a task that waits: [`super::fetch_blocking`] with an `.await`
//! in each place where a thread would stand still.

use std::sync::Arc;

use fastrand::Rng;
use reqwest::{Client, Response};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::{task, time};

use super::body::Body;
use super::client::is_found;
use super::codes::Code;
use super::error::FetchError;
use super::job::{Event, Events, Job, Outcome};
use super::names::{FileName, MAX_METADATA, country_in};
use super::retry::{is_transient, wait_before};

/// Downloads a flag as soon as there is a permit, trying again where that makes
/// sense, and reports how it went.
pub async fn download(
    client: &Client,
    job: &Arc<Job>,
    code: Code,
    permits: &Semaphore,
    events: &Events,
) {
    let mut attempt = 0;
    loop {
        let mut turn = Turn::new(permits).await;
        if attempt == 0 {
            events.tell(Event::Started(code));
        }
        let err = match download_once(client, job, code, &mut turn).await {
            Err(err) if attempt < job.retries && is_transient(&err) => err,
            result => return events.tell(Event::Finished(code, result)),
        };
        // A download that only waits needs no permit.
        drop(turn);
        let wait = wait_before(attempt, &err, &mut Rng::new());
        events.tell(Event::Retrying(code, err, wait));
        time::sleep(wait).await;
        attempt += 1;
    }
}

/// A permit, which must be held until the last byte of an answer is there.
///
/// Around `send` alone it would bound the number of questions, not that of
/// downloads.
struct Turn<'a> {
    permits: &'a Semaphore,
    permit: Option<SemaphorePermit<'a>>,
}

impl<'a> Turn<'a> {
    async fn new(permits: &'a Semaphore) -> Turn<'a> {
        let mut turn = Turn {
            permits,
            permit: None,
        };
        turn.over_and_next().await;
        turn
    }

    /// Gives the permit back, and waits for another at the end of the queue.
    ///
    /// In that order: downloads that wait for a second permit while they hold
    /// a first one wait for each other, for ever.
    async fn over_and_next(&mut self) {
        self.permit = None;
        let next = self.permits.acquire().await;
        self.permit = Some(next.expect("this semaphore is never closed"));
    }
}

/// Makes one attempt, of one request or two.
async fn download_once(
    client: &Client,
    job: &Arc<Job>,
    code: Code,
    turn: &mut Turn<'_>,
) -> Result<Outcome, FetchError> {
    let mut country = None;
    if job.country_names {
        let url = job.metadata_url(code);
        let Some(response) = get(client, job, &url).await? else {
            return Ok(Outcome::NotFound);
        };
        country = Some(read_country(response).await?);
        turn.over_and_next().await;
    }

    let Some(mut response) = get(client, job, &job.flag_url(code)).await?
    else {
        return Ok(Outcome::NotFound);
    };
    let length = response.content_length();
    let mut body = Body::new(length, response.headers(), job.max_bytes)?;
    let part = off_the_loop(job, |job| job.folder.new_part()).await?;
    let (file, part) = part.into_parts();
    let mut file = File::from_std(file);
    let not_saved = |cause| FetchError::save(&part, cause);
    while let Some(bytes) = response.chunk().await? {
        body.watch(&bytes)?;
        file.write_all(&bytes).await.map_err(not_saved)?;
    }
    // `write_all` returns when another thread has got the bytes. Only this
    // tells whether they were written.
    file.flush().await.map_err(not_saved)?;
    let received = body.end()?;
    let name = FileName::new(code, country.as_deref());
    off_the_loop(job, move |job| job.folder.keep(part, &name)).await?;
    Ok(Outcome::Saved(received))
}

/// Returns the answer if it is one; nothing if there is no such page.
async fn get(
    client: &Client,
    job: &Job,
    url: &str,
) -> Result<Option<Response>, FetchError> {
    // Said for each request, it covers the body as well.
    let response = client.get(url).timeout(job.timeout).send().await?;
    let found = is_found(response.status(), response.headers())?;
    Ok(found.then_some(response))
}

async fn read_country(mut response: Response) -> Result<String, FetchError> {
    let mut metadata = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        metadata.extend_from_slice(&bytes);
        if metadata.len() as u64 > MAX_METADATA {
            break;
        }
    }
    country_in(&metadata)
}

/// Runs what blocks on a thread that is there for it.
///
/// Disks have no "come back when it is done" that all systems share. On the
/// event loop's own thread a slow disk would hold up every other download.
async fn off_the_loop<T: Send + 'static>(
    job: &Arc<Job>,
    work: impl FnOnce(&Job) -> T + Send + 'static,
) -> T {
    let job = Arc::clone(job);
    task::spawn_blocking(move || work(&job))
        .await
        .expect("work neither panics nor is it aborted")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::runtime;
    use tokio::sync::Notify;

    use super::super::client::async_client;
    use super::super::save::Folder;
    use super::super::server::{Manners, Server};
    use super::*;
    use crate::limit::within_limit;

    fn job(server: &Server, folder: Folder) -> Arc<Job> {
        let second = Duration::from_secs(10);
        Arc::new(Job {
            codes: vec!["br".parse().unwrap()],
            base_url: server.base_url(),
            connections: 1,
            timeout: second,
            connect_timeout: second,
            retries: 0,
            max_bytes: 1 << 20,
            country_names: false,
            folder,
        })
    }

    #[test]
    fn a_disk_that_blocks_does_not_block_the_loop() {
        let server = Server::start(Manners {
            delay: Duration::ZERO,
            error_rate: 0.0,
            capacity: 1,
            seed: 0,
        });
        let server = server.unwrap();
        let saved = within_limit(move || {
            let dir = tempfile::tempdir().unwrap();
            let job = job(&server, Folder::new(dir.path().to_path_buf()));
            let another_thread = Arc::new(Notify::new());
            let started = another_thread.clone();
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .on_thread_start(move || started.notify_one())
                .build()
                .unwrap();
            // A download that wants a file waits until this is dropped.
            let disk = job.folder.occupy();
            let client = async_client(&job).unwrap();
            let permits = Semaphore::new(1);
            let (events, told) = mpsc::channel();
            let events = Events(events);
            let download =
                download(&client, &job, job.codes[0], &permits, &events);
            // On the loop, waiting for the disk would be its last act: the
            // notice below would not be read, and the disk never freed.
            let frees_the_disk = async {
                another_thread.notified().await;
                drop(disk);
            };
            runtime.block_on(async {
                tokio::join!(download, frees_the_disk);
            });
            told.try_iter().any(|event| {
                matches!(event, Event::Finished(_, Ok(Outcome::Saved(_))))
            })
        });
        assert!(saved);
    }
}
