//! A body that delegates to itself walks what is nested in itself.
//!
//! New: each level of a tree is a body of its own, with its own locals, and
//! depth costs memory, not stack.
//!
//! cargo run -p ch03-generators -- recursion

use crate::coroutine::{Co, Coroutine, Raised, Resumable};

/// A name, and what belongs under it.
pub struct Node {
    name: &'static str,
    children: Vec<Node>,
}

/// Makes a node.
pub fn node<const N: usize>(name: &'static str, children: [Node; N]) -> Node {
    Node {
        name,
        children: children.into(),
    }
}

/// Yields each node's name and depth, parents before children.
///
/// It borrows the tree: whatever a body borrows has to outlive the coroutine.
///
/// Source: *Fluent Python*, 2nd ed., ch. 17, "Traversing a Tree".
pub async fn walk<'a>(
    co: Co<'a, (usize, &'a str)>,
    node: &'a Node,
    depth: usize,
) -> Result<(), Raised> {
    co.yield_((depth, node.name)).await?;
    for child in &node.children {
        co.delegate(|co| walk(co, child, depth + 1)).await?;
    }
    Ok(())
}

/// Yields the names of two levels: a loop for the children.
pub async fn two_levels<'a>(
    co: Co<'a, &'a str>,
    node: &'a Node,
) -> Result<(), Raised> {
    co.yield_(node.name).await?;
    for child in &node.children {
        co.yield_(child.name).await?;
    }
    Ok(())
}

/// Yields the names of three levels: a loop in a loop.
pub async fn three_levels<'a>(
    co: Co<'a, &'a str>,
    node: &'a Node,
) -> Result<(), Raised> {
    co.yield_(node.name).await?;
    for child in &node.children {
        co.yield_(child.name).await?;
        for grandchild in &child.children {
            co.yield_(grandchild.name).await?;
        }
    }
    Ok(())
}

/// Calls `walk` for each child, and does not delegate to it.
pub async fn walk_broken<'a>(
    co: Co<'a, (usize, &'a str)>,
    node: &'a Node,
) -> Result<(), Raised> {
    co.yield_((0, node.name)).await?;
    for child in &node.children {
        drop(walk(co.clone(), child, 1));
    }
    Ok(())
}

/// A number, or a list of these.
pub enum Nested {
    /// A number.
    Item(u32),
    /// A list, which may be empty.
    List(Vec<Nested>),
}

/// Yields the numbers from left to right, and returns how deep they stood.
pub async fn flatten<'a>(
    co: Co<'a, u32>,
    nested: &'a Nested,
) -> Result<u32, Raised> {
    match nested {
        Nested::Item(item) => {
            co.yield_(*item).await?;
            Ok(0)
        }
        Nested::List(list) => {
            let mut deepest = 0;
            for nested in list {
                let depth = co.delegate(|co| flatten(co, nested)).await?;
                deepest = deepest.max(depth);
            }
            Ok(deepest + 1)
        }
    }
}

/// Shows a tree as an outline, and a nested list flat.
pub fn demo() {
    let errors = node(
        "Exception",
        [
            node(
                "ArithmeticError",
                [node("OverflowError", []), node("ZeroDivisionError", [])],
            ),
            node("LookupError", [node("IndexError", [])]),
        ],
    );
    let mut names = Coroutine::new(|co| two_levels(co, &errors));
    println!("a loop: {} names", names.items().count());
    let mut names = Coroutine::new(|co| three_levels(co, &errors));
    println!("a loop in a loop: {} names", names.items().count());
    let mut names = Coroutine::new(|co| walk_broken(co, &errors));
    println!("called, not delegated to: {} names", names.items().count());
    let mut names = Coroutine::new(|co| walk(co, &errors, 0));
    println!("delegated to: {} names", names.items().count());

    let mut names = Coroutine::new(|co| walk(co, &errors, 0));
    for (depth, name) in names.items().map_while(Result::ok) {
        println!("{:indent$}{name}", "", indent = 4 * depth);
    }

    use Nested::{Item, List};
    let nested = &List(vec![
        Item(1),
        List(vec![Item(2), List(vec![Item(3), List(vec![])])]),
        Item(4),
    ]);
    let mut numbers = Coroutine::new(|co| async move {
        let depth = co.delegate(|co| flatten(co, nested)).await?;
        println!("{depth} levels");
        Ok(())
    });
    for n in numbers.items().map_while(Result::ok) {
        println!("{n}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_a_hundred_thousand_nodes_is_walked() {
        let mut chain = node("last", []);
        for _ in 1..100_000 {
            chain = node("link", [chain]);
        }
        let mut names = Coroutine::new(|co| walk(co, &chain, 0));
        assert_eq!(names.items().count(), 100_000);
        drop(names);
        // The tree's own drop would recurse, once a node.
        while let Some(child) = chain.children.pop() {
            chain = child;
        }
    }

    #[test]
    fn flattening_keeps_the_order_and_finds_the_depth() {
        use Nested::{Item, List};
        let nested = List(vec![List(vec![Item(1)]), List(vec![]), Item(2)]);
        let mut numbers = Coroutine::new(|co| flatten(co, &nested));
        assert_eq!(numbers.next().yielded().unwrap(), 1);
        assert_eq!(numbers.next().yielded().unwrap(), 2);
        let step = numbers.next();
        assert!(matches!(step, crate::coroutine::Step::Returned(2)));
    }
}
