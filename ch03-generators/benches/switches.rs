//! What one context switch costs: a task pauses, the next one goes on.
//!
//! cargo bench -p ch03-generators --bench switches

use ch03_generators::kernel::Scheduler;
use criterion::{BatchSize, Criterion, Throughput};
use measure::Python;
use tokio::runtime::{self, Runtime};

/// As many tasks as take turns.
const TASKS: u32 = 100;
/// As often as each of them.
const TURNS: u32 = 1000;

/// The same queue of generators, as short as it can be.
const GENERATORS: &str = "
import sys, time
from collections import deque
def task(times):
    for _ in range(times):
        yield
items = int(sys.argv[1]) * int(sys.argv[2])
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
items = int(sys.argv[1]) * int(sys.argv[2])
async def main():
    start = time.perf_counter_ns()
    await asyncio.gather(*[task(items // 100) for _ in range(100)])
    print(time.perf_counter_ns() - start, items // 100 * 100)
asyncio.run(main())
";

fn main() {
    measure::criterion(switches);
}

fn switches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("switches");
    let turns = u64::from(TASKS * TURNS);
    group.throughput(Throughput::Elements(turns));
    group.bench_function("kernel", |bencher| {
        let run = |mut scheduler: Scheduler| {
            scheduler.run().expect("no task waits");
        };
        bencher.iter_batched(kernel, run, BatchSize::PerIteration);
    });
    group.bench_function("tokio", |bencher| {
        bencher.iter_batched(runtime, on_tokio, BatchSize::PerIteration);
    });
    Python(GENERATORS).bench(&mut group, "generators", turns, turns);
    Python(ASYNCIO).bench(&mut group, "asyncio", turns, turns);
    group.finish();
}

fn kernel() -> Scheduler {
    let mut scheduler = Scheduler::new().expect("a poll");
    for _ in 0..TASKS {
        scheduler.spawn(move |os| async move {
            for _ in 0..TURNS {
                os.pause().await?;
            }
            Ok(())
        });
    }
    scheduler
}

fn runtime() -> Runtime {
    let mut runtime = runtime::Builder::new_current_thread();
    runtime.build().expect("a runtime")
}

fn on_tokio(runtime: Runtime) {
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                tokio::spawn(async move {
                    for _ in 0..TURNS {
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("it does not panic");
        }
    });
}
