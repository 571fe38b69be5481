//! What `mintmark doctor` says of those who follow a PostgreSQL: whether a failover to one of them may lose what was acknowledged.

use super::{Judged, Level, in_full};
use mintmark::Standbys;

pub(super) fn judge(standbys: mintmark::Result<Standbys>) -> Judged {
    let Standbys { names, following, waited_for, unseen } = match standbys {
        Ok(standbys) => standbys,
        Err(error) => return (Level::Wrong, in_full(&error)),
    };
    if names.is_empty() && following == 0 {
        return (Level::Ok, "none follows this server".into());
    }
    if names.is_empty() {
        let message = format!(
            "{following} {}, and no commit waits: a failover may lose what was acknowledged last, revocations too; name them in \
             synchronous_standby_names",
            verb(following)
        );
        return (Level::Warning, message);
    }
    if waited_for > 0 {
        return (Level::Ok, format!("{following} {}, and commits wait for synchronous_standby_names = '{names}'", verb(following)));
    }
    if unseen > 0 {
        let message = format!(
            "{following} {}; whether commits wait for them, as synchronous_standby_names = '{names}' says, only a role with \
             pg_read_all_stats may see",
            verb(following)
        );
        return (Level::Ok, message);
    }
    (Level::Wrong, format!("every write waits, and is refused, until one of synchronous_standby_names = '{names}' follows this server"))
}

fn verb(following: i64) -> &'static str {
    if following == 1 { "follows" } else { "follow" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(names: &str, (following, waited_for, unseen): (i64, i64, i64), level: Level, part: &str) {
        let judged = judge(Ok(Standbys { names: names.into(), following, waited_for, unseen }));
        assert!(judged.0 == level && judged.1.contains(part), "{judged:?}");
    }

    /// E6
    #[test]
    fn a_standby_that_no_commit_waits_for_is_warned_of() {
        says("", (0, 0, 0), Level::Ok, "none follows");
        says("", (1, 0, 0), Level::Warning, "1 follows, and no commit waits");
        says("", (2, 0, 2), Level::Warning, "2 follow, and no commit waits");
        says("*", (1, 1, 0), Level::Ok, "commits wait for synchronous_standby_names = '*'");
        says("one", (2, 1, 0), Level::Ok, "2 follow");
        says("one", (1, 0, 1), Level::Ok, "pg_read_all_stats");
        says("one", (1, 0, 0), Level::Wrong, "every write waits");
        says("one", (0, 0, 0), Level::Wrong, "every write waits");
    }

    #[test]
    fn a_server_that_does_not_say_is_wrong() {
        let (level, message) = judge(Err(mintmark::Error::unavailable()));
        assert_eq!(level, Level::Wrong, "{message}");
    }
}
