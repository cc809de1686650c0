//! What an item costs when a balanced tree is walked by recursion.
//!
//! cargo bench -p ch03-generators --bench tree

use std::hint::black_box;

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use criterion::Criterion;
use measure::{Comparison, is_wanted};

const PYTHON: &str = "
import sys, time
def build(first, levels):
    if not levels:
        return None
    half = (1 << (levels - 1)) - 1
    return (first, build(first + 1, levels - 1),
            build(first + 1 + half, levels - 1))
def walk(node):
    yield node[0]
    if node[1] is not None:
        yield from walk(node[1])
        yield from walk(node[2])
tree = build(0, int(sys.argv[1]).bit_length())
start = time.perf_counter_ns()
for _ in range(int(sys.argv[2])):
    total = sum(walk(tree))
print(time.perf_counter_ns() - start, total)
";

struct Node {
    value: u64,
    children: Option<Box<[Node; 2]>>,
}

fn build(value: u64, levels: u32) -> Node {
    let half = (1 << (levels - 1)) - 1;
    let children = (levels > 1).then(|| {
        Box::new([
            build(value + 1, levels - 1),
            build(value + 1 + half, levels - 1),
        ])
    });
    Node { value, children }
}

fn by_stack(root: &Node) -> impl Iterator<Item = u64> {
    let mut stack = vec![root];
    std::iter::from_fn(move || {
        let node = stack.pop()?;
        stack.extend(node.children.iter().flat_map(|c| c.iter().rev()));
        Some(node.value)
    })
}

async fn by_frames<'a>(co: Co<'a, u64>, node: &'a Node) -> Result<(), Raised> {
    co.yield_(node.value).await?;
    for child in node.children.iter().flat_map(|c| c.iter()) {
        co.delegate(|co| by_frames(co, child)).await?;
    }
    Ok(())
}

async fn by_objects<'a>(co: Co<'a, u64>, node: &'a Node) -> Result<(), Raised> {
    co.yield_(node.value).await?;
    for child in node.children.iter().flat_map(|c| c.iter()) {
        co.yield_from(Coroutine::new(|co| by_objects(co, child)))
            .await?;
    }
    Ok(())
}

fn by_genawaiter<'a>(node: &'a Node) -> Box<dyn Iterator<Item = u64> + 'a> {
    let values = genawaiter::rc::Gen::new(move |co| async move {
        co.yield_(node.value).await;
        for child in node.children.iter().flat_map(|c| c.iter()) {
            for value in by_genawaiter(child) {
                co.yield_(value).await;
            }
        }
    });
    Box::new(values.into_iter())
}

#[diapause::coroutine(yield = u64)]
fn by_diapause<'a>(node: &'a Node) {
    yield_!(node.value);
    if node.children.is_some() {
        let left: by_diapause::State<'a> = by_diapause(child(node, 0));
        yield_all!(box left);
        let right: by_diapause::State<'a> = by_diapause(child(node, 1));
        yield_all!(box right);
    }
}

/// A borrow cannot be held across its yields, so that it is taken anew.
fn child(node: &Node, i: usize) -> &Node {
    node.children.as_ref().map_or(node, |children| &children[i])
}

fn by_one_stack(yielder: &corosensei::Yielder<(), u64>, node: &Node) {
    yielder.suspend(node.value);
    for child in node.children.iter().flat_map(|c| c.iter()) {
        by_one_stack(yielder, child);
    }
}

fn main() {
    measure::criterion(tree);
}

fn tree(criterion: &mut Criterion) {
    let levels = if is_wanted() { 20 } else { 10 };
    let nodes = (1_u32 << levels) - 1;
    let tree: &'static Node = Box::leak(Box::new(build(0, levels)));
    let sum = |values: &mut dyn Iterator<Item = u64>| -> u64 {
        values.map(black_box).sum()
    };
    let mut comparison = Comparison::new(criterion, "tree", nodes);
    comparison.add("hand", |_| sum(&mut by_stack(tree)));
    comparison.add("frames", |_| {
        let mut values = Coroutine::new(|co| by_frames(co, tree));
        sum(&mut values.items().map_while(Result::ok))
    });
    comparison.add("objects", |_| {
        let mut values = Coroutine::new(|co| by_objects(co, tree));
        sum(&mut values.items().map_while(Result::ok))
    });
    comparison.add("genawaiter", |_| sum(&mut *by_genawaiter(tree)));
    comparison.add("diapause", |_| {
        use diapause::{Coroutine, CoroutineState};
        let (mut values, mut total) = (by_diapause(tree), 0);
        let mut state = values.start();
        while let CoroutineState::Yielded(value) = state {
            total += black_box(value);
            state = values.resume(());
        }
        total
    });
    comparison.add("corosensei", |_| {
        let mut values = corosensei::Coroutine::new(
            |yielder: &corosensei::Yielder<(), u64>, ()| {
                by_one_stack(yielder, tree);
            },
        );
        sum(&mut std::iter::from_fn(|| values.resume(()).as_yield()))
    });
    // A small tree: in CPython a large one takes seconds.
    let few = (1 << 14) - 1;
    comparison.change_items(few, (0..u64::from(few)).sum());
    comparison.python("cpython", PYTHON);
}
