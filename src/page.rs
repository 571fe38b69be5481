//! Lists: a page of rows, and the cursor that leads to the next one (AZ9).

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// What every list answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// Newest first.
    pub data: Vec<T>,
    /// Leads to the next page; none on the last one. Opaque and authenticated.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page of something made from its rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// How many rows a page has: 50 unless asked otherwise, 200 at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(i64);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl Limit {
    /// The longest page.
    pub const MOST: Self = Self(200);

    /// Past the most it is the most; below 1 it is 422.
    pub fn parse(asked: Option<i64>) -> Result<Self> {
        match asked {
            None => Ok(Self::default()),
            Some(rows) if rows < 1 => Err(Error::invalid("limit", "A page has at least one row and at most 200.")),
            Some(rows) => Ok(Self(rows.min(Self::MOST.0))),
        }
    }

    /// What the page holds.
    #[must_use]
    pub const fn rows(self) -> i64 {
        self.0
    }

    /// What a statement asks for: one row more than the page holds, which tells whether there is a next page.
    #[must_use]
    pub const fn fetch(self) -> i64 {
        self.0 + 1
    }
}

#[cfg(feature = "db")]
pub(crate) use cursor::Cursor;

#[cfg(feature = "db")]
mod cursor {
    use super::{Limit, Page};
    use crate::{Code, Core, Error, Result, TenantId, Time};
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use subtle::ConstantTimeEq;

    /// The last row of a page: the next one starts below `(at, id)`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct Cursor {
        pub(crate) at: Time,
        pub(crate) id: String,
    }

    /// The cursors of one list in one tenant; those of another are refused.
    pub(crate) struct Cursors<'a> {
        core: &'a Core,
        purpose: String,
    }

    impl Core {
        /// The cursors of the list called `list`.
        pub(crate) fn cursor(&self, list: &'static str, tenant: &TenantId) -> Cursors<'_> {
            Cursors { core: self, purpose: format!("cursor/{list}/{tenant}") }
        }
    }

    impl Cursors<'_> {
        /// Opaque text for the wire.
        pub(crate) fn seal(&self, cursor: &Cursor) -> String {
            let position = format!("{} {}", cursor.at.millis(), cursor.id);
            let mac = self.core.sealer().mac(&self.purpose, &position);
            URL_SAFE_NO_PAD.encode(format!("{mac} {position}"))
        }

        /// What `seal` made for the same list and tenant; anything else is 400 `invalid_cursor`. No text, or an empty one, is the start.
        pub(crate) fn open(&self, text: Option<&str>) -> Result<Option<Cursor>> {
            let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
            self.read(text).map(Some).ok_or_else(|| Error::new(Code::InvalidCursor, "This list gave out no such cursor.").field("cursor"))
        }

        fn read(&self, text: &str) -> Option<Cursor> {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let text = std::str::from_utf8(&bytes).ok()?;
            let (mac, position) = text.split_once(' ')?;
            let expected = self.core.sealer().mac(&self.purpose, position);
            if !bool::from(expected.as_bytes().ct_eq(mac.as_bytes())) {
                return None;
            }
            let (at, id) = position.split_once(' ')?;
            Some(Cursor { at: Time::from_millis(at.parse().ok()?), id: id.to_owned() })
        }

        /// A page from the rows of a statement that asked for `limit.fetch()`.
        pub(crate) fn page<T>(&self, mut rows: Vec<T>, limit: Limit, position: impl Fn(&T) -> Cursor) -> Page<T> {
            let most = usize::try_from(limit.fetch() - 1).unwrap_or(usize::MAX);
            let more = rows.len() > most;
            rows.truncate(most);
            let next_cursor = rows.last().filter(|_| more).map(|last| self.seal(&position(last)));
            Page { data: rows, next_cursor }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::testing::{Engine, fresh};

        /// AZ9
        #[tokio::test]
        async fn a_cursor_opens_only_as_it_was_given_out() {
            let fresh = fresh(Engine::Sqlite).await;
            let core = &fresh.core;
            let (ours, theirs) = (TenantId::new(core.now()), TenantId::new(core.now()));
            let cursor = Cursor { at: core.now(), id: "wtok_1".to_owned() };
            let text = core.cursor("tokens", &ours).seal(&cursor);
            assert_eq!(core.cursor("tokens", &ours).open(Some(&text)).expect("ours"), Some(cursor));
            assert_eq!(core.cursor("tokens", &ours).open(None).expect("the start"), None);
            let refused = |tenant, list, text: &str| core.cursor(list, tenant).open(Some(text)).map_err(|error| error.code());
            assert_eq!(refused(&theirs, "tokens", &text), Err(Code::InvalidCursor));
            assert_eq!(refused(&ours, "keys", &text), Err(Code::InvalidCursor));
            assert_eq!(refused(&ours, "tokens", "not a cursor"), Err(Code::InvalidCursor));
            for at in 0..text.len() {
                let mut tampered = text.clone().into_bytes();
                tampered[at] = if tampered[at] == b'A' { b'B' } else { b'A' };
                let tampered = String::from_utf8(tampered).expect("ascii");
                assert_eq!(refused(&ours, "tokens", &tampered), Err(Code::InvalidCursor), "{at}");
            }
        }

        #[tokio::test]
        async fn the_row_past_the_page_becomes_a_cursor_and_no_row() {
            let fresh = fresh(Engine::Sqlite).await;
            let core = &fresh.core;
            let cursors = core.cursor("tokens", &TenantId::new(core.now()));
            let limit = Limit::parse(Some(2)).expect("a limit");
            let position = |id: &i64| Cursor { at: Time::from_millis(*id), id: id.to_string() };
            let first = cursors.page(vec![9, 8, 7], limit, position);
            assert_eq!(first.data, [9, 8]);
            let next = cursors.open(first.next_cursor.as_deref()).expect("ours").expect("a next page");
            assert_eq!(next.id, "8");
            assert_eq!(cursors.page(vec![7, 6], limit, position).next_cursor, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AZ9
    #[test]
    fn a_page_is_never_longer_than_two_hundred_rows() {
        assert_eq!(Limit::parse(None).map(Limit::fetch).ok(), Some(51));
        assert_eq!(Limit::parse(Some(1_000_000)).map(Limit::fetch).ok(), Some(201));
        for below in [0, -1, i64::MIN] {
            assert_eq!(Limit::parse(Some(below)).map_err(|error| error.code()), Err(crate::Code::InvalidField));
        }
    }
}
