//! The server: its state, its addresses, its answers.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Error, Result};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures::stream::{self, Stream};
use notify::{RecursiveMode, Watcher};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, broadcast, mpsc};

use crate::edits::{Conflict, Edits, MOST};
use crate::event::{Event, Events};
use crate::gate::{self, Gate};
use crate::overlay::Overlay;
use crate::reaper::Reaper;
use crate::run::{Job, Stop};
use crate::site::{Shown, Site, enliven, is_of_a_chapter};
use crate::{explore, practice, run};

/// What the server is about.
pub struct Options {
    /// The checkout.
    pub root: PathBuf,
    /// The book that was built of it.
    pub book: PathBuf,
    /// The folder that cargo builds in.
    pub target: PathBuf,
    /// Where edits are kept.
    pub edits: PathBuf,
    /// The program that checks exercises; `cargo xtask` if there is none.
    pub runner: Option<PathBuf>,
    /// This program, which is started once more as the reaper.
    pub program: PathBuf,
}

/// The state of the server.
pub struct Live {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) runner: Option<PathBuf>,
    pub(crate) python: Option<PathBuf>,
    /// The folder that programs run in.
    pub(crate) folder: PathBuf,
    pub(crate) edits: Edits,
    /// Locked while cargo builds: one build at a time.
    pub(crate) overlay: tokio::sync::Mutex<Overlay>,
    /// As many programs run at a time as there are cores.
    pub(crate) turns: Semaphore,
    /// Ends all programs.
    pub reaper: Reaper,
    site: Site,
    built: Mutex<BTreeMap<String, PathBuf>>,
    changes: AtomicU64,
    changed: broadcast::Sender<String>,
    outcomes: Mutex<BTreeMap<String, BTreeMap<String, u32>>>,
    running: Mutex<BTreeMap<u64, Stop>>,
    next: AtomicU64,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Makes ready what the server needs.
    ///
    /// # Errors
    ///
    /// There is no book, or the folder `live` cannot be written.
    pub fn new(options: Options) -> Result<Arc<Live>> {
        let site = Site::open(&options.book)?;
        let root = options.root.canonicalize().context("the checkout")?;
        let folder = options.target.join("live");
        let overlay = Overlay::claim(&root, &folder)?;
        let workspace = overlay.folder().to_path_buf();
        let reaper = Reaper::start(&options.program, &workspace)?;
        let cores = std::thread::available_parallelism();
        Ok(Arc::new(Live {
            edits: Edits::of(&root, &options.edits),
            root,
            target: options.target,
            runner: options.runner,
            python: find_python(),
            folder: workspace,
            overlay: tokio::sync::Mutex::new(overlay),
            turns: Semaphore::new(cores.map_or(2, usize::from)),
            reaper,
            site,
            built: Mutex::default(),
            changes: AtomicU64::new(0),
            changed: broadcast::Sender::new(64),
            outcomes: Mutex::default(),
            running: Mutex::default(),
            next: AtomicU64::new(1),
        }))
    }

    /// Says whether there is a Python that can run the twins.
    pub fn has_python(&self) -> bool {
        self.python.is_some()
    }

    /// Forgets what was built whenever a source of the checkout changes, and
    /// tells the pages, as long as the result lives.
    ///
    /// # Errors
    ///
    /// The system watches no files.
    pub fn watch(self: &Arc<Self>) -> Result<impl Watcher + use<>> {
        let live = Arc::downgrade(self);
        let hear = move |event: notify::Result<notify::Event>| {
            let (Some(live), Ok(event)) = (live.upgrade(), event) else {
                return;
            };
            if !event.kind.is_access() {
                live.has_changed(&event.paths);
            }
        };
        let mut watcher = notify::recommended_watcher(hear)?;
        for entry in fs::read_dir(&self.root)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_of_a_chapter(&name) || name == "crates" {
                watcher.watch(&entry.path(), RecursiveMode::Recursive)?;
            }
        }
        Ok(watcher)
    }

    fn has_changed(&self, paths: &[PathBuf]) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        locked(&self.built).clear();
        for path in paths {
            let path = path.strip_prefix(&self.root).unwrap_or(path);
            // No page may be open.
            self.changed.send(path.display().to_string()).ok();
        }
    }

    /// Counts the changes of the checkout so far.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Returns what was built by a command since the last change.
    pub(crate) fn built(&self, command: &str) -> Option<PathBuf> {
        let built = locked(&self.built);
        built.get(command).filter(|path| path.exists()).cloned()
    }

    /// Notes what was built, unless something has changed since `changes`.
    pub(crate) fn has_built(&self, command: &str, path: &Path, changes: u64) {
        let mut built = locked(&self.built);
        if self.changes() == changes {
            built.insert(command.to_string(), path.to_path_buf());
        }
    }

    /// Counts an outcome of a run; returns all that were counted of it.
    pub(crate) fn count(
        &self,
        run: &str,
        shows: String,
    ) -> BTreeMap<String, u32> {
        let mut outcomes = locked(&self.outcomes);
        let of_run = outcomes.entry(run.to_string()).or_default();
        *of_run.entry(shows).or_default() += 1;
        of_run.clone()
    }

    /// Starts something that tells events; returns them as a stream. A page
    /// that is closed closes the stream, which ends it.
    fn start<F, Fut>(self: &Arc<Self>, what: F) -> Response
    where
        F: FnOnce(Arc<Live>, Stop, Events) -> Fut + Send + 'static,
        Fut: Future<Output = Result<()>> + Send,
    {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let stop = Arc::new(Notify::new());
        locked(&self.running).insert(id, stop.clone());
        let (events, received) = mpsc::channel(256);
        let live = self.clone();
        tokio::spawn(async move {
            events.send(Event::Started { id }).await.ok();
            let done = what(live.clone(), stop, events.clone()).await;
            locked(&live.running).remove(&id);
            if let Err(why) = done {
                events.send(Event::failed(format!("{why:#}"))).await.ok();
            }
        });
        let events = stream::unfold(received, async |mut received| {
            let event = received.recv().await?;
            let event = sse::Event::default().json_data(event);
            Some((event, received))
        });
        Sse::new(events)
            .keep_alive(KeepAlive::default())
            .into_response()
    }
}

