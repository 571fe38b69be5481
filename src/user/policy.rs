//! Which passwords are good enough (SE5): long, not common, not guessable from who one is.

use crate::{Code, Core, Error, Result, Secret};
use std::{collections::HashSet, sync::OnceLock};
use zeroize::Zeroizing;
use zxcvbn::Score;

/// The least length, in characters.
const LEAST: usize = 15;
/// The least length beside a second factor.
const LEAST_WITH_FACTOR: usize = 8;
/// The greatest length.
const MOST: usize = 128;

/// The 6,000 most frequent of eight or more characters from the list of leaked passwords that the crate `zxcvbn` 3.1 (MIT)
/// carries, which comes from Mark Burnett's "10 million passwords".
const COMMON: &str = include_str!("common_passwords.txt");

fn common() -> &'static HashSet<&'static str> {
    static COMMON_SET: OnceLock<HashSet<&'static str>> = OnceLock::new();
    COMMON_SET.get_or_init(|| COMMON.lines().collect())
}

/// Whether the password is on the block list, as it is, repeated, or between digits and signs.
fn is_common(password: &str) -> bool {
    let lower = Zeroizing::new(password.to_lowercase());
    let letters = lower.trim_matches(|c: char| !c.is_alphabetic());
    let repeated = (8..=lower.len() / 2)
        .find(|&n| lower.len().is_multiple_of(n) && lower.as_bytes().chunks(n).all(|part| part == &lower.as_bytes()[..n]));
    let once = repeated.and_then(|n| lower.get(..n));
    [Some(lower.as_str()), Some(letters), once].into_iter().flatten().any(|text| common().contains(text))
}

/// Refuses a weak password; `about` is what a guesser would try first: e-mail, name, tenant. Answers whether it is short.
pub(crate) async fn judge(core: &Core, field: &'static str, password: &Secret, second_factor: bool, about: &[&str]) -> Result<bool> {
    let weak = |message: String| Err(Error::new(Code::WeakPassword, message).field(field));
    let text = password.reveal();
    let length = text.chars().count();
    let least = if second_factor { LEAST_WITH_FACTOR } else { LEAST };
    if length < least {
        return weak(format!("Use at least {least} characters; a few unrelated words are easy to remember."));
    }
    if length > MOST {
        return weak(format!("Use at most {MOST} characters."));
    }
    if is_common(text) {
        return weak("This password is on lists of leaked passwords; choose another.".to_owned());
    }
    let text = Zeroizing::new(text.to_owned());
    let about: Vec<String> =
        about.iter().flat_map(|word| std::iter::once(*word).chain(word.split(['@', '.', ' ']))).map(str::to_owned).collect();
    let guessable = core.hashing().run(move |_| {
        let mut inputs: Vec<&str> = about.iter().map(String::as_str).filter(|word| word.len() > 2).collect();
        inputs.push("mintmark");
        zxcvbn::zxcvbn(&text, &inputs).score() < Score::Three
    });
    if guessable.await? {
        return weak("This password is easy to guess; add another unrelated word or two.".to_owned());
    }
    Ok(length < LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SE5
    #[test]
    fn the_block_list_holds_three_thousand_passwords_and_their_disguises() {
        assert!(common().len() >= 3_000);
        for known in ["password1", "PASSWORD1", "password1password1", "123iloveyou!!456", "passwordpassword"] {
            assert!(is_common(known), "{known}");
        }
        for fine in ["correct horse battery staple", "ünïcödé pass phrase of mine", "x"] {
            assert!(!is_common(fine), "{fine}");
        }
    }

    /// SE5: lengths are counted in characters, and both ends count.
    #[tokio::test]
    async fn a_password_is_neither_too_short_nor_too_long() {
        let fresh = crate::testing::fresh(crate::testing::Engine::Sqlite).await;
        let long = "ö7#kVq!zL w2Rt&9u:XmE4gh;Ns".repeat(5);
        for (length, second_factor, told) in [
            (7, true, Some("Use at least 8 characters")),
            // Long enough; that eight of any kind are guessed too soon is another judge's word.
            (8, true, Some("easy to guess")),
            (9, true, None),
            (14, false, Some("Use at least 15 characters")),
            (15, false, None),
            (128, false, None),
            (129, false, Some("Use at most 128 characters")),
        ] {
            let password = Secret::new(long.chars().take(length).collect());
            match (judge(&fresh.core, "password", &password, second_factor, &[]).await, told) {
                (Ok(short), None) => assert_eq!(short, length < LEAST, "{length}"),
                (Err(error), Some(told)) => assert!(error.problem().message.contains(told), "{length}: {error}"),
                (judged, _) => panic!("{length}: {judged:?}"),
            }
        }
        let about = Secret::new("ada@zephyrine.example".to_owned());
        assert!(judge(&fresh.core, "password", &about, false, &[]).await.is_ok());
        assert!(judge(&fresh.core, "password", &about, false, &["ada@zephyrine.example"]).await.is_err(), "what a guesser tries first");
    }
}
