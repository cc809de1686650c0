//! One flag, for a task that waits: [`super::fetch_blocking`] with an `.await`
//! in each place where a thread would stand still.

use std::sync::Arc;

use fastrand::Rng;
use reqwest::{Client, Response};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tokio::{task, time};

use super::body::Body;
use super::client::is_found;
use super::codes::Code;
use super::error::FetchError;
use super::job::{Event, Events, Job, Outcome};
use super::names::{MAX_METADATA, country_in, file_name};
use super::retry::{is_transient, wait_before};

/// Downloads a flag as soon as there is a permit, trying again where that makes
/// sense, and tells how it went.
pub async fn download(
    client: &Client,
    job: &Arc<Job>,
    code: Code,
    permits: &Semaphore,
    events: &Events,
) {
    let mut attempt = 0;
    loop {
        // It must be held until the last byte is there. Around `send` alone it
        // would bound the number of questions, not that of downloads.
        let permit = permits
            .acquire()
            .await
            .expect("nobody closes this semaphore");
        if attempt == 0 {
            events.tell(Event::Started(code));
        }
        let err = match download_once(client, job, code).await {
            Err(err) if attempt < job.retries && is_transient(&err) => err,
            result => return events.tell(Event::Finished(code, result)),
        };
        // Who only waits needs no permit.
        drop(permit);
        let wait = wait_before(attempt, &err, &mut Rng::new());
        events.tell(Event::Retrying(code, err, wait));
        time::sleep(wait).await;
        attempt += 1;
    }
}

async fn download_once(
    client: &Client,
    job: &Arc<Job>,
    code: Code,
) -> Result<Outcome, FetchError> {
    let mut country = None;
    if job.country_names {
        let url = job.metadata_url(code);
        let Some(response) = get(client, job, &url).await? else {
            return Ok(Outcome::NotFound);
        };
        country = Some(read_country(response).await?);
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
    let name = file_name(code, country.as_deref());
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
