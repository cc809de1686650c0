//! What a waiting task weighs: the process before and after a hundred thousand
//! of them.
//!
//! cargo bench -p ch03-generators --bench task_memory

use std::fs;
use std::process::Command;
use std::time::Duration;

use ch03_generators::kernel::Scheduler;

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
    let mut python = Command::new("python3");
    python.args(["-c", PYTHON, &many.to_string()]);
    let output = python.output().ok().filter(|o| o.status.success())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// Freed memory is used again, so that each is measured in its own process.
fn alone(which: &str) -> Option<f64> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    let output = command.args(["--weigh", which]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let measure = args.iter().any(|arg| arg == "--bench");
    let many = 100_000;
    match args.get(2).map(String::as_str) {
        Some("kernel") => return println!("{}", ours(many)),
        Some("tokio") => return println!("{}", tokio(many)),
        _ => {}
    }
    if !measure {
        ours(10);
        tokio(10);
        return;
    }
    let rows = [
        ("kernel", "our scheduler", alone("kernel")),
        ("tokio", "tokio, current thread", alone("tokio")),
        ("asyncio", "CPython, asyncio", python(many)),
    ];
    let base = rows[0].2.unwrap_or(1.0);
    let rows: Vec<String> = rows
        .iter()
        .filter_map(|(key, label, bytes)| {
            let (bytes, ratio) = (bytes.as_ref()?, bytes.as_ref()? / base);
            Some(format!(
                "    {{ \"key\": \"{key}\", \"label\": \"{label}\", \
                 \"median\": {bytes:.0}, \"ratio\": {ratio:.2} }}"
            ))
        })
        .collect();
    println!(
        "{{\n  \"what\": \"a sleeping task: growth of the process by {many} \
         of them, the allocator's share included\","
    );
    let command = "cargo bench -p ch03-generators --bench task_memory";
    println!("  \"command\": \"{command}\",\n  \"unit\": \"bytes\",");
    println!("  \"ratio_to\": \"our scheduler\",");
    println!("  \"rows\": [\n{}\n  ]\n}}", rows.join(",\n"));
}
