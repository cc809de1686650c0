//! One flag, for a thread that waits: compare with [`super::fetch_async`], where
//! every call that waits has an `.await` and hence every function an `async`.

use std::io::{Read, Write};
use std::thread;

use fastrand::Rng;
use reqwest::blocking::{Client, Response};

use super::body::Body;
use super::client::is_found;
use super::codes::Code;
use super::error::FetchError;
use super::job::{Event, Events, Job, Outcome};
use super::names::{FileName, MAX_METADATA, country_in};
use super::retry::{is_transient, wait_before};

/// Downloads a flag, trying again where that makes sense, and tells how it
/// went.
pub fn download(client: &Client, job: &Job, code: Code, events: &Events) {
    events.tell(Event::Started(code));
    let mut attempt = 0;
    let result = loop {
        match download_once(client, job, code) {
            Err(err) if attempt < job.retries && is_transient(&err) => {
                let wait = wait_before(attempt, &err, &mut Rng::new());
                events.tell(Event::Retrying(code, err, wait));
                // A thread that waits does nothing else: for that long there
                // is one connection fewer.
                thread::sleep(wait);
            }
            result => break result,
        }
        attempt += 1;
    };
    events.tell(Event::Finished(code, result));
}

fn download_once(
    client: &Client,
    job: &Job,
    code: Code,
) -> Result<Outcome, FetchError> {
    let mut country = None;
    if job.country_names {
        let url = job.metadata_url(code);
        let Some(response) = get(client, job, &url)? else {
            return Ok(Outcome::NotFound);
        };
        country = Some(read_country(response)?);
    }

    let Some(mut response) = get(client, job, &job.flag_url(code))? else {
        return Ok(Outcome::NotFound);
    };
    let length = response.content_length();
    let mut body = Body::new(length, response.headers(), job.max_bytes)?;
    let mut part = job.folder.new_part()?;
    let mut buffer = [0; 16 * 1024];
    loop {
        let n = response
            .read(&mut buffer)
            .map_err(|err| FetchError::from_read(&err))?;
        if n == 0 {
            break;
        }
        body.watch(&buffer[..n])?;
        part.write_all(&buffer[..n])
            .map_err(|cause| FetchError::save(part.path(), cause))?;
    }
    let received = body.end()?;
    let name = FileName::new(code, country.as_deref());
    job.folder.keep(part.into_temp_path(), &name)?;
    Ok(Outcome::Saved(received))
}

/// Returns the answer if it is one; nothing if there is no such page.
fn get(
    client: &Client,
    job: &Job,
    url: &str,
) -> Result<Option<Response>, FetchError> {
    // Said for each request, it covers the body as well.
    let response = client.get(url).timeout(job.timeout).send()?;
    let found = is_found(response.status(), response.headers())?;
    Ok(found.then_some(response))
}

fn read_country(response: Response) -> Result<String, FetchError> {
    let mut metadata = Vec::new();
    response
        .take(MAX_METADATA)
        .read_to_end(&mut metadata)
        .map_err(|err| FetchError::from_read(&err))?;
    country_in(&metadata)
}
