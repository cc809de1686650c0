//! What one context switch costs: a task pauses, the next one goes on.
//!
//! cargo bench -p ch03-generators --bench switches

mod record;

use ch03_generators::kernel::Scheduler;
use record::{Case, compete, lap};

/// As many tasks as take turns.
const TASKS: u32 = 100;

/// The same queue of generators, as short as it can be.
const GENERATORS: &str = "
import sys, time
from collections import deque
def task(times):
    for _ in range(times):
        yield
items = int(sys.argv[1])
ready = deque(task(items // 100) for _ in range(100))
start = time.perf_counter_ns()
while ready:
    task = ready.popleft()
    try:
        next(task)
    except StopIteration:
        pass
    else:
        ready.append(task)
print(time.perf_counter_ns() - start, items // 100 * 100)
";

const ASYNCIO: &str = "
import asyncio, sys, time
async def task(times):
    for _ in range(times):
        await asyncio.sleep(0)
items = int(sys.argv[1])
async def main():
    start = time.perf_counter_ns()
    await asyncio.gather(*[task(items // 100) for _ in range(100)])
    print(time.perf_counter_ns() - start, items // 100 * 100)
asyncio.run(main())
";

fn main() {
    let cases = vec![
        Case::new("kernel", "our scheduler", |n| {
            let mut scheduler = Scheduler::new().expect("a poll");
            for _ in 0..TASKS {
                scheduler.spawn(move |os| async move {
                    for _ in 0..n / TASKS {
                        os.pause().await?;
                    }
                    Ok(())
                });
            }
            lap(n, || {
                scheduler.run().expect("nobody waits");
                u64::from(n / TASKS * TASKS)
            })
        }),
        Case::new("tokio", "tokio, current thread", |n| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .expect("a runtime");
            lap(n, || {
                runtime.block_on(async {
                    let tasks: Vec<_> = (0..TASKS)
                        .map(|_| {
                            tokio::spawn(async move {
                                for _ in 0..n / TASKS {
                                    tokio::task::yield_now().await;
                                }
                            })
                        })
                        .collect();
                    for task in tasks {
                        task.await.expect("it does not panic");
                    }
                });
                u64::from(n / TASKS * TASKS)
            })
        }),
        Case::python("generators", "CPython, generators", GENERATORS),
        Case::python("asyncio", "CPython, asyncio", ASYNCIO),
    ];
    let what = "100 tasks take turns; the time of one turn";
    compete("switches", what, (1_000_000, 21), cases);
}
