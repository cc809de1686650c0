//! What a waiting task weighs: the process before and after a hundred thousand
//! of them.
//!
//! Not by criterion, which knows times only.
//!
//! cargo bench -p ch03-generators --bench task_memory

use std::fs;
use std::process::Command;
use std::time::Duration;

use ch03_generators::kernel::Scheduler;
use measure::is_wanted;

const PYTHON: &str = "
import asyncio, sys
def resident():
    return int(open('/proc/self/statm').read().split()[1]) * 4096
async def main(many):
    before = resident()
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(many)]
    await asyncio.sleep(0)
    print((resident() - before) / many)
    for task in tasks:
        task.cancel()
asyncio.run(main(int(sys.argv[1])))
";

/// Returns the bytes of memory that this process has in use.
fn resident() -> usize {
    // Linux alone has this file; elsewhere there is nothing to measure.
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|n| n.parse().ok());
    pages.unwrap_or(0) * 4096
}

fn ours(many: u32) -> f64 {
    let mut scheduler = Scheduler::new().expect("a poll");
    let before = resident();
    for _ in 0..many {
        scheduler.spawn(|os| async move {
            os.sleep(Duration::from_secs(3600)).await
        });
    }
    let main = scheduler.spawn(|_| async { Ok(()) });
    scheduler.run_main(main).expect("main does not wait");
    (resident() - before) as f64 / f64::from(many)
}

fn tokio(many: u32) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let before = resident();
    for _ in 0..many {
        runtime.spawn(async {
            tokio::time::sleep(Duration::from_secs(3600)).await;
        });
    }
    runtime.block_on(tokio::task::yield_now());
    (resident() - before) as f64 / f64::from(many)
}

fn python(many: u32) -> Option<f64> {
    let printed = measure::python(&["-c", PYTHON, &many.to_string()])?;
    Some(printed.trim().parse().expect("a number of bytes"))
}

/// Freed memory is used again, so that each is measured in its own process.
fn alone(which: &str) -> Option<f64> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    let output = command.args(["--weigh", which]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let many = 100_000;
    match args.get(2).map(String::as_str) {
        Some("kernel") => return println!("{}", ours(many)),
        Some("tokio") => return println!("{}", tokio(many)),
        _ => {}
    }
    if !is_wanted() {
        ours(10);
        tokio(10);
        return;
    }
    let mut measured = measure::bench!("bytes");
    for (key, label, bytes) in [
        ("kernel", "our scheduler", alone("kernel")),
        ("tokio", "tokio, current thread", alone("tokio")),
        ("asyncio", "CPython, asyncio", python(many)),
    ] {
        if let Some(bytes) = bytes {
            measured.add(key, label, bytes);
        }
    }
    measured.compare_with_first("our scheduler");
    measured.print(&format!(
        "a sleeping task: growth of the process by {many} of them, the \
         allocator's share included"
    ));
}
