//! What each removal ends, on the next call of what it ends (RV5). Each row is tested.

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Removal {
    /// What somebody does.
    pub change: &'static str,
    /// What ends by it.
    pub ends: &'static str,
    /// What one might think ends, and does not.
    pub stays: &'static str,
    /// The tests of this row.
    pub tests: &'static [&'static str],
}

const fn row(change: &'static str, ends: &'static str, stays: &'static str, tests: &'static [&'static str]) -> Removal {
    Removal { change, ends, stays, tests }
}

/// From the smallest to the largest.
pub const REMOVALS: &[Removal] = &[
    row("Widget token revoked", "That token", "Everything else", &["a_revoked_token_is_refused_at_once"]),
    row(
        "Origin removed",
        "Live tokens that name it, in the same transaction",
        "Those tokens, if you untick it in the dialog",
        &["a_removed_origin_ends_the_tokens_that_name_it", "a_mint_loses_against_a_removed_origin"],
    ),
    row(
        "Organization deleted",
        "Its tokens, invitations, API keys that are bound to it, and roles in it. Its id and slug are never used again",
        "History, and its rows until the retention is over",
        &[
            "a_deleted_organization_ends_its_tokens",
            "an_invitation_is_void_when_the_inviter_lost_the_right",
            "a_revoked_key_and_its_tokens_are_refused_at_once",
            "a_deleted_organization_takes_its_roles_along_and_keeps_its_slug",
        ],
    ),
    row(
        "Signing key revoked",
        "All that it signed: widget tokens, customers' sessions and what browsers keep of them, identity tokens, dashboard JWTs. The next key takes over in the same transaction",
        "What other keys signed",
        &[
            "a_revoked_key_ends_all_that_it_signed",
            "a_revoked_signing_key_takes_it_along",
            "what_another_process_ends_meanwhile_is_neither_refreshed_nor_kept",
            "a_dashboard_jwt_ends_with_its_hour_its_key_and_its_user",
        ],
    ),
    row(
        "Signing keys rotated",
        "Nothing",
        "What the old key signed, until each token's own end",
        &["tokens_of_the_old_key_stay_good_through_a_rotation"],
    ),
    row(
        "API key revoked",
        "The key, and the live tokens that it minted",
        "Tokens of other keys and of people",
        &[
            "a_revoked_key_and_its_tokens_are_refused_at_once",
            "a_mint_under_way_does_not_outlive_the_key",
            "an_api_key_that_another_process_revokes_mints_nothing_more",
        ],
    ),
    row(
        "API key rotated",
        "The old key, at the planned end",
        "The tokens that it minted: each lives to its own end",
        &["a_rotation_overlaps_and_spares_tokens"],
    ),
    row(
        "Embed key disabled",
        "What pages that carry it may call, until it is enabled again; for good, the sessions that began in them and what browsers keep of those",
        "Conversations, which go on when it is enabled again",
        &[
            "a_disabled_key_ends_what_began_in_its_pages",
            "what_came_through_a_key_before_it_was_let_in_again_stays_ended",
            "a_crowd_of_sessions_ends_with_what_it_came_through",
        ],
    ),
    row(
        "Bridge key revoked",
        "Bridge tokens that it signs, and every session that it vouched for",
        "Sessions of other keys; customers",
        &["what_a_session_came_through_takes_it_along", "a_crowd_of_sessions_ends_with_what_it_came_through"],
    ),
    row(
        "Verification secret revoked",
        "The secret, and the identity tokens that it bought",
        "What other secrets bought",
        &["a_revoked_secret_takes_what_it_bought_along", "a_crowd_of_identity_tokens_ends_with_its_secret"],
    ),
    row(
        "Product deleted",
        "Its embed keys, bridge keys and verification secrets, what they opened and bought, and its conversations, which are erased",
        "Customers, who may use other products; history",
        &[
            "what_a_session_came_through_takes_it_along",
            "a_deleted_product_restores_nobody",
            "a_token_ends_with_its_customer_and_its_product",
            "conversations_end_with_what_they_came_through",
        ],
    ),
    row(
        "Customer banned or erased",
        "Their sessions, what browsers keep of those, and tokens that name them. Of an erased one nothing is left but an id in history",
        "Of a banned one, who they are, until the ban is lifted",
        &[
            "a_banned_customer_is_out_at_once_and_comes_in_no_more",
            "a_customer_who_is_banned_or_erased_takes_their_tokens_along",
            "an_erased_customer_leaves_no_word",
        ],
    ),
    row(
        "Member removed",
        "Their access, in every session of theirs, and the live tokens that they minted",
        "Those tokens, if you untick it in the dialog; their account, which may belong to other tenants",
        &["a_removal_ends_sessions_and_minted_tokens", "a_mint_under_way_does_not_outlive_the_right"],
    ),
    row(
        "Member demoted below admin",
        "What they may do, on their next request, and the live tokens that they could mint no more",
        "Those tokens, if you untick it in the dialog; their sessions, with the lesser role",
        &["a_demotion_ends_the_tokens_that_could_not_be_minted_any_more", "a_demotion_holds_at_the_next_request"],
    ),
    row(
        "Invitation withdrawn, or its inviter's right lost",
        "The link",
        "The membership, if it was accepted before",
        &["a_late_withdrawn_or_replaced_invitation_is_refused", "an_invitation_is_void_when_the_inviter_lost_the_right"],
    ),
    row(
        "Signed out, or session ended from elsewhere",
        "That session",
        "Other sessions",
        &["signing_out_ends_the_session_here_and_in_the_browser", "sessions_are_listed_and_ended_by_their_owner_only"],
    ),
    row(
        "Password changed",
        "Every other session of that person",
        "The session that changed it, under a new cookie",
        &["a_password_change_ends_the_other_sessions"],
    ),
    row(
        "Account reset",
        "Every session of that person, the second factor and the old password",
        "Memberships",
        &["a_reset_link_works_once_and_ends_sessions_and_delays"],
    ),
    row(
        "\"Revoke everything\"",
        "All that the tenant issued before: widget tokens, API keys, sessions of members, invitations, reset links",
        "The session that pressed it; members, roles, passwords, second factors; organizations, origins, signing keys, history",
        &["revoke_everything_spares_only_the_session_that_pressed_it", "a_moved_not_before_and_a_suspension_end_everything"],
    ),
];
