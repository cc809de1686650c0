//! What unwinds a body: Python's two classes of exception, as one enum.

use std::error::Error;
use std::fmt;

/// Why a body is being unwound, or was.
///
/// A body meets it as the `Err` of a yield and passes it on with `?`.
///
/// Source: PEP 342, "New generator method: close()"; Python derives
/// `GeneratorExit` from `BaseException` so that `except Exception` misses it.
#[derive(Debug)]
pub enum Raised {
    /// Python's `GeneratorExit`: the caller wants this body to end.
    Exit,
    /// Any other exception: one of the body's, or one that the caller threw.
    Error(Box<dyn Error + Send + Sync>),
}

impl Raised {
    /// Makes an error of a message, where no caller tells errors apart.
    pub fn message(text: impl Into<String>) -> Self {
        Raised::Error(text.into().into())
    }

    /// Raises an error that is boxed already, as the one it was.
    ///
    /// Python's bare `raise`, after [`Except::except_any`]:
    ///
    /// ```
    /// use ch03_generators::coroutine::*;
    ///
    /// let mut body = Coroutine::generator(|co| async move {
    ///     if let Err(error) = co.yield_(1).await.except_any()? {
    ///         co.yield_(2).await?;
    ///         return Err(Raised::error(error));
    ///     }
    ///     Ok(())
    /// });
    /// assert_eq!(body.next(), Step::Yielded(1));
    /// assert_eq!(body.throw(std::fmt::Error), Step::Yielded(2));
    /// let Step::Raised(raised) = body.next() else { panic!() };
    /// assert!(raised.downcast_ref::<std::fmt::Error>().is_some());
    /// ```
    pub fn error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Raised::Error(error.into())
    }

    /// Returns the error if it is an `E`.
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Raised::Exit => None,
            Raised::Error(error) => error.downcast_ref(),
        }
    }

    /// Returns what rule was broken, if that is what this error says.
    pub fn misuse(&self) -> Option<Misuse> {
        self.downcast_ref().copied()
    }
}

/// Makes `?` raise any error inside a body.
impl<E: Error + Send + Sync + 'static> From<E> for Raised {
    fn from(error: E) -> Self {
        Raised::Error(Box::new(error))
    }
}

/// Makes `?` pass it on outside of bodies, where no exit is raised.
impl From<Raised> for Box<dyn Error> {
    fn from(raised: Raised) -> Self {
        match raised {
            Raised::Exit => raised.to_string().into(),
            Raised::Error(error) => error,
        }
    }
}

/// The same, for errors that change threads.
///
/// ```
/// use ch03_generators::coroutine::*;
///
/// fn first() -> Result<i32, Box<dyn std::error::Error + Send + Sync>> {
///     let mut body = Coroutine::generator(|co| async move {
///         co.yield_(1).await
///     });
///     Ok(body.next().yielded()?)
/// }
/// assert_eq!(first().unwrap(), 1);
/// ```
impl From<Raised> for Box<dyn Error + Send + Sync> {
    fn from(raised: Raised) -> Self {
        match raised {
            Raised::Exit => raised.to_string().into(),
            Raised::Error(error) => error,
        }
    }
}

/// The same, for programs that use anyhow, which keep the box: what was raised is
/// found in there.
///
/// ```
/// use ch03_generators::coroutine::*;
/// use std::error::Error;
///
/// fn first() -> anyhow::Result<i32> {
///     let mut body = Coroutine::<i32>::new(|_| async { Err(std::fmt::Error)? });
///     Ok(body.next().yielded()?)
/// }
/// let told = first().unwrap_err();
/// let boxed: &Box<dyn Error + Send + Sync> = told.downcast_ref().unwrap();
/// assert!(boxed.is::<std::fmt::Error>());
/// ```
impl From<Raised> for anyhow::Error {
    fn from(raised: Raised) -> Self {
        match raised {
            Raised::Exit => anyhow::Error::msg(raised.to_string()),
            Raised::Error(error) => anyhow::Error::from_boxed(error),
        }
    }
}

/// Compares what two say, for tests: errors have no equality of their own.
impl PartialEq for Raised {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Raised::Exit, Raised::Exit) => true,
            (Raised::Error(one), Raised::Error(other)) => {
                one.to_string() == other.to_string()
                    && format!("{one:?}") == format!("{other:?}")
            }
            _ => false,
        }
    }
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Raised::Exit => f.write_str("exit"),
            Raised::Error(error) => error.fmt(f),
        }
    }
}

/// A rule of the protocol that was broken; an error like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// A value was sent before the first yield: no yield waits for one yet.
    Unprimed,
    /// A body resumed itself, directly or through others.
    AlreadyExecuting,
    /// A body answered `close()` with a yield.
    IgnoredExit,
    /// It was resumed after its end.
    Finished,
    /// A [`Misuse::Finished`] left a body: another one's end, taken for an item.
    RaisedFinished,
    /// It was resumed after its body had panicked.
    Panicked,
    /// A value was sent to a plain iterator, which takes none.
    SendUnsupported,
    /// A body yielded or delegated twice at once, as `join!` would.
    TwoAtOnce,
    /// A body awaited something that is not its coroutine's.
    ForeignAwait,
    /// Coroutines resumed each other until little of the thread's stack was left.
    ///
    /// The resume was refused, and the coroutine is as it was. Python's
    /// `RecursionError`.
    TooDeep,
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Misuse::Unprimed => "cannot send to a just-started coroutine",
            Misuse::AlreadyExecuting => "coroutine already executing",
            Misuse::IgnoredExit => "coroutine ignored its exit",
            Misuse::Finished => "coroutine already finished",
            Misuse::RaisedFinished => "coroutine raised another one's end",
            Misuse::Panicked => "coroutine panicked earlier",
            Misuse::SendUnsupported => "cannot send to a plain iterator",
            Misuse::TwoAtOnce => "coroutine yielded twice at once",
            Misuse::ForeignAwait => "coroutine awaited what is not a yield",
            Misuse::TooDeep => "coroutines resumed each other too deep",
        })
    }
}

impl Error for Misuse {}

/// Catches errors, and lets [`Raised::Exit`] pass.
///
/// The outer `Result` is for `?`: whatever was not caught goes on unwinding.
pub trait Except<T> {
    /// Catches an `E`, like `except E`.
    ///
    /// # Errors
    ///
    /// The outer one: whatever else unwinds the body, [`Raised::Exit`] included.
    fn except<E: Error + 'static>(self) -> Result<Result<T, E>, Raised>;

    /// Catches every error, like `except Exception`.
    ///
    /// # Errors
    ///
    /// The outer one: [`Raised::Exit`], which is no error to recover from.
    fn except_any(
        self,
    ) -> Result<Result<T, Box<dyn Error + Send + Sync>>, Raised>;
}

impl<T> Except<T> for Result<T, Raised> {
    fn except<E: Error + 'static>(self) -> Result<Result<T, E>, Raised> {
        self.except_any()?.map(Ok).or_else(|error| {
            let caught = error.downcast().map_err(Raised::Error)?;
            Ok(Err(*caught))
        })
    }

    fn except_any(
        self,
    ) -> Result<Result<T, Box<dyn Error + Send + Sync>>, Raised> {
        match self {
            Ok(value) => Ok(Ok(value)),
            Err(Raised::Error(error)) => Ok(Err(error)),
            Err(Raised::Exit) => Err(Raised::Exit),
        }
    }
}
