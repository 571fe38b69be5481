//! Words that the server writes and the browser keeps right: the only code of the dashboard that runs on both sides.

use mintmark::{Time, time};

/// The id of the dialog that asks for proof of presence; one in every page of a tenant.
pub const STEP_UP: &str = "step-up";

/// "just now", "3 min ago", "in 12 min", "5 h ago", "2 d ago"; past 30 days the date.
#[must_use]
pub fn relative(at: Time, now: Time) -> String {
    let apart = at.since(now);
    let size = apart.abs();
    let (count, unit) = match size {
        _ if size < 45 * time::SECOND => return if apart > 0 { "in a moment" } else { "just now" }.to_owned(),
        _ if size < 90 * time::MINUTE => ((size + time::MINUTE / 2) / time::MINUTE, "min"),
        _ if size < 36 * time::HOUR => ((size + time::HOUR / 2) / time::HOUR, "h"),
        _ if size < 30 * time::DAY => ((size + time::DAY / 2) / time::DAY, "d"),
        _ => return exact(at).split(',').next().unwrap_or_default().to_owned(),
    };
    let count = count.max(1);
    if apart > 0 { format!("in {count} {unit}") } else { format!("{count} {unit} ago") }
}

/// `23 May 2026, 22:00:00 UTC`. Counts the days itself (Hinnant's `civil_from_days`), which keeps a date library out of
/// the browser.
#[must_use]
pub fn exact(at: Time) -> String {
    const MONTHS: [&str; 12] = ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"];
    let (days, second) = (at.seconds().div_euclid(86_400) + 719_468, at.seconds().rem_euclid(86_400));
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Years are counted from March here, so that the leap day comes last.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = year_of_era + era * 400 + i64::from(month >= 10);
    let name = usize::try_from(month).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    format!("{day} {name} {year}, {:02}:{:02}:{:02} UTC", second / 3_600, second / 60 % 60, second % 60)
}

/// "1 min", "1 h", "1 h 5 min"
pub fn span(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// What somebody pasted where a token or the id of one is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pasted {
    /// Nothing yet.
    Nothing,
    /// The id of a widget token.
    Id,
    /// Three parts: it may be a JWT.
    Token,
    /// Something that is no JWT; a sentence says what it is, and what to do if it got out.
    Other(&'static str),
}

/// Secrets by how they begin. None of them is a token, and none is sent anywhere.
const SECRETS: [(&str, &str); 10] = [
    ("sk_", "This is an API key. Whoever has it acts as your backend: if it was in a page, a log or a chat, rotate or revoke it now."),
    ("vs_", "This is a verification secret. It belongs in your backend alone: if it was anywhere else, rotate it now."),
    ("pk_", "This is an embed key: a public name of a product, and no token. Its page is in Embed Studio."),
    (
        "magic_",
        "This is the secret of a magic link. It signs a customer in, once: if somebody else may have seen it, end that customer's sessions.",
    ),
    (
        "bridge_",
        "This is a bridge secret. Whoever has it signs customers in as anybody: if it was outside your backend, revoke its bridge key now.",
    ),
    (
        "invite_",
        "This is the secret of an invitation. Whoever opens it becomes a member: if it went to the wrong person, revoke the invitation.",
    ),
    ("session_", "This is a session of this dashboard. If it was copied from a browser, sign out everywhere."),
    ("setup_", "This is the secret of the set-up link. It makes the first owner, once."),
    ("reset_", "This is the secret of a link that resets an account. Whoever opens it takes that account over."),
    (
        "-----BEGIN",
        "This is a key in PEM form. If it is the private half, it belongs in your backend alone: if it was anywhere else, replace it.",
    ),
];

/// Judged by its looks alone.
#[must_use]
pub fn pasted(text: &str) -> Pasted {
    let text = text.trim();
    if text.is_empty() {
        return Pasted::Nothing;
    }
    if let Some((_, sentence)) = SECRETS.iter().find(|(prefix, _)| text.starts_with(prefix)) {
        return Pasted::Other(sentence);
    }
    match text.split('.').count() {
        3 if !text.contains(char::is_whitespace) => Pasted::Token,
        _ if text.starts_with("wtok_") => Pasted::Id,
        _ => Pasted::Other(
            "This is neither a token nor the id of one. A token has three parts with a full stop between them; an id starts with wtok_.",
        ),
    }
}

/// "a", "a and b", "a, b and 3 more"; none for nothing.
pub fn joined(texts: &[String]) -> Option<String> {
    match texts {
        [] => None,
        [one] => Some(one.clone()),
        [one, two] => Some(format!("{one} and {two}")),
        [one, two, three] => Some(format!("{one}, {two} and {three}")),
        [one, two, rest @ ..] => Some(format!("{one}, {two} and {} more", rest.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_distance() {
        let now = Time::from_millis(1_779_573_600_000);
        let words = |millis| relative(now.plus(millis), now);
        assert_eq!(words(0), "just now");
        assert_eq!(words(-50 * time::SECOND), "1 min ago");
        assert_eq!(words(-3 * time::MINUTE), "3 min ago");
        assert_eq!(words(30 * time::MINUTE), "in 30 min");
        assert_eq!(words(-5 * time::HOUR), "5 h ago");
        assert_eq!(words(-3 * time::DAY), "3 d ago");
        assert_eq!(words(-40 * time::DAY), "13 Apr 2026");
    }

    #[test]
    fn the_exact_form_says_its_zone() {
        assert_eq!(exact(Time::from_millis(1_779_573_600_999)), "23 May 2026, 22:00:00 UTC");
        assert_eq!(exact(Time::from_millis(0)), "1 Jan 1970, 00:00:00 UTC");
        assert_eq!(exact(Time::from_millis(951_868_799_000)), "29 Feb 2000, 23:59:59 UTC");
        assert_eq!(exact(Time::from_millis(1_798_761_599_000)), "31 Dec 2026, 23:59:59 UTC");
    }

    #[test]
    fn a_span_reads_as_people_say_it() {
        assert_eq!([1, 59, 60, 65].map(span), ["1 min", "59 min", "1 h", "1 h 5 min"]);
    }

    #[test]
    fn a_list_reads_as_a_sentence() {
        let texts = ["a", "b", "c", "d", "e"].map(str::to_owned);
        let told: Vec<_> = (0..=5).map(|count| joined(&texts[..count]).unwrap_or_default()).collect();
        assert_eq!(told, ["", "a", "a and b", "a, b and c", "a, b and 2 more", "a, b and 3 more"]);
    }

    #[test]
    fn what_is_pasted_is_known_by_its_looks_and_no_secret_is_taken_for_a_token() {
        assert_eq!(pasted(" \n"), Pasted::Nothing);
        assert_eq!(pasted(" wtok_0123456789abcdef01234567\n"), Pasted::Id);
        assert_eq!(pasted("eyJh.e30.sig"), Pasted::Token);
        for (prefix, sentence) in SECRETS {
            assert_eq!(pasted(&format!("{prefix}a.b.c")), Pasted::Other(sentence), "{prefix}");
        }
        assert!(matches!(pasted("two words.and.stops"), Pasted::Other(_)));
        assert!(matches!(pasted("hunter2"), Pasted::Other(_)));
    }
}
