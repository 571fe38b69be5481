//! All SQL of the installation's one row.

use super::Installation;
use crate::{
    Location, Result, Time,
    db::{Db, args},
    writer::Write,
};

pub(super) async fn read(db: &Db) -> Result<Installation> {
    db.one("select master_key_fingerprint, history_key, clock_mark from installation where id = 1", args![]).await
}

/// Before there is a writer, because the writer needs one of them.
pub(super) async fn remember_keys(location: &Location, fingerprint: &str, history_key: &str) -> Result<()> {
    let mut conn = location.writer().await?;
    let keys = args![fingerprint, history_key];
    let kept = conn
        .write(
            "update installation set master_key_fingerprint = $1, history_key = $2 where id = 1 and master_key_fingerprint is null",
            &keys,
        )
        .await;
    conn.close().await;
    Ok(kept.map(drop)?)
}

/// What was issued before `now` dies by `not_before`; what was issued while the clock ran ahead of it bears a later time
/// and dies one by one. So `not_before` never lies ahead of the clock, where it would kill what is issued from now on.
pub(super) fn accept_clock(now: Time) -> Vec<Write> {
    [
        "update installation set clock_mark = $1 where id = 1",
        "update tenant set not_before = $1",
        "update widget_token set revoked_at = $1, revoke_reason = 'The clock was set back.' where revoked_at is null and created_at >= $1",
        "update dashboard_session set ended_at = $1 where ended_at is null and valid_since >= $1",
        "update api_key set revoked_at = $1, revoke_reason = 'The clock was set back.' where revoked_at is null and valid_since >= $1",
        "update invitation set revoked_at = $1 where revoked_at is null and accepted_at is null and created_at >= $1",
        "update one_time_link set consumed_at = $1 where consumed_at is null",
        "update magic_link set consumed_at = $1 where consumed_at is null",
        "delete from magic_link_request where created_at >= $1",
        "update password_link set consumed_at = $1, password_hash = null where consumed_at is null",
        "delete from password_request where created_at >= $1",
        "update mail set state = 'withdrawn', body = null, ended_at = $1 where ended_at is null",
        // Else whoever mistyped a password would wait for as long as the clock was wrong.
        "update sign_in_failure set retry_at = $1 where retry_at > $1",
    ]
    .into_iter()
    .map(|sql| Write::any(sql, args![now]))
    .collect()
}

/// Fails when somebody else rotated it in the meantime.
pub(super) fn replace_keys(old: &str, new: &str, history_key: &str) -> Write {
    Write::one(
        "update installation set master_key_fingerprint = $2, history_key = $3 where id = 1 and master_key_fingerprint = $1",
        args![old, new, history_key],
        crate::Code::Conflict,
        "Somebody else rotated the master key first.",
    )
}