/// Finds python3, if it is new enough for the twins.
fn find_python() -> Option<PathBuf> {
    let check = "import sys; assert sys.version_info >= (3, 11)";
    let is_new = |name: &&str| {
        let mut command = std::process::Command::new(name);
        command.args(["-c", check]);
        let run = subprocess::run(command, Duration::from_secs(30));
        run.is_ok_and(|run| run.status == Some(0))
    };
    let found = ["python3", "python"].into_iter().find(is_new);
    found.map(PathBuf::from)
}

/// Answers requests until the program ends.
///
/// # Errors
///
/// The socket fails.
pub async fn serve(
    live: Arc<Live>,
    gate: Gate,
    listener: TcpListener,
) -> Result<()> {
    let app = router(live, gate);
    axum::serve(listener, app).await.context("the server")
}

fn router(live: Arc<Live>, gate: Gate) -> Router {
    let root = format!("/{}/", gate.token);
    let ours = Router::new()
        .route("/page", get(page))
        .route("/file", get(file).put(save).delete(reset))
        .route("/diff", get(diff))
        .route("/keep", post(keep))
        .route("/run", post(start_run))
        .route("/prepare", post(start_preparing))
        .route("/stop", post(stop))
        .route("/explore", post(start_exploring))
        .route("/exercises", get(exercises))
        .route(
            "/exercise",
            get(exercise).put(save_exercise).delete(reset_exercise),
        )
        .route("/hint", post(hint))
        .route("/solution", post(solution))
        .route("/check", post(start_check))
        .route("/changes", get(changes))
        .fallback(get(asset))
        .with_state(live.clone());
    let pages = get(move |uri: Uri| {
        let (live, root) = (live.clone(), root.clone());
        async move { of_the_book(&live, &root, uri.path()) }
    });
    Router::new()
        .nest(&format!("/{}/_live", gate.token), ours)
        .fallback(pages)
        .layer(DefaultBodyLimit::max(MOST + 64 * 1024))
        .layer(middleware::from_fn_with_state(gate, gate::check))
}

