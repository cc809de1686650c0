//! `spawn_blocking` that is not awaited: the error vanishes with the handle.
//!
//! cargo run -p ch04-async -- unawaited-save

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tokio::task;

/// How long a slow disk takes for one file.
const SLOW: Duration = Duration::from_millis(200);

/// Saves a picture on a slow disk.
fn save(path: &Path, picture: &[u8]) -> io::Result<()> {
    thread::sleep(SLOW);
    fs::write(path, picture)
}

/// Starts saving, and says OK before the picture is there, or is not.
async fn download_broken(path: &Path) {
    let place = path.to_path_buf();
    // The handle is dropped, and with it the result.
    drop(task::spawn_blocking(move || save(&place, b"GIF89a")));
    println!("  OK, the file exists: {}", path.exists());
}

/// Saves, waits for it, and passes the error on.
async fn download(path: &Path) -> io::Result<()> {
    let place = path.to_path_buf();
    let saved = task::spawn_blocking(move || save(&place, b"GIF89a"));
    saved.await??;
    println!("  OK, the file exists: {}", path.exists());
    Ok(())
}

/// Saves four pictures at the same time, each on a thread.
async fn four(folder: &Path) -> io::Result<()> {
    let start = Instant::now();
    let saving: Vec<_> = (0..4)
        .map(|n| folder.join(format!("{n}.gif")))
        .map(|path| task::spawn_blocking(move || save(&path, b"GIF89a")))
        .collect();
    for saved in saving {
        saved.await??;
    }
    let overlap = start.elapsed() < 3 * SLOW;
    println!("  less time than three of them in a row: {overlap}");
    Ok(())
}

/// Writes a file of this size many times, on the loop and on a thread.
///
/// Returns the median time of each, in microseconds.
async fn write(folder: &Path, size: usize) -> io::Result<(u128, u128)> {
    let (mut on_loop, mut on_thread) = (Vec::new(), Vec::new());
    for n in 0..101 {
        let picture = vec![b'x'; size];
        // Two new files: to create one costs more than to replace it.
        let [one, other] = ["loop", "thread"]
            .map(|name| folder.join(format!("{name}-{size}-{n}.gif")));
        let start = Instant::now();
        fs::write(one, &picture)?;
        on_loop.push(start.elapsed().as_micros());
        let start = Instant::now();
        task::spawn_blocking(move || fs::write(other, picture)).await??;
        on_thread.push(start.elapsed().as_micros());
    }
    on_loop.sort_unstable();
    on_thread.sort_unstable();
    Ok((on_loop[50], on_thread[50]))
}

/// Saves into a folder that is there, and into one that is not.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, the `flags2` example with
/// `run_in_executor`, whose result is not awaited.
///
/// # Errors
///
/// There is no temporary folder.
#[tokio::main(flavor = "current_thread")]
pub async fn demo() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let missing = folder.path().join("missing").join("br.gif");

    println!("not awaited, into a folder that is missing");
    download_broken(&missing).await;
    println!("awaited, into a folder that is missing");
    let failed = download(&missing).await.is_err();
    println!("  an error: {failed}");
    println!("awaited, into a folder that is there");
    download(&folder.path().join("br.gif")).await?;
    println!("four at a time");
    four(folder.path()).await?;
    println!("one write, on the loop and on a thread");
    for kilobytes in [13, 130, 1300] {
        let times = write(folder.path(), 1000 * kilobytes).await?;
        println!("  {kilobytes} kB: {} and {} µs", times.0, times.1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_awaited_save_reports_its_error_and_leaves_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing").join("br.gif");
        let err = download(&missing).await.unwrap_err();
        assert_eq!(err.kind(), io::ErrorKind::NotFound);
        let path = folder.path().join("br.gif");
        download(&path).await.unwrap();
        assert_eq!(fs::read(path).unwrap(), b"GIF89a");
    }
}
