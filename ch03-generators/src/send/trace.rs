//! The order of the lines that caller and body print, around each yield.

use crate::coroutine::{Co, Coroutine, Raised, Resumable};

/// Says what it is sent, and what it yields next.
pub async fn echo(co: Co<'_, u32, u32>) -> Result<(), Raised> {
    let mut item = 0;
    println!("  body: begins, and yields {item}");
    while let Some(sent) = co.yield_(item).await? {
        item = 10 * sent;
        println!("  body: was sent {sent}, and yields {item}");
    }
    println!("  body: was sent nothing, and returns");
    Ok(())
}

/// Prints on both sides of each resume.
pub fn demo() {
    let mut echo = Coroutine::new(echo);
    println!("caller: next");
    println!("caller: got {:?}", echo.next());
    for value in [8, 9] {
        println!("caller: sends {value}");
        println!("caller: got {:?}", echo.send(value));
    }
    println!("caller: next");
    println!("caller: got {:?}", echo.next());
}