/// Answers with a file of the book; into its pages our script is put.
fn of_the_book(live: &Live, root: &str, path: &str) -> Response {
    let Some(address) = path.strip_prefix(root) else {
        return not_found();
    };
    let Some(file) = live.site.file(address) else {
        return not_found();
    };
    let Ok(bytes) = fs::read(&file) else {
        return not_found();
    };
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    if ending != "html" {
        let kind = kind_of(&ending);
        return ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    }
    let address = if address.is_empty() {
        "index.html"
    } else {
        address
    };
    let nonce = Gate::new(0).token;
    let html = String::from_utf8_lossy(&bytes);
    let html = enliven(&html, address, root, &nonce);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_string()),
        (header::CONTENT_SECURITY_POLICY, gate::policy(&nonce)),
    ];
    (headers, html).into_response()
}

fn kind_of(ending: &str) -> &'static str {
    match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "the book has no such page\n").into_response()
}

/// The script and style of the live book, and its editor.
async fn asset(uri: Uri) -> Response {
    let name = uri.path().rsplit('/').next().unwrap_or_default();
    let text = match name {
        "live.js" => include_str!("../assets/live.js"),
        "live.css" => include_str!("../assets/live.css"),
        "ace.js" => include_str!("../assets/ace/ace.js"),
        "mode-rust.js" => include_str!("../assets/ace/mode-rust.js"),
        "mode-python.js" => include_str!("../assets/ace/mode-python.js"),
        _ => return not_found(),
    };
    let ending = name.rsplit('.').next().unwrap_or_default();
    ([(header::CONTENT_TYPE, kind_of(ending))], text).into_response()
}

/// An error as the page shows it.
struct Refused(StatusCode, Error);

impl From<Error> for Refused {
    fn from(why: Error) -> Self {
        let status = match why.is::<Conflict>() {
            true => StatusCode::CONFLICT,
            false => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refused(status, why)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let why = format!("{:#}", self.1);
        (self.0, Json(json!({ "why": why }))).into_response()
    }
}

/// Refuses what a page does not show.
fn unknown(why: Error) -> Refused {
    Refused(StatusCode::NOT_FOUND, why)
}

type Answer<T = Response> = Result<T, Refused>;

/// A page of the book, and often something that it shows.
#[derive(Deserialize)]
struct Asked {
    page: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    run: String,
}

impl Live {
    fn shown(&self, page: &str) -> Answer<Shown> {
        self.site.shown(page).map_err(unknown)
    }

