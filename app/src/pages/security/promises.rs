//! What Mintmark promises, in plain words, each with the tests that keep it.
//!
//! Longer than most because it is the text of a page. A test of the house asserts that every test named here exists.

use super::{customers::CUSTOMERS, sdk::SDK};

/// One promise.
#[derive(Debug, Clone, Copy)]
pub struct Promise {
    /// In one or two sentences.
    pub says: &'static str,
    /// The requirements that it answers, by their ids.
    pub ids: &'static [&'static str],
    /// The names of tests that fail once it is broken.
    pub tests: &'static [&'static str],
}

/// Promises of one subject.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// For links to it.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it is about.
    pub intro: &'static str,
    /// The promises.
    pub promises: &'static [Promise],
}

pub(super) const fn promise(says: &'static str, ids: &'static [&'static str], tests: &'static [&'static str]) -> Promise {
    Promise { says, ids, tests }
}

/// In reading order.
pub const PARTS: &[Part] = &[
    Part {
        id: "tokens",
        title: "What a widget token is",
        intro: "A widget token is a signed JWT that a page of your customer carries. Assume that it is stolen: everything about it is made so that a stolen one is worth little, and for a short time.",
        promises: &[
            promise(
                "It lives an hour at most. Longer lives are cut to that, and the database refuses a row that lives longer.",
                &["RV6", "RV7"],
                &["a_life_is_clamped_and_the_row_says_the_same", "the_database_itself_refuses_a_longer_life_a_revival_and_an_early_end"],
            ),
            promise(
                "It reads and writes one organization, from the origins it names, within the scopes it names, and opens no other door: not the management API, not the dashboard, not the routes of another kind of token.",
                &["JW8", "AZ6"],
                &["a_widget_token_elsewhere_is_403_whatever_the_route", "another_kind_is_named_as_such", "each_sub_tree_needs_its_scope"],
            ),
            promise(
                "Its text is shown once. It is not stored, not listed, not logged and not in history; neither is its signature.",
                &["RV8"],
                &["the_text_of_a_token_is_kept_nowhere", "the_log_has_the_request_id_and_no_secret_and_sigterm_ends_in_order"],
            ),
            promise(
                "Only a signature by one of the tenant's own live keys is believed. The algorithm comes from our record of the key, never from the token; keys, addresses and extensions that a token brings along are refused.",
                &["JW1", "JW3", "JW4", "JW5", "JW6", "JW12", "JW14"],
                &[
                    "every_signature_vector_is_judged_right",
                    "no_other_algorithm_is_believed",
                    "the_public_half_is_no_secret",
                    "headers_that_bring_keys_or_meanings_are_refused",
                    "strange_key_ids_are_refused",
                    "no_flipped_bit_is_accepted",
                ],
            ),
            promise(
                "Kind, issuer, audience and times match exactly, or nothing does: a token of one tenant or one kind never passes for another's.",
                &["JW7", "JW9", "JW10", "JW11"],
                &[
                    "only_the_exact_type_passes",
                    "audience_and_issuer_match_exactly",
                    "times_are_what_they_must_be",
                    "malformed_tokens_are_refused",
                ],
            ),
            promise(
                "The inspector walks a pasted token through the very steps of the guard, and tells you of your own tenant's tokens only. The text is judged and forgotten, and looking counts neither as a use nor as a refusal.",
                &["WB6"],
                &[
                    "the_walk_and_the_guard_are_of_one_mind",
                    "a_foreign_token_is_not_of_this_tenant_and_nothing_more",
                    "a_walk_leaves_no_trace",
                ],
            ),
        ],
    },
    Part {
        id: "revocation",
        title: "Revocation",
        intro: "Every call of a widget reads the token's row, its key, its tenant and its organization from the database, in one statement, on that very call. A verified signature may be remembered; whether a token is alive never is.",
        promises: &[
            promise(
                "Once a revocation is answered, no further call is let in: not by this process, nor by another on the same database.",
                &["RV1", "RV2"],
                &[
                    "a_revoked_token_is_refused_at_once",
                    "another_process_refuses_it_as_well",
                    "a_token_works_until_it_is_revoked_and_not_one_call_longer",
                ],
            ),
            promise(
                "A revoked token stays revoked. The first end stands with its reason; pressing again changes nothing.",
                &["RV3", "RV6"],
                &["revoking_again_changes_nothing", "many_are_revoked_by_filter"],
            ),
            promise(
                "When the database cannot answer, a call is refused with 503. Nothing is ever guessed.",
                &["RV4"],
                &["a_store_that_is_gone_is_unavailable"],
            ),
            promise(
                "What was answered is durable. A client that hangs up, a timeout or a crash afterwards loses nothing, and what cannot be recorded in history is not done.",
                &["RV10", "AU3"],
                &[
                    "a_caller_that_hangs_up_cancels_nothing",
                    "a_transaction_dropped_before_its_commit_leaves_nothing",
                    "what_cannot_be_recorded_is_not_done",
                ],
            ),
            promise(
                "A clock that is set back revives nothing: expiry is judged at the later of the clock and the highest time that the database has seen.",
                &["RV11"],
                &["a_token_is_dead_at_its_very_expiry_and_stays_so", "a_clock_that_fell_behind_what_the_database_saw_is_told"],
            ),
        ],
    },
    Part {
        id: "origins",
        title: "Origins",
        intro: "An origin is a scheme, a host and a port. It is no secret and no proof of who a person is; it ties a token to the pages that you named, as far as a browser tells the truth about itself.",
        promises: &[
            promise(
                "An origin matches by equality alone: no wildcard, no sub-domain, no suffix, no other port.",
                &["OR1", "OR2"],
                &["everything_else_is_refused", "only_the_very_origin_matches", "accepted_origins_are_stored_as_browsers_send_them"],
            ),
            promise(
                "A call that says no origin at all is refused; where a browser sends only the referrer, the referrer's origin counts.",
                &["OR3"],
                &["a_referer_counts_by_its_origin_only", "only_the_tokens_own_page_reads_a_good_answer"],
            ),
            promise(
                "Only the page that was checked can read a good answer. The management API and the dashboard can be read by no other page.",
                &["OR4"],
                &[
                    "errors_are_readable_anywhere_and_successes_only_where_it_was_checked",
                    "public_keys_are_for_everybody_and_management_for_no_page",
                ],
            ),
            promise(
                "An embed key stands in a page, so it is no secret: it shows what is published, to pages of the origins on its own list, and by itself opens nothing else. One that is unknown, disabled or replaced is refused alike, at the next call.",
                &["OR2", "OR5"],
                &[
                    "only_a_page_of_a_listed_origin_is_shown_anything",
                    "a_page_is_shown_what_is_published_and_nothing_else",
                    "a_key_that_ended_is_refused_like_one_that_never_was",
                    "what_was_read_before_a_change_is_not_taken_up_after_it",
                ],
            ),
            promise(
                "A bridge token, which your backend signs, opens one session, once, in whatever process it arrives, and the customer it names is written down exactly once. Its algorithm is the key's, its life ten minutes at most, and what it says wrongly lets nobody in.",
                &["JW3", "JW4", "JW15", "JW16", "JW17"],
                &[
                    "a_token_opens_one_session_and_a_first_sight_makes_one_customer",
                    "no_other_key_or_algorithm_is_believed",
                    "a_claim_that_is_wrong_lets_nobody_in_and_is_named",
                    "only_strong_public_keys_are_taken",
                    "a_modulus_of_the_weak_generator_is_refused",
                ],
            ),
            promise(
                "A customer's session lives for an hour, is refreshed for twelve at most, is used from pages of its embed key only, and dies at the next call with whatever it came through.",
                &["JW8", "OR2", "RV5"],
                &[
                    "a_refresh_goes_on_for_an_hour_and_never_past_twelve",
                    "a_session_is_used_from_pages_of_its_embed_key_only",
                    "what_a_session_came_through_takes_it_along",
                    "each_kind_opens_its_own_surface_only",
                ],
            ),
            promise(
                "An identity token says for fifteen minutes whom your backend named, and only the platform signs it. What is wrong with a verification secret is never told apart, and no stranger's guesses lock you out. Once expired, a token is nobody's; a forged, foreign or revoked one is refused and told to history.",
                &["ID1", "ID2", "ID3", "ID4", "ID5", "ID6", "ID7"],
                &[
                    "whatever_is_wrong_with_a_secret_is_one_refusal",
                    "a_stranger_who_guesses_is_slowed_down_and_the_tenant_is_not",
                    "a_rotation_overlaps_until_the_set_time",
                    "a_revoked_secret_takes_what_it_bought_along",
                    "an_expired_token_is_anonymous_and_says_so",
                    "a_forged_a_foreign_and_a_dead_token_are_refused_and_told",
                    "a_bearer_learns_of_its_own_token_and_nothing_of_other_kinds",
                ],
            ),
            promise(
                "A customer who is deleted leaves an id that says nothing: their data is in no table and in no line of history.",
                &[],
                &["a_deleted_customer_leaves_nothing_but_an_id"],
            ),
        ],
    },
    CUSTOMERS,
    SDK,
    Part {
        id: "keys",
        title: "Keys",
        intro: "Each tenant has its own signing keys. Their public halves are published; their private halves are sealed with AES-256-GCM under a master key that lies outside of the database.",
        promises: &[
            promise(
                "A sealed key opens for its own tenant and under its own master key only, so a copy of the database signs nothing.",
                &["KY1", "KY4"],
                &[
                    "a_sealed_value_opens_only_for_its_owner_and_under_its_key",
                    "a_sealed_half_in_the_row_of_another_key_opens_for_nobody",
                    "a_sealed_secret_in_the_row_of_another_key_opens_for_nobody",
                    "a_sealed_secret_in_the_row_of_another_person_lets_nobody_in",
                    "a_wrong_or_missing_master_key_refuses_to_open",
                    "a_rotated_master_key_opens_everything",
                ],
            ),
            promise(
                "A rotation refuses nothing that is good: the next key is published before it signs, and the old one stays published until its last token has expired.",
                &["KY2", "KY3"],
                &[
                    "tokens_of_the_old_key_stay_good_through_a_rotation",
                    "a page goes on working while the signing key is rotated, and stops when its key is revoked",
                ],
            ),
            promise(
                "Secrets of API keys and links are 256 random bits, stored as a hash only. An id in place of a secret is worth nothing.",
                &["KY6", "KY8"],
                &[
                    "nothing_but_the_key_itself_is_let_in",
                    "a_secret_has_prefix_body_and_checksum",
                    "base62_is_the_number_itself",
                    "secrets_made_in_parallel_are_all_different",
                ],
            ),
            promise(
                "Files that others on the machine could read are refused or mended at the start.",
                &["KY7"],
                &["a_key_file_that_others_can_read_is_refused_and_a_loose_folder_mended"],
            ),
        ],
    },
    Part {
        id: "people",
        title: "People and tenants",
        intro: "Every read and every write asks one policy for a permission, in one place. Pages only show what it says.",
        promises: &[
            promise(
                "What belongs to another tenant does not exist: it answers exactly as something that never was.",
                &["AZ1", "AZ2", "AZ9"],
                &[
                    "another_tenant_is_as_absent_as_one_that_never_was",
                    "an_organization_of_another_tenant_is_not_found",
                    "every_cell_of_the_matrix_is_as_written",
                ],
            ),
            promise(
                "Every HTTP route and every server function has a written row saying who may call it; one without a row fails the build.",
                &["AZ1"],
                &["every_route_has_a_row_and_every_row_a_route", "every_server_function_has_a_row_and_every_row_a_function"],
            ),
            promise(
                "A role that is lost is lost on the next request, also for what was under way. The last owner cannot leave.",
                &["AZ4", "AZ5"],
                &[
                    "a_demotion_holds_at_the_next_request",
                    "a_mint_under_way_does_not_outlive_the_right",
                    "the_last_owner_can_neither_be_demoted_nor_removed_nor_leave",
                ],
            ),
            promise(
                "Passwords are hashed with Argon2id and checked against known ones. A stranger who guesses slows down strangers, not the owner's own device, and learns nothing about which accounts exist.",
                &["SE5", "SE6", "SE7", "SE8"],
                &[
                    "weak_passwords_are_refused_and_long_ones_are_not_cut",
                    "an_unknown_user_costs_exactly_one_hash_and_gets_the_same_answer",
                    "a_stranger_cannot_lock_out_a_known_device",
                ],
            ),
            promise(
                "The session cookie is bound to the host, out of reach of scripts, stored as a hash, ended by the server, and changed whenever presence is proved. What can do most harm asks for the password or a code again after five minutes.",
                &["SE1", "SE2", "SE3", "SE4", "SE10"],
                &[
                    "the_cookie_is_bound_to_its_host_and_out_of_reach_of_scripts",
                    "a_planted_cookie_is_never_adopted",
                    "a_session_that_ended_is_never_revived",
                    "a_session_ends_after_an_idle_hour_and_after_a_day",
                    "presence_is_proved_again_after_five_minutes_under_a_new_cookie",
                ],
            ),
            promise(
                "There is no default account: the set-up link works once, for half an hour, and of two that are pressed at once one wins.",
                &["SE9"],
                &["parallel_set_ups_make_one_owner", "a_set_up_link_is_late_after_half_an_hour_and_void_after_an_owner"],
            ),
        ],
    },
    Part {
        id: "history",
        title: "History",
        intro: "Each change writes one event in its own transaction. Each event carries the hash of the one before it, and the end of each chain is signed with a key that is not in the database.",
        promises: &[
            promise(
                "Nobody edits history through this program; the database itself refuses to change or delete a row within the retention.",
                &["AU2"],
                &["direct_sql_can_neither_change_nor_delete_history", "what_is_past_its_retention_goes_and_the_rest_stays_proven"],
            ),
            promise(
                "Whoever edits it past those refusals is found: \"mintmark audit verify\" names the first row that was edited, deleted, swapped, inserted or cut off.",
                &["AU2"],
                &[
                    "an_edit_is_told",
                    "a_deletion_is_told",
                    "a_swap_is_told",
                    "an_insertion_is_told",
                    "a_cut_is_told_even_when_the_recorded_end_was_moved",
                    "a_signature_holds_for_its_own_place_of_its_own_chain",
                ],
            ),
            promise(
                "Refusals, failed sign-ins and forgeries are told as well, gathered by the minute so that a flood cannot drown the rest.",
                &["AU7"],
                &["a_flood_of_refusals_is_one_event_a_minute_with_their_count", "failed_sign_ins_reach_history_once_with_their_count"],
            ),
            promise(
                "Members read it within their reach, viewers do not. An export is itself an event, and a cell that a spreadsheet would run is made text.",
                &["AU4", "AU5", "AU6"],
                &[
                    "history_is_read_by_members_within_their_reach",
                    "an_export_is_recorded_with_its_filter_before_its_first_byte",
                    "a_cell_that_starts_like_a_formula_is_text",
                    "whatever_a_name_holds_an_event_is_one_line",
                ],
            ),
        ],
    },
    Part {
        id: "web",
        title: "The web surface",
        intro: "The dashboard loads nothing from elsewhere and can be framed by nobody. Its policy is \"default-src 'none'\", with scripts by a fresh nonce only, style sheets and fonts from itself, and no inline style.",
        promises: &[
            promise(
                "Every answer bears its headers: a content security policy, nosniff, a referrer policy, opener and resource policies, no caching; under TLS also HSTS for two years.",
                &["WB3", "WB7"],
                &[
                    "each_page_has_a_policy_with_a_fresh_nonce",
                    "every_kind_of_answer_bears_the_security_headers",
                    "under_https_browsers_are_told_to_stay_there",
                ],
            ),
            promise(
                "No other site can make a browser act for its user. Unsafe requests say that they come from this very site, or are refused; the API never looks at a cookie.",
                &["WB1"],
                &[
                    "an_unsafe_request_of_another_site_is_refused_wherever_a_cookie_might_come_along",
                    "no_other_surface_reads_or_writes_the_cookie",
                ],
            ),
            promise(
                "What people type is text wherever it is shown.",
                &["WB4"],
                &["what_a_person_typed_is_text", "a_sentence_in_an_address_is_never_shown"],
            ),
            promise(
                "An error says a stable code and a request id, and nothing of the inside.",
                &["WB8"],
                &["an_unknown_route_and_an_unknown_method_have_the_shape_of_every_error", "a_panic_is_a_500_and_ends_nothing"],
            ),
            promise(
                "Slow, large, compressed and malformed requests are given up early, and one client cannot hold all connections.",
                &["DS1", "DS2", "DS3", "DS4"],
                &[
                    "a_body_over_64_kib_is_413_with_a_length_and_without",
                    "hostile_json_is_4xx_and_names_the_field_where_there_is_one",
                    "half_a_head_and_silence_are_closed",
                    "a_client_with_too_many_connections_gets_no_further_one",
                ],
            ),
        ],
    },
];
