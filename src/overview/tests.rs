//! The overview on a real database of each engine.

use super::{Checklist, HOURS, Hour, Overview, look::Pace};
use crate::{
    Code, Op, Role, on_each_engine,
    organization::NewOrganization,
    origin::NewOrigin,
    tenant::TenantChange,
    testing::{Fixture, PAGE},
    time::{DAY, HOUR, MINUTE, SECOND},
    token::{MintedToken, Presented, Revocation},
};
use std::time::Duration;

async fn look(op: &Op) -> Overview {
    op.overview().await.expect("an overview")
}

async fn hours(op: &Op) -> Vec<Hour> {
    look(op).await.hours.expect("few enough to be counted at once")
}

async fn ticks(acme: &Fixture) -> Checklist {
    look(&acme.owner().await).await.checklist.expect("a checklist")
}

/// A call of a page on `/widget/*`, and what it caused in memory written down.
async fn call(acme: &Fixture, token: &MintedToken, origin: &str) {
    let _ = acme.core.guard(Presented { bearer: Some(token.token.reveal()), origin: Some(origin), ..Presented::default() }).await;
    acme.core.flush_refusals().await.expect("refusals are written");
    acme.core.flush_uses().await.expect("uses are written");
}

on_each_engine! {
    async fn the_last_day_is_counted_by_the_hour(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        let (clinic, theirs) = (acme.organization("clinic").await, other.organization("clinic").await);
        let mut minted = Vec::new();
        for _ in 0..3 {
            minted.push(acme.token(&acme.owner().await, &clinic).await);
        }
        other.token(&other.owner().await, &theirs).await;
        for _ in 0..5 {
            call(&acme, &minted[0], "https://evil.example").await;
        }
        fresh.clock.advance(2 * MINUTE);
        call(&acme, &minted[0], "https://evil.example").await;
        let overview = look(&acme.owner().await).await;
        let day = hours(&acme.owner().await).await;
        assert_eq!(day.len(), HOURS);
        assert!(day.windows(2).all(|pair| pair[1].at.since(pair[0].at) == HOUR), "{day:?}");
        let present = day.last().expect("an hour");
        // The second to fifth refusal of the minute came together in one event, with the sixth.
        assert_eq!((present.minted, present.refused), (3, 6));
        assert_eq!(day.iter().map(|hour| hour.minted).sum::<u64>(), 3, "another tenant's are not counted");
        assert_eq!((overview.live_tokens, overview.ever_minted), (3, true));

        fresh.clock.advance(2 * HOUR);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let later = look(&acme.owner().await).await;
        let day = hours(&acme.owner().await).await;
        assert_eq!((day[HOURS - 3].minted, day[HOURS - 3].refused, later.live_tokens), (3, 6, 0));
        fresh.clock.advance(DAY);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let day = hours(&acme.owner().await).await;
        assert!(day.iter().all(|hour| (hour.minted, hour.refused) == (0, 0)), "{day:?}");
        assert!(look(&acme.owner().await).await.ever_minted);
    }

    async fn what_is_remembered_and_what_is_new_are_one_count(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        let (clinic, theirs) = (acme.organization("clinic").await, other.organization("clinic").await);
        let narrow = acme.op(&acme.organization_member(&acme.organization("branch").await, Role::Viewer).await).await;
        let clinical = acme.op(&acme.organization_member(&clinic, Role::Viewer).await).await;
        let (owner, stranger) = (acme.owner().await, other.owner().await);
        let minted = async |op: &Op| hours(op).await.iter().map(|hour| hour.minted).collect::<Vec<_>>();
        let sum = async |op: &Op| minted(op).await.iter().sum::<u64>();
        let first = acme.token(&owner, &clinic).await;
        other.token(&stranger, &theirs).await;
        assert_eq!((sum(&owner).await, sum(&stranger).await), (1, 1), "just now, and nothing of it has settled");

        // The moment up to which is remembered is the token's own, then one after it: it is counted once on either side.
        fresh.clock.advance(MINUTE);
        assert_eq!(sum(&owner).await, 1);
        fresh.clock.advance(10 * SECOND);
        assert_eq!((sum(&owner).await, sum(&stranger).await), (1, 1));
        call(&acme, &first, "https://evil.example").await;
        acme.token(&owner, &clinic).await;
        assert_eq!((sum(&owner).await, sum(&stranger).await), (2, 1));
        assert_eq!((sum(&clinical).await, sum(&narrow).await), (2, 0), "each has a memory of its own");

        // Another process commits late: what it minted within the minute is seen, what lies further back was counted.
        let late = async |id: &str, ago: i64| {
            let at = acme.core.now().millis() - ago;
            let copy = format!(
                "insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
                 select '{id}', tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, {at}, {at} + 60000
                 from widget_token where id = '{}'", first.id
            );
            assert_eq!(fresh.sql(copy).await, Ok(1));
        };
        late("wtok_000000000000000000000001", MINUTE - 1).await;
        assert_eq!(sum(&owner).await, 3);
        late("wtok_000000000000000000000002", MINUTE + 10 * SECOND).await;
        assert_eq!(sum(&owner).await, 3, "a minute later than a request may be");

        // Within the hour the day is counted anew.
        fresh.clock.advance(HOUR);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let (owner, day) = (acme.owner().await, minted(&acme.owner().await).await);
        assert_eq!((day[HOURS - 2], day[HOURS - 1]), (4, 0), "{day:?}");
        assert_eq!(hours(&owner).await[HOURS - 2].refused, 1);

        // The hour moves to the day's other end, and out of it.
        fresh.clock.advance(22 * HOUR);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        assert_eq!(minted(&acme.owner().await).await[0], 4);
        fresh.clock.advance(59 * MINUTE);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let hours = hours(&acme.owner().await).await;
        assert!(hours.iter().all(|hour| (hour.minted, hour.refused) == (0, 0)), "{hours:?}");
    }

    /// However little one view counts, each goes on where the last one stopped, and what was counted once is shown while it is counted anew.
    async fn a_day_of_millions_is_counted_over_several_views(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let owner = acme.owner().await;
        let token = acme.token(&owner, &clinic).await;
        for _ in 0..6 {
            fresh.clock.advance(10 * SECOND);
            acme.token(&owner, &clinic).await;
        }
        call(&acme, &token, "https://evil.example").await;
        fresh.clock.advance(2 * HOUR);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let owner = acme.owner().await;
        // Three rows at most are read at once, and one piece is all that there is time for.
        let slow = Pace { rows: 3, time: Duration::ZERO };
        let mut views = 1;
        let day = loop {
            let overview = owner.overview_at(slow).await.expect("an overview");
            assert!(overview.ever_minted, "all else is there at once");
            match overview.hours {
                Some(day) => break day,
                None => views += 1,
            }
        };
        // The hours before and after are one piece each, and no piece has three mints.
        assert!((HOURS + 2..HOURS + 60).contains(&views), "{views}");
        assert_eq!(day.iter().map(|hour| hour.minted).sum::<u64>(), 7);
        assert_eq!(day.iter().map(|hour| hour.refused).sum::<u64>(), 1);
        assert_eq!(hours(&owner).await, day, "counted at once it is the same");

        // Another process commits what is two hours old. The day that takes the place of this one has it; until then nothing is missing.
        let late = format!(
            "insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
             select 'wtok_000000000000000000000001', tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at
             from widget_token where id = '{}'", token.id
        );
        assert_eq!(fresh.sql(late).await, Ok(1));
        fresh.clock.advance(HOUR);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let owner = acme.owner().await;
        let mut sums = Vec::new();
        while sums.last() != Some(&8) && sums.len() < 300 {
            let shown = owner.overview_at(slow).await.expect("an overview").hours;
            sums.push(shown.map_or(0, |day| day.iter().map(|hour| hour.minted).sum::<u64>()));
        }
        // The hour that passed is counted first, in a few pieces.
        let counted = sums.iter().position(|sum| *sum > 0).expect("counted");
        assert!(counted < 8, "{sums:?}");
        assert!(sums[counted..sums.len() - 1].iter().all(|sum| *sum == 7) && sums.len() > HOURS, "{sums:?}");
        assert_eq!(sums.last(), Some(&8));
    }

    async fn only_what_the_guard_lets_in_counts_as_alive(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, closed) = (acme.organization("clinic").await, acme.organization("closed").await);
        let owner = acme.owner().await;
        let [revoked, kept] = [acme.token(&owner, &clinic).await, acme.token(&owner, &clinic).await];
        let gone = acme.token(&owner, &closed).await;
        assert_eq!(look(&owner).await.live_tokens, 3);
        owner.revoke_token(&revoked.id, Revocation::default()).await.expect("revoked");
        owner.delete_organization(&closed).await.expect("deleted");
        assert_eq!((acme.lives(&revoked).await, acme.lives(&gone).await, acme.lives(&kept).await), (false, false, true));
        assert_eq!(look(&owner).await.live_tokens, 1);
        fresh.clock.advance(30 * MINUTE);
        assert_eq!(look(&owner).await.live_tokens, 0);
    }

    /// AZ2
    async fn a_role_of_one_organization_sees_no_other_and_nothing_of_the_tenant(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, other) = (acme.organization("clinic").await, acme.organization("other").await);
        let owner = acme.owner().await;
        let token = acme.token(&owner, &other).await;
        call(&acme, &token, "https://evil.example").await;
        let narrow = look(&acme.op(&acme.organization_member(&clinic, Role::Admin).await).await).await;
        assert_eq!((narrow.live_tokens, narrow.ever_minted), (0, false));
        assert!(narrow.hours.expect("counted").iter().all(|hour| (hour.minted, hour.refused) == (0, 0)));
        assert!(narrow.keys.is_none() && narrow.checklist.is_none());
        let theirs = look(&acme.op(&acme.organization_member(&other, Role::Viewer).await).await).await;
        let present = theirs.hours.expect("counted")[HOURS - 1];
        assert_eq!((theirs.live_tokens, present.minted, present.refused), (1, 1, 1));
    }

    async fn the_checklist_ticks_itself_from_data(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let mut done = Vec::new();
        let mut note = async || done.push(ticks(&acme).await.done());
        note().await;
        let asked = NewOrganization { name: "Clinic".into(), ..NewOrganization::default() };
        let clinic = owner.create_organization(asked).await.expect("made").id;
        note().await;
        owner.add_origin(&clinic, &NewOrigin { origin: PAGE.into() }).await.expect("added");
        note().await;
        let token = acme.token(&owner, &clinic).await;
        note().await;
        call(&acme, &token, PAGE).await;
        note().await;
        owner.revoke_token(&token.id, Revocation::default()).await.expect("revoked");
        note().await;
        acme.api_key(Role::Admin, None).await;
        note().await;
        assert_eq!(done, [0, 1, 2, 3, 4, 5, 6]);

        let refused = acme.op(&acme.member(Role::Member).await).await.update_tenant(TenantChange { hide_checklist: Some(true), ..Default::default() }).await;
        assert_eq!(refused.err().map(|error| error.code()), Some(Code::InsufficientRole));
        owner.update_tenant(TenantChange { hide_checklist: Some(true), ..Default::default() }).await.expect("hidden");
        assert_eq!(look(&owner).await.checklist, None);
    }

    async fn a_second_member_ticks_the_last_step_as_well(fresh) {
        let acme = fresh.tenant("acme").await;
        assert!(!ticks(&acme).await.company);
        acme.member(Role::Viewer).await;
        assert!(ticks(&acme).await.company);
    }

    async fn the_keys_say_when_the_next_one_is_ready(fresh) {
        let acme = fresh.tenant("acme").await;
        let keys = look(&acme.op(&acme.member(Role::Viewer).await).await).await.keys.expect("keys");
        let (active, next) = (keys.active.expect("an active key"), keys.next.expect("a next key"));
        assert!(active.activated_at.is_some());
        assert_eq!(keys.next_ready_at, Some(next.created_at.plus(5 * MINUTE)));
        assert_eq!(keys.retiring, 0);
    }
}