    /// Refuses a file that the page does not show.
    fn shows(&self, asked: &Asked) -> Answer<()> {
        let shown = self.shown(&asked.page)?;
        shown.has_file(&asked.file).map_err(unknown)
    }
}

type App = State<Arc<Live>>;

async fn page(State(live): App, Query(asked): Query<Asked>) -> Answer {
    let shown = live.shown(&asked.page)?;
    let mut runs = BTreeMap::new();
    for file in &shown.runs {
        // A timeline is drawn from a recording, but is no run of its own.
        if let Ok(job) = Job::of(&live, file) {
            let missing = job.missing(&live);
            let what = json!({ "command": job.command(), "missing": missing });
            runs.insert(file.clone(), what);
        }
    }
    let mut files = BTreeMap::new();
    for file in shown.files.iter().filter(|f| is_of_a_chapter(f)) {
        if let Ok(copy) = live.edits.read(file) {
            let what = json!({ "edited": copy.edited, "stale": copy.stale });
            files.insert(file.clone(), what);
        }
    }
    let exercise = practice::is_exercise(&live, &asked.page);
    Ok(Json(json!({
        "runs": runs,
        "files": files,
        "schedules": shown.schedules,
        "exercise": exercise,
    }))
    .into_response())
}

async fn file(State(live): App, Query(asked): Query<Asked>) -> Answer {
    live.shows(&asked)?;
    Ok(Json(live.edits.read(&asked.file)?).into_response())
}

/// A text that replaces one that the page has seen.
#[derive(Deserialize)]
struct Saved {
    page: String,
    #[serde(default)]
    file: String,
    text: String,
    version: String,
}

async fn save(State(live): App, Json(saved): Json<Saved>) -> Answer {
    let Saved {
        page,
        file,
        text,
        version,
    } = saved;
    let run = String::new();
    live.shows(&Asked {
        page,
        file: file.clone(),
        run,
    })?;
    Ok(Json(live.edits.save(&file, &text, &version)?).into_response())
}

async fn reset(State(live): App, Query(asked): Query<Asked>) -> Answer {
    live.shows(&asked)?;
    live.edits.reset(&asked.file)?;
    Ok(Json(live.edits.read(&asked.file)?).into_response())
}

async fn diff(State(live): App, Query(asked): Query<Asked>) -> Answer {
    live.shows(&asked)?;
    Ok(live.edits.diff(&asked.file)?.into_response())
}

async fn keep(State(live): App, Json(asked): Json<Asked>) -> Answer {
    live.shows(&asked)?;
    let path = live.edits.keep(&asked.file)?;
    Ok(Json(json!({ "path": path })).into_response())
}

async fn start_run(State(live): App, Json(asked): Json<Asked>) -> Answer {
    let shown = live.shown(&asked.page)?;
    shown.has_run(&asked.run).map_err(unknown)?;
    Ok(live.start(async move |live, stop, events| {
        run::run(&live, &shown, &asked.run, stop, &events).await
    }))
}

async fn start_preparing(State(live): App, Json(asked): Json<Asked>) -> Answer {
    let shown = live.shown(&asked.page)?;
    shown.has_run(&asked.run).map_err(unknown)?;
    Ok(live.start(async move |live, stop, events| {
        run::prepare(&live, &shown, &asked.run, stop, &events).await
    }))
}

async fn start_exploring(State(live): App, Json(asked): Json<Asked>) -> Answer {
    let shown = live.shown(&asked.page)?;
    Ok(live.start(async move |live, stop, events| {
        explore::explore(&live, &asked.page, &shown, stop, &events).await
    }))
}

async fn start_check(State(live): App, Json(asked): Json<Asked>) -> Answer {
    Ok(live.start(async move |live, stop, events| {
        practice::check(&live, &asked.page, stop, &events).await
    }))
}

/// What is to be stopped.
#[derive(Deserialize)]
struct Stopped {
    id: u64,
}

async fn stop(State(live): App, Json(stopped): Json<Stopped>) -> StatusCode {
    match locked(&live.running).get(&stopped.id) {
        Some(stop) => stop.notify_one(),
        None => return StatusCode::NOT_FOUND,
    }
    StatusCode::NO_CONTENT
}

async fn exercises(State(live): App) -> Answer {
    Ok(Json(practice::list(&live)?).into_response())
}

async fn exercise(State(live): App, Query(asked): Query<Asked>) -> Answer {
    let practice = practice::read(&live, &asked.page).map_err(unknown)?;
    Ok(Json(practice).into_response())
}

async fn save_exercise(State(live): App, Json(saved): Json<Saved>) -> Answer {
    let Saved {
        page,
        text,
        version,
        ..
    } = saved;
    let practice = practice::save(&live, &page, &text, &version)?;
    Ok(Json(practice).into_response())
}

async fn reset_exercise(
    State(live): App,
    Query(asked): Query<Asked>,
) -> Answer {
    Ok(Json(practice::reset(&live, &asked.page)?).into_response())
}

async fn hint(State(live): App, Json(asked): Json<Asked>) -> Answer {
    Ok(Json(practice::hint(&live, &asked.page)?).into_response())
}

async fn solution(State(live): App, Json(asked): Json<Asked>) -> Answer {
    Ok(practice::solution(&live, &asked.page)?.into_response())
}

/// Tells which files of the checkout change. A page that hears nothing more
/// knows that the server has ended.
async fn changes(
    State(live): App,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let heard = live.changed.subscribe();
    let events = stream::unfold(heard, async |mut heard| {
        loop {
            match heard.recv().await {
                Ok(path) => {
                    let event = sse::Event::default().data(path);
                    return Some((Ok(event), heard));
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(2));
    Sse::new(events).keep_alive(alive)
}
