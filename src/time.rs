//! Points in time: integer milliseconds since the epoch inside, RFC 3339 UTC with `Z` on the wire.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Milliseconds since 1970-01-01T00:00:00Z. On the wire whole seconds, `2026-05-23T22:00:00Z` (contract, section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "db", derive(sqlx::Type, utoipa::ToSchema))]
#[cfg_attr(feature = "db", sqlx(transparent), schema(value_type = String, format = DateTime))]
pub struct Time(i64);

/// One second, in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute, in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour, in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day, in milliseconds.
pub const DAY: i64 = 24 * HOUR;

impl Time {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From whole seconds since the epoch; saturates.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down, as JWT claims have them.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// The start of this second.
    #[must_use]
    pub const fn floor_to_second(self) -> Self {
        Self(self.seconds() * SECOND)
    }

    /// `millis` later, or earlier when negative; saturates.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to `self`.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 with milliseconds, as audit events have it.
    #[must_use]
    pub fn to_rfc3339_millis(self) -> String {
        self.format(3)
    }

    fn format(self, digits: u8) -> String {
        use jiff::fmt::temporal::DateTimePrinter;
        let stamp = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        DateTimePrinter::new().precision(Some(digits)).timestamp_to_string(&stamp)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.floor_to_second().format(0))
    }
}

impl FromStr for Time {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        Ok(Self(text.parse::<jiff::Timestamp>()?.as_millisecond()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_whole_seconds_with_z() {
        let time = Time::from_millis(1_779_573_600_999);
        assert_eq!(time.to_string(), "2026-05-23T22:00:00Z");
        assert_eq!(time.to_rfc3339_millis(), "2026-05-23T22:00:00.999Z");
        assert_eq!("2026-05-23T22:00:00Z".parse::<Time>().expect("parses").millis(), 1_779_573_600_000);
    }

    #[test]
    fn times_before_the_epoch_floor_down() {
        assert_eq!(Time::from_millis(-1).seconds(), -1);
    }
}
