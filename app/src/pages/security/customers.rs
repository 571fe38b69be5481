//! What is promised of the people in front of embedding pages: a part of the page's text.

use super::promises::{Part, promise};

/// Embed keys, bridge tokens, magic links, sessions.
pub(super) const CUSTOMERS: Part = Part {
    id: "customers",
    title: "Customers and their sessions",
    intro: "A page learns who is in front of it in one of three ways: your backend signs a bridge token, the person reads a mail and comes back, or they sign in in a window of Mintmark's own. Each opens a session of an hour at most that is read anew, with all that it came through, on every call.",
    promises: &[
        promise(
            "An embed key is no secret, and opens nothing by itself but what is published, to pages of the origins on its own list. A key that ended is refused like one that never was.",
            &["OR5"],
            &[
                "a_page_is_shown_what_is_published_and_nothing_else",
                "only_a_page_of_a_listed_origin_is_shown_anything",
                "a_key_that_ended_is_refused_like_one_that_never_was",
            ],
        ),
        promise(
            "A bridge token opens one session, once, in every process and across restarts, and lives ten minutes at most. Its algorithm is that of the key's record. A hundred first sights of somebody make one customer.",
            &["JW15", "JW16"],
            &[
                "a_token_opens_one_session_and_a_first_sight_makes_one_customer",
                "a_claim_that_is_wrong_lets_nobody_in_and_is_named",
                "no_other_key_or_algorithm_is_believed",
            ],
        ),
        promise(
            "Whoever asks for a magic link is answered the same, byte for byte, whoever they are. The mail goes to a customer's own verified address, at most five times an hour, and a client is heard ten times a minute.",
            &["ML1", "ML3", "ML9"],
            &[
                "every_request_is_answered_by_the_same_bytes",
                "whoever_asks_is_answered_alike_and_only_the_customer_is_written_to",
                "a_hundred_at_once_over_two_processes_are_five_mails",
                "of_a_client_ten_a_minute_are_heard",
            ],
        ),
        promise(
            "A link is kept as a hash, works once and for fifteen minutes, and leads to the page that asked, of an origin on the key's list; no header and no address shapes it. What mail scanners open stays unused.",
            &["ML4", "ML5", "ML6", "ML7", "ML8"],
            &[
                "a_link_is_kept_as_a_hash_and_is_dead_after_its_time_and_after_its_use",
                "of_twenty_who_redeem_a_link_in_two_processes_one_is_signed_in",
                "a_link_is_opened_by_scanners_and_redeemed_by_the_person",
                "no_header_and_no_foreign_address_shapes_a_link",
            ],
        ),
        promise(
            "The sign-in window answers the page that opened it, if that is on the key's list, and nobody else, whatever that page claims. It reads and sets no cookie, nobody frames it, and it alone keeps its opener.",
            &["OR2", "WB1", "WB4"],
            &[
                "a_page_that_is_not_on_the_list_opens_nothing",
                "a_listed_page_opens_the_window_and_only_the_window_keeps_its_opener",
                "no_other_answer_keeps_its_opener",
                "only_the_window_itself_calls",
                "state_names_and_looks_are_inert",
            ],
        ),
        promise(
            "A link that the window asked for works in that window and in no other: opened on another device, or sent on by somebody who asked for it, it signs nobody in and is not used up.",
            &["ML4", "ML6"],
            &["no_other_window_and_no_page_redeems_it_nor_uses_it_up", "the_switch_is_off_at_first_and_counts_at_every_step"],
        ),
        promise(
            "After a sign-in in the window a token lives for fifteen minutes and is refreshed once. A copy that is refreshed ends the session, in every process.",
            &[],
            &[
                "a_sign_in_lasts_a_quarter_of_an_hour_at_a_time",
                "a_token_that_was_refreshed_is_good_for_calls_and_for_nothing_else",
                "twenty_who_refresh_one_token_in_two_processes_hold_one_chain",
                "signing_out_everywhere_ends_all_of_a_customer_and_nobody_else",
            ],
        ),
        promise(
            "Where a product keeps visitors signed in across reloads, their browser holds 256 random bits in a cookie that no script reads, bound to this host and partitioned by the site around our frame. Only pages of the key's origins frame it, it answers its own page alone, and nothing else here reads that cookie.",
            &["OR7", "OR8", "OR11", "WB1"],
            &[
                "pages_of_the_keys_origins_may_frame_it_and_nobody_else",
                "the_cookie_is_bound_to_its_host_partitioned_and_as_long_as_the_session",
                "only_the_frame_itself_calls_and_only_its_own_cookie_counts",
                "the_dashboard_and_every_other_surface_are_blind_to_it",
                "a thousand strange words, and right ones of others, change nothing",
                "a browser that takes no cookies of other sites keeps this one, which other sites do not see",
            ],
        ),
        promise(
            "What is kept ends with the sign-in that it came from: twelve hours after its beginning at the latest, and with the end of any of its sessions. A reload brings back nothing that you ended. Each reload replaces what the cookie holds; a copy ends the sign-in.",
            &["RV3", "RV5"],
            &[
                "a_reload_opens_a_session_anew_and_never_past_the_end_of_the_first",
                "an_admin_ends_a_session_that_a_reload_would_bring_back",
                "what_a_kept_sign_in_hangs_on_takes_it_along",
                "an_end_and_a_restore_at_once_in_two_processes_leave_nothing_open",
                "a_copy_of_what_a_browser_kept_ends_the_sign_in_once",
            ],
        ),
        promise(
            "Nobody's account bears a password that a stranger chose. A sign-up counts when whoever reads the mail also knows its password; for an address that has an account, what was typed is forgotten, and the mail leads to a password that its reader chooses.",
            &[],
            &[
                "a_strangers_sign_up_puts_no_password_on_anybodys_account",
                "a_sign_up_meets_who_came_meanwhile",
                "two_sign_ups_with_one_address_make_one_customer",
                "the_password_of_a_sign_up_is_not_guessed_with_its_link",
            ],
        ),
        promise(
            "Signing up, signing in and asking for a new password never tell whose address it is: one answer, one hash, whoever it is, a banned customer too. Hashes are made under the dashboard's own cap, and no stranger's guesses keep a customer from the link in a mail.",
            &["SE5", "SE6", "SE7", "SE8"],
            &[
                "whatever_is_wrong_costs_and_answers_the_same",
                "an_answer_never_tells_whose_address_it_is",
                "whoever_signs_up_or_forgot_a_password_is_answered_alike",
                "customers_hash_under_the_cap_of_the_dashboard",
                "a_stranger_locks_nobody_out",
            ],
        ),
        promise(
            "A new password ends every session of its customer and is told to them. Its link is kept as a hash, works once and for fifteen minutes, and only the form behind it uses it up.",
            &["ML4", "ML6"],
            &[
                "a_new_password_ends_every_session_and_is_told",
                "a_link_is_kept_as_a_hash_and_is_dead_after_its_time_and_its_use",
                "of_twenty_who_redeem_a_link_in_two_processes_one_does",
                "a_password_is_had_proved_used_and_set_anew_through_the_window",
            ],
        ),
        promise(
            "What a session came through takes it along: the customer, the embed key, the bridge key, the product. Nobody's session is used from another key's pages, and none lives past twelve hours.",
            &["OR4"],
            &[
                "what_a_session_came_through_takes_it_along",
                "a_session_is_used_from_pages_of_its_embed_key_only",
                "a_refresh_goes_on_for_an_hour_and_never_past_twelve",
            ],
        ),
        promise(
            "A widget token for a customer is exactly what was asked, or nothing: the role that they hold in that organization needs to allow all of it. What a role loses is refused at the next call, in every process.",
            &["K4", "K5"],
            &[
                "a_token_for_a_customer_is_exactly_what_was_asked_or_nothing",
                "what_a_role_loses_is_refused_at_the_next_call_in_every_process",
                "a_retry_gives_no_token_back_that_the_role_no_longer_allows",
            ],
        ),
        promise(
            "Who writes in a conversation is proved with each message. A token that expired in the middle leaves the message without a name; one that is forged, revoked or of another product keeps nothing. Only the conversation's own secret, which the page alone has, continues and reads it, and it has one customer at most.",
            &["ID5", "AZ2"],
            &[
                "a_conversation_goes_on_whoever_is_known_in_it",
                "a_forged_a_foreign_and_a_revoked_identity_write_nothing",
                "whoever_has_not_the_secret_finds_nothing",
                "a_conversation_has_one_customer",
            ],
        ),
        promise(
            "What visitors write is kept for as long as the product says, is in no history and no log, and goes with the customer who wrote it. Viewers do not read it.",
            &[],
            &[
                "a_conversation_ends_with_its_days",
                "an_erased_customer_leaves_no_word",
                "neither_the_secret_nor_a_word_is_anywhere_else",
                "viewers_read_nothing_and_members_answer_nothing",
            ],
        ),
        promise(
            "A customer who is deleted leaves an id that says nothing: no name, no address, no note, in no table and no mail.",
            &[],
            &[
                "an_erased_customer_leaves_neither_link_nor_address",
                "what_takes_a_password_away_counts_at_once",
                "purged_test_customers_leave_neither_link_nor_address",
            ],
        ),
    ],
};
