//! A shell that awaits each line, while its tasks go on.
//!
//! A line that ends in `&` becomes a task. Lines come from a thread of their
//! own: tokio's stdin would keep the program from ending.
//!
//! cargo run -p ch04-async -- shell
//! cargo run -p ch04-async -- shell --live

use std::collections::BTreeMap;

use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinHandle;

use crate::interrupt::on_ctrl_c;

pub mod cli;
pub mod command;
pub mod ending;
pub mod input;

use command::{Command, HELP, Job};

/// The session that runs without a reader's typing.
const SCRIPT: [&str; 9] = [
    "count tea 3 0.4 &",
    "sleep 0.6 Rise and shine!",
    "jobs",
    "count egg 2 0.12",
    "sleep 60 too late &",
    "cancel 2",
    "slep 1",
    "wait",
    "quit",
];

/// Awaits each line before it takes the next; ends with the lines, or `quit`.
///
/// `before_line` is called when the shell is about to wait for a line,
/// `on_line` when one is there.
pub async fn run(
    mut lines: Receiver<String>,
    before_line: impl Fn(),
    on_line: impl Fn(&str),
) {
    let mut tasks = Tasks::default();
    loop {
        before_line();
        let Some(line) = lines.recv().await else {
            break;
        };
        on_line(&line);
        match line.parse() {
            Err(why) => println!("error: {why}"),
            Ok(Command::Nothing) => {}
            Ok(Command::Run(job)) => in_front(job).await,
            Ok(Command::Spawn(job)) => tasks.spawn(job),
            Ok(Command::Jobs) => tasks.list(),
            Ok(Command::Cancel(id)) => tasks.cancel(id).await,
            Ok(Command::Wait) => tasks.wait().await,
            Ok(Command::Help) => println!("{HELP}"),
            Ok(Command::Quit) => break,
        }
    }
    tasks.drop_all();
}

/// Awaits a job; Ctrl-C drops it, as it does in `python -m asyncio`.
async fn in_front(job: Job) {
    // At the prompt, outside of this function, Ctrl-C ends the program.
    let (stop, _listening) = on_ctrl_c();
    tokio::select! {
        () = job.run() => {}
        () = stop.cancelled() => println!("cancelled"),
    }
}

/// The jobs that go on beside the shell, by number.
#[derive(Default)]
struct Tasks {
    running: BTreeMap<usize, (String, JoinHandle<()>)>,
    last: usize,
}

impl Tasks {
    fn spawn(&mut self, job: Job) {
        self.last += 1;
        let (id, name) = (self.last, job.to_string());
        println!("[{id}] {name}");
        let task = tokio::spawn(async move {
            job.run().await;
            println!("[{id}] done");
        });
        self.running.insert(id, (name, task));
    }

    fn list(&mut self) {
        self.running.retain(|_, (_, task)| !task.is_finished());
        for (id, (name, _)) in &self.running {
            println!("[{id}] {name}");
        }
    }

    async fn cancel(&mut self, id: usize) {
        match self.running.remove(&id) {
            Some((_, task)) => {
                task.abort();
                match task.await {
                    Ok(()) => println!("[{id}] was done"),
                    Err(_) => println!("[{id}] cancelled"),
                }
            }
            None => println!("error: there is no job {id}"),
        }
    }

    async fn wait(&mut self) {
        let (stop, _listening) = on_ctrl_c();
        while let Some((_, task)) = self.running.values_mut().next() {
            tokio::select! {
                // A task that panicked has said so, and is over, too.
                _ = task => {}
                () = stop.cancelled() => return println!("cancelled"),
            }
            self.running.pop_first();
        }
    }

    fn drop_all(&mut self) {
        self.running.retain(|_, (_, task)| !task.is_finished());
        for (id, (_, task)) in &self.running {
            task.abort();
            println!("[{id}] dropped");
        }
    }
}

/// Runs the script; each line of it is printed when its turn comes.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, "Experimenting with Python's Async
/// Console".
pub async fn session() {
    let (tx, lines) = mpsc::channel(SCRIPT.len());
    for line in SCRIPT {
        // The channel has room for all of them.
        tx.try_send(line.to_string()).ok();
    }
    run(lines, || {}, |line| println!("> {line}")).await;
}
