//! Reads whose conditions depend on filters: static fragments and placeholders, put together.

use crate::{
    Result,
    db::{Arg, Db, IntoArg},
    token::LIVE_COUNTED,
};

/// Of unexpired rows, revoked ones among them, so many are looked at to count those that live.
const LIVE_SEEN: i64 = 2_000_000;

/// How many widget tokens live of those that `$range` leads to by an index, as a part of a statement; counted as
/// [`LIVE_COUNTED`] says.
macro_rules! live_count {
    ($range:literal) => {
        concat!(
            "(select count(*) from (select 1 from (select w.revoked_at from widget_token w where ",
            $range,
            " order by w.expires_at desc limit 2000000) seen where seen.revoked_at is null limit 10000) counted)"
        )
    };
}
pub(crate) use live_count;

/// A select whose conditions depend on filters. Only static text and placeholders get in.
pub(crate) struct Select {
    pub(crate) sql: String,
    pub(crate) args: Vec<Arg>,
}

impl Select {
    /// Starts with `sql`, whose placeholders are filled by `args`; it must end in a condition.
    pub(crate) fn new(sql: &'static str, args: Vec<Arg>) -> Self {
        Self { sql: sql.to_owned(), args }
    }

    /// Adds a condition; each `?` in it becomes the next placeholder.
    pub(crate) fn and(mut self, condition: &'static str, args: Vec<Arg>) -> Self {
        self.sql.push_str(" and ");
        self.push(condition, args);
        self
    }

    /// Adds the condition if there is a value for it.
    pub(crate) fn and_if<T: IntoArg>(self, condition: &'static str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.and(condition, vec![value.arg()]),
            None => self,
        }
    }

    /// Narrows `column` to a list; an empty one matches nothing.
    pub(crate) fn and_in<T: IntoArg>(mut self, column: &'static str, values: Vec<T>) -> Self {
        self.sql.push_str(" and ");
        self.sql.push_str(column);
        self.sql.push_str(" in (null");
        for value in values {
            self.sql.push_str(", ");
            self.push("?", vec![value.arg()]);
        }
        self.sql.push(')');
        self
    }

    /// Leaves a list of values out.
    pub(crate) fn and_not_in<T: IntoArg>(mut self, column: &'static str, values: Vec<T>) -> Self {
        for value in values {
            self.sql.push_str(" and ");
            self.sql.push_str(column);
            self.push(" <> ?", vec![value.arg()]);
        }
        self
    }

    /// Ends with a limit, for rows of which any will do.
    pub(crate) fn most(mut self, limit: i64) -> Self {
        self.sql.push_str(" limit ");
        self.sql.push_str(&limit.to_string());
        self
    }

    /// Ends with an order and a limit, which stands in the text: a planner that does not know it expects a tenth of the table.
    pub(crate) fn order(mut self, order: &'static str, limit: i64) -> Self {
        self.sql.push_str(" order by ");
        self.sql.push_str(order);
        self.most(limit)
    }

    /// Counts the rows of a select that ends with a limit: a page does not wait for a million of them.
    pub(crate) fn count(mut self) -> Self {
        self.sql = format!("select count(*) from ({}) counted", self.sql);
        self
    }

    /// Those of the rows so far that nobody has revoked, in an order that an index has, if there is one: no page waits until all
    /// are looked at. A condition on `seen` may follow.
    pub(crate) fn live_among(mut self, order: Option<&'static str>) -> Self {
        self = match order {
            Some(order) => self.order(order, LIVE_SEEN),
            None => self.most(LIVE_SEEN),
        };
        self.sql = format!("select 1 from ({}) seen where seen.revoked_at is null", self.sql);
        self
    }

    /// How many those are, up to [`LIVE_COUNTED`].
    pub(crate) async fn count_live(self, db: &Db) -> Result<i64> {
        let rows: Vec<(i64,)> = db.select(self.most(LIVE_COUNTED).count()).await?;
        Ok(rows.first().map_or(0, |(count,)| *count))
    }

    fn push(&mut self, fragment: &'static str, args: Vec<Arg>) {
        let mut args = args.into_iter();
        for (at, piece) in fragment.split('?').enumerate() {
            if at > 0 {
                if let Some(arg) = args.next() {
                    self.args.push(arg);
                }
                self.sql.push('$');
                self.sql.push_str(&self.args.len().to_string());
            }
            self.sql.push_str(piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_counting_end_at_the_same_numbers() {
        let text = live_count!("w.signing_key_id = k.id");
        for end in [format!(" desc limit {LIVE_SEEN})"), format!(" is null limit {LIVE_COUNTED})")] {
            assert!(text.contains(&end), "{end}: {text}");
        }
    }
}
