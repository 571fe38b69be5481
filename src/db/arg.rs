//! The values of a statement, the same for both engines.

use crate::{Code, Error, Result, Time};

/// One value of a statement.
#[derive(Clone)]
pub enum Arg {
    /// `integer` / `bigint`.
    Int(Option<i64>),
    /// `text`.
    Text(Option<String>),
    /// `integer` 0 or 1 / `boolean`.
    Bool(bool),
}

/// PostgreSQL holds no text with NUL in it; so neither engine is given one, and both say the same (AU5).
pub(crate) fn without_nul<'a>(args: impl IntoIterator<Item = &'a Arg>) -> Result<()> {
    let holds_nul = |arg: &Arg| matches!(arg, Arg::Text(Some(text)) if text.contains('\0'));
    if args.into_iter().any(holds_nul) {
        return Err(Error::new(Code::InvalidField, "A text must not hold the character NUL."));
    }
    Ok(())
}

/// What can stand in `args![...]`.
pub trait IntoArg {
    /// The value.
    fn arg(self) -> Arg;
    /// The absence of one, with its type.
    fn null() -> Arg
    where
        Self: Sized,
    {
        Arg::Text(None)
    }
}

macro_rules! int_args {
    ($($type:ty => $value:expr;)+) => {$(
        impl IntoArg for $type {
            fn arg(self) -> Arg {
                let value: fn($type) -> i64 = $value;
                Arg::Int(Some(value(self)))
            }
            fn null() -> Arg {
                Arg::Int(None)
            }
        }
    )+};
}
int_args! {
    i64 => |n| n;
    u32 => |n| i64::from(n);
    Time => |t| t.millis();
}

impl IntoArg for bool {
    fn arg(self) -> Arg {
        Arg::Bool(self)
    }
}

impl IntoArg for String {
    fn arg(self) -> Arg {
        Arg::Text(Some(self))
    }
}

impl<T: IntoArg> IntoArg for Option<T> {
    fn arg(self) -> Arg {
        self.map_or_else(T::null, IntoArg::arg)
    }
    fn null() -> Arg {
        T::null()
    }
}

/// Ids, words and anything else whose text is what is stored.
impl<T: ?Sized + ToString> IntoArg for &T {
    fn arg(self) -> Arg {
        Arg::Text(Some(self.to_string()))
    }
}

/// The values of a statement, in the order of `$1`, `$2` ...
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::IntoArg::arg($value)),*] };
}
pub(crate) use args;
