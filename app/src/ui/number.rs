//! Numbers as they are read.

use mintmark::token::LIVE_COUNTED;

/// `12,345`
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Of what is counted up to [`LIVE_COUNTED`]: `312`, or `10,000+` where counting ended.
#[must_use]
pub fn live_count(count: i64) -> String {
    let more = if count < LIVE_COUNTED { "" } else { "+" };
    format!("{}{more}", grouped(u64::try_from(count).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{grouped, live_count};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn where_counting_ended_there_are_more() {
        assert_eq!([0, 9_999, 10_000].map(live_count), ["0", "9,999", "10,000+"]);
    }
}
