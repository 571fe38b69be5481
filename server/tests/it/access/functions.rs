//! The written policy of every server function: what it answers to whom (AZ1). A function without a row fails.

use super::targets::{Target, number};
use crate::{
    browser::Browser,
    house::{Caller, House},
};
use leptos::server_fn::axum::server_fn_paths;
use mintmark::{Limit, audit::HistoryFilter, on_each_engine, testing::PASSWORD};
use std::collections::BTreeSet;

/// One function on one kind of target. `form` is what its form sends; `{id}` is the target (`{origin}` one of its origins), `{organization}` and `{sibling}` are acme's, `{n}`
/// is a number that nobody else has. `cells` are the statuses in the order of `PEOPLE`.
struct Row {
    function: &'static str,
    target: Target,
    form: &'static str,
    cells: [u16; 7],
}

/// Who has a browser. The owner of the other tenant knocks at acme's door.
const PEOPLE: [Caller; 7] =
    [Caller::Stranger, Caller::Viewer, Caller::Member, Caller::Admin, Caller::Owner, Caller::OrganizationAdmin, Caller::OtherOwner];

macro_rules! rows {
    ($($function:literal $target:ident $form:literal => $cells:tt;)+) => {
        &[$(Row { function: $function, target: Target::$target, form: $form, cells: $cells },)+]
    };
}

/// Function, target, form, and the statuses of stranger, viewer, member, admin, owner, organization's admin, other tenant's owner.
#[rustfmt::skip]
const ROWS: &[Row] = rows! {
    // Nobody need be signed in.
    "sign_in" None "email=owner@acme.example&password={password}"               => [200, 200, 200, 200, 200, 200, 200];
    "finish_sign_in" None "code=000000"                                         => [401, 401, 401, 401, 401, 401, 401];
    "sign_out" None ""                                                          => [200, 200, 200, 200, 200, 200, 200];

    "whereabouts" None ""                                                       => [200, 200, 200, 200, 200, 200, 200];

    // The secret of a link is the credential, and nobody here has one.
    "set_up_link" None "token=setup_x"                                          => [404, 404, 404, 404, 404, 404, 404];
    "set_up" None "token=setup_x&tenant_name=A&slug=a&name=A&email=a@a.example&password={password}" => [404, 404, 404, 404, 404, 404, 404];
    "invitation_link" None "token=invite_x"                                     => [404, 404, 404, 404, 404, 404, 404];
    "accept_invitation" None "token=invite_x"                                   => [404, 404, 404, 404, 404, 404, 404];
    "reset_link" None "token=reset_x"                                           => [404, 404, 404, 404, 404, 404, 404];
    "reset_account" None "token=reset_x&password={password}"                    => [404, 404, 404, 404, 404, 404, 404];

    // For whoever is signed in and a member.
    "standing" None "tenant=acme"                                               => [401, 200, 200, 200, 200, 200, 404];

    // History is not for viewers (AU4); everybody knows whom to ask.
    "list_history" None "tenant=acme"                                           => [401, 403, 200, 200, 200, 200, 404];
    "list_refusals" None "tenant=acme"                                          => [401, 403, 200, 200, 200, 200, 404];
    "history_names" None "tenant=acme"                                          => [401, 200, 200, 200, 200, 200, 404];
    "whom_to_ask" None "tenant=acme"                                            => [401, 200, 200, 200, 200, 200, 404];
    "show_overview" None "tenant=acme"                                          => [401, 200, 200, 200, 200, 200, 404];

    // The tenant's own settings.
    "show_settings" None "tenant=acme"                                          => [401, 200, 200, 200, 200, 403, 404];
    "rename_tenant" None "tenant=acme&name=Acme{n}"                             => [401, 403, 403, 200, 200, 403, 404];
    "set_token_lives" None "tenant=acme&default_ttl_seconds=600&max_ttl_seconds=900" => [401, 403, 403, 200, 200, 403, 404];
    "set_retention" None "tenant=acme&retention_days=90"                        => [401, 403, 403, 200, 200, 403, 404];
    "hide_checklist" None "tenant=acme&hide=true"                               => [401, 403, 403, 200, 200, 403, 404];
    // With a wrong name, because the right one would end everybody here; only an owner gets as far as the name.
    "revoke_everything" None "tenant=acme&confirm=nobody"                       => [401, 403, 403, 403, 422, 403, 404];
    "confirm_with_password" None "tenant=acme&password={password}&return_to="   => [401, 200, 200, 200, 200, 200, 404];
    "profile" None "tenant=acme"                                                => [401, 200, 200, 200, 200, 200, 404];
    "rename_self" None "tenant=acme&name=Somebody"                              => [401, 200, 200, 200, 200, 200, 404];
    "change_password" None "tenant=acme&current_password={password}&new_password=password" => [401, 422, 422, 422, 422, 422, 404];
    "begin_second_factor" None "tenant=acme"                                    => [401, 200, 200, 200, 200, 200, 404];
    "confirm_second_factor" None "tenant=acme&code=none"                        => [401, 401, 401, 401, 401, 401, 404];
    "renew_recovery_codes" None "tenant=acme"                                   => [401, 409, 409, 409, 409, 409, 404];
    "disable_second_factor" None "tenant=acme"                                  => [401, 200, 200, 200, 200, 200, 404];
    "list_own_sessions" None "tenant=acme"                                      => [401, 200, 200, 200, 200, 200, 404];
    "end_own_session" None "tenant=acme&id=dss_000000000000000000000000"        => [401, 404, 404, 404, 404, 404, 404];
    "own_permissions" None "tenant=acme"                                        => [401, 200, 200, 200, 200, 200, 404];
    "confirm_with_code" None "tenant=acme&code=000000&return_to="               => [401, 422, 422, 422, 422, 422, 404];

    // Signing keys, of the tenant as a whole.
    "signing_keys" None "tenant=acme"                                           => [401, 200, 200, 200, 200, 403, 404];
    "create_signing_key" None "tenant=acme&algorithm=EdDSA"                     => [401, 403, 403, 200, 200, 403, 404];
    "rotate_signing_keys" None "tenant=acme&force=true&reason=test"             => [401, 403, 403, 200, 200, 403, 404];
    "promote_signing_key" NextKey "tenant=acme&key={id}&force=true&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    "retire_signing_key" NextKey "tenant=acme&key={id}"                         => [401, 403, 403, 200, 200, 403, 404];
    "revoke_signing_key" NextKey "tenant=acme&key={id}&confirm={id}&reason=test" => [401, 403, 403, 200, 200, 403, 404];

    // Widget tokens.
    "list_tokens" None "tenant=acme"                                            => [401, 200, 200, 200, 200, 200, 404];
    "list_tokens" None "tenant=acme&filter[organization_id]={sibling}"          => [401, 200, 200, 200, 200, 404, 404];
    "show_token" Token "tenant=acme&token={id}"                                 => [401, 200, 200, 200, 200, 200, 404];
    "show_token" SiblingToken "tenant=acme&token={id}"                          => [401, 200, 200, 200, 200, 404, 404];
    "token_history" Token "tenant=acme&token={id}"                              => [401, 403, 200, 200, 200, 200, 404];
    "inspect_token" Token "tenant=acme&token={id}&path=/widget/session"         => [401, 200, 200, 200, 200, 200, 404];
    "inspect_token" SiblingToken "tenant=acme&token={id}&path=/widget/session"  => [401, 200, 200, 200, 200, 404, 404];
    "inspect_token" None "tenant=acme&token=e30.e30.e30&origin=https://a.example" => [401, 200, 200, 200, 200, 200, 404];
    "token_lives" None "tenant=acme"                                            => [401, 200, 200, 200, 200, 200, 404];
    "mint_command" None "tenant=acme"                                           => [401, 200, 200, 200, 200, 200, 404];
    "mint_token" None "tenant=acme&organization_id={organization}&scope[]=sso_connection&origins[]=https://app.acme.com&minutes=5&label=" => [401, 403, 403, 200, 200, 200, 404];
    "mint_token" None "tenant=acme&organization_id={sibling}&scope[]=sso_connection&origins[]=https://app.acme.com&minutes=5&label=" => [401, 403, 403, 200, 200, 404, 404];
    "revoke_token" Token "tenant=acme&token={id}"                               => [401, 403, 403, 200, 200, 200, 404];
    "revoke_token" SiblingToken "tenant=acme&token={id}"                        => [401, 403, 403, 200, 200, 404, 404];
    "revoke_selected_tokens" Token "tenant=acme&tokens[]={id}"                  => [401, 403, 403, 200, 200, 200, 404];
    "revoke_selected_tokens" SiblingToken "tenant=acme&tokens[]={id}"           => [401, 403, 403, 200, 200, 404, 404];
    "preview_revocation" None "tenant=acme&filter[organization_id]={organization}" => [401, 403, 403, 200, 200, 200, 404];
    "preview_revocation" None "tenant=acme&filter[organization_id]={sibling}"   => [401, 403, 403, 200, 200, 404, 404];
    "revoke_matching_tokens" None "tenant=acme&organization_id={organization}"  => [401, 403, 403, 200, 200, 200, 404];
    "revoke_matching_tokens" None "tenant=acme&organization_id={sibling}"       => [401, 403, 403, 200, 200, 404, 404];
    "revoke_matching_tokens" None "tenant=acme&origin=https://app.acme.com"     => [401, 403, 403, 200, 200, 403, 404];

    // Organizations and their origins.
    "list_organizations" None "tenant=acme"                                     => [401, 200, 200, 200, 200, 200, 404];
    "organization_choices" None "tenant=acme"                                   => [401, 200, 200, 200, 200, 200, 404];
    "show_organization" Own "tenant=acme&organization={id}"                     => [401, 200, 200, 200, 200, 200, 404];
    "show_organization" Sibling "tenant=acme&organization={id}"                 => [401, 200, 200, 200, 200, 404, 404];
    "create_organization" None "tenant=acme&name=Made&slug=by-form-{n}"         => [401, 403, 403, 200, 200, 403, 404];
    "rename_organization" Own "tenant=acme&organization={id}&name=First&slug=first-{n}" => [401, 403, 403, 200, 200, 200, 404];
    "rename_organization" Sibling "tenant=acme&organization={id}&name=Second&slug=second-{n}" => [401, 403, 403, 200, 200, 404, 404];
    "set_development_origins" Own "tenant=acme&organization={id}&allowed=true"  => [401, 403, 403, 200, 200, 200, 404];
    "set_development_origins" Sibling "tenant=acme&organization={id}&allowed=true" => [401, 403, 403, 200, 200, 404, 404];
    // Nobody types its name here, and who may not delete is not even asked for it.
    "delete_organization" NewOrganization "tenant=acme&organization={id}&confirm=x" => [401, 403, 403, 422, 422, 404, 404];
    "delete_organization" Own "tenant=acme&organization={id}&confirm=x"         => [401, 403, 403, 422, 422, 403, 404];
    "list_origins" Own "tenant=acme&organization={id}"                          => [401, 200, 200, 200, 200, 200, 404];
    "list_origins" Sibling "tenant=acme&organization={id}"                      => [401, 200, 200, 200, 200, 404, 404];
    "list_origins_in_use" Own "tenant=acme&organization={id}"                   => [401, 200, 200, 200, 200, 200, 404];
    "origin_boxes" Own "tenant=acme&organization={id}"                          => [401, 200, 200, 200, 200, 200, 404];
    "origin_boxes" Sibling "tenant=acme&organization={id}"                      => [401, 200, 200, 200, 200, 404, 404];
    "judge_origin" Own "tenant=acme&organization={id}&origin=https://a.example" => [401, 200, 200, 200, 200, 200, 404];
    "judge_origin" Own "tenant=acme&organization={id}&origin=https://a.example/" => [401, 200, 200, 200, 200, 200, 404];
    "judge_origin" Sibling "tenant=acme&organization={id}&origin=https://a.example" => [401, 200, 200, 200, 200, 404, 404];
    "add_origin" Own "tenant=acme&organization={id}&origin=https://a{n}.example" => [401, 403, 403, 200, 200, 200, 404];
    "add_origin" Sibling "tenant=acme&organization={id}&origin=https://a{n}.example" => [401, 403, 403, 200, 200, 404, 404];
    "add_origin_in_place" Own "tenant=acme&organization={id}&origin=https://a{n}.example" => [401, 403, 403, 200, 200, 200, 404];
    "remove_origin" Origin "tenant=acme&organization={id}&origin={origin}"      => [401, 403, 403, 200, 200, 200, 404];

    // API keys likewise.
    "list_api_keys" None "tenant=acme"                                          => [401, 200, 200, 200, 200, 403, 404];
    "show_api_key" ApiKey "tenant=acme&key={id}"                                => [401, 200, 200, 200, 200, 403, 404];
    "create_api_key" None "tenant=acme&name=backend&role=admin&expires=90"      => [401, 403, 403, 200, 200, 403, 404];
    "create_api_key" None "tenant=acme&name=backend&role=viewer&organization={organization}" => [401, 403, 403, 200, 200, 403, 404];
    "release_api_key" ApiKey "tenant=acme&key={id}"                             => [401, 403, 403, 403, 409, 403, 404];
    "rotate_api_key" ApiKey "tenant=acme&key={id}&overlap_seconds=60"           => [401, 403, 403, 200, 200, 403, 404];
    "revoke_api_key" ApiKey "tenant=acme&key={id}&reason=test"                  => [401, 403, 403, 200, 200, 403, 404];

    // Products likewise; their keys are public, so nobody is asked for presence.
    "list_products" None "tenant=acme"                                          => [401, 200, 200, 200, 200, 403, 404];
    "show_product" Product "tenant=acme&product={id}"                           => [401, 200, 200, 200, 200, 403, 404];
    "show_product_setup" Product "tenant=acme&product={id}"                          => [401, 200, 200, 200, 200, 403, 404];
    "create_product" None "tenant=acme&name=Made"                               => [401, 403, 403, 200, 200, 403, 404];
    "rename_product" Product "tenant=acme&product={id}&name=Renamed"            => [401, 403, 403, 200, 200, 403, 404];
    "let_customers_have_passwords" Product "tenant=acme&product={id}&passwords=true" => [401, 403, 403, 200, 200, 403, 404];
    "keep_customers_signed_in" Product "tenant=acme&product={id}&keep=true"     => [401, 403, 403, 200, 200, 403, 404];
    "let_anyone_sign_in" Product "tenant=acme&product={id}&anyone=true"         => [401, 403, 403, 200, 200, 403, 404];
    "switch_sign_in" Product "tenant=acme&product={id}&on=true"                 => [401, 403, 403, 200, 200, 403, 404];
    "change_mail_looks" Product "tenant=acme&product={id}&accent=&logo="        => [401, 403, 403, 200, 200, 403, 404];
    "delete_product" Product "tenant=acme&product={id}&confirm=x"               => [401, 403, 403, 422, 422, 403, 404];
    "list_domains" Product "tenant=acme&product={id}"                           => [401, 200, 200, 200, 200, 403, 404];
    "add_domain" Product "tenant=acme&product={id}&origin=https://a.example"    => [401, 403, 403, 200, 200, 403, 404];
    "remove_domain" Domain "tenant=acme&product={id}&domain={domain}"           => [401, 403, 403, 200, 200, 403, 404];
    "judge_domain" Product "tenant=acme&product={id}&origin=https://a.example"   => [401, 200, 200, 200, 200, 403, 404];
    "judge_embed_origins" Product "tenant=acme&product={id}&origins=https://a.example" => [401, 200, 200, 200, 200, 403, 404];
    "test_page" Product "tenant=acme&product={id}&page=https://a.example/shop"   => [401, 200, 200, 200, 200, 403, 404];
    "advise_policy" Product "tenant=acme&product={id}&way=bridge&policy=default-src" => [401, 200, 200, 200, 200, 403, 404];
    "list_embed_keys" Product "tenant=acme&product={id}"                        => [401, 200, 200, 200, 200, 403, 404];
    "show_embed_key" EmbedKey "tenant=acme&product={id}&key={key}"              => [401, 200, 200, 200, 200, 403, 404];
    "create_embed_key" Product "tenant=acme&product={id}&name=Website&origins=https://a.example&mode=live" => [401, 403, 403, 200, 200, 403, 404];
    "show_preview" Product "tenant=acme&product={id}"                           => [401, 200, 200, 200, 200, 403, 404];
    "create_preview_key" Product "tenant=acme&product={id}"                     => [401, 403, 403, 200, 200, 403, 404];
    "change_embed_key" EmbedKey "tenant=acme&product={id}&key={key}&name=Blog&origins=https://a.example" => [401, 403, 403, 200, 200, 403, 404];
    "rotate_embed_key" EmbedKey "tenant=acme&product={id}&key={key}&overlap_seconds=60" => [401, 403, 403, 200, 200, 403, 404];
    "disable_embed_key" EmbedKey "tenant=acme&product={id}&key={key}&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    "save_appearance" Product "tenant=acme&product={id}&mode=dark&accent=#1a6b4f&radius=8" => [401, 403, 403, 200, 200, 403, 404];
    "show_bridge" Product "tenant=acme&product={id}"                            => [401, 200, 200, 200, 200, 403, 404];
    "mint_bridge_key" Product "tenant=acme&product={id}&algorithm=HS256"        => [401, 403, 403, 200, 200, 403, 404];
    "register_bridge_key" Product r#"tenant=acme&product={id}&algorithm=EdDSA&public_key={"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"# => [401, 403, 403, 200, 200, 403, 404];
    "promote_bridge_key" NextBridgeKey "tenant=acme&product={id}&key={key}"     => [401, 403, 403, 200, 200, 403, 404];
    "retire_bridge_key" NextBridgeKey "tenant=acme&product={id}&key={key}"      => [401, 403, 403, 200, 200, 403, 404];
    "revoke_bridge_key" NextBridgeKey "tenant=acme&product={id}&key={key}&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    // Whoever may is told that nothing holds it.
    "release_bridge_key" NextBridgeKey "tenant=acme&product={id}&key={key}"     => [401, 403, 403, 403, 409, 403, 404];
    // Roles of customers.
    "list_roles" None "tenant=acme"                                             => [401, 200, 200, 200, 200, 403, 404];
    "show_role" Role "tenant=acme&role={id}"                                    => [401, 200, 200, 200, 200, 403, 404];
    "create_role" None "tenant=acme&name=Role{n}&permissions[]=widgets:sso:manage" => [401, 403, 403, 200, 200, 403, 404];
    "update_role" Role "tenant=acme&role={id}&name=Renamed{n}"                  => [401, 403, 403, 200, 200, 403, 404];
    "delete_role" Role "tenant=acme&role={id}"                                  => [401, 403, 403, 200, 200, 403, 404];
    "customer_roles" Customer "tenant=acme&customer={id}"                       => [401, 200, 200, 200, 200, 403, 404];
    "assign_role" Customer "tenant=acme&customer={id}&organization={organization}&role=" => [401, 403, 403, 404, 404, 403, 404];
    "show_verification_secrets" Product "tenant=acme&product={id}"              => [401, 200, 200, 200, 200, 403, 404];
    "create_verification_secret" Product "tenant=acme&product={id}&name=Web"    => [401, 403, 403, 200, 200, 403, 404];
    "rotate_verification_secret" VerificationSecret "tenant=acme&product={id}&secret={secret}&overlap_seconds=60" => [401, 403, 403, 200, 200, 403, 404];
    "revoke_verification_secret" VerificationSecret "tenant=acme&product={id}&secret={secret}&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    // Whoever may is told that nothing holds it.
    "release_verification_secret" VerificationSecret "tenant=acme&product={id}&secret={secret}" => [401, 403, 403, 403, 409, 403, 404];
    "list_conversations" Product "tenant=acme&product={id}&filter[status]=open"  => [401, 403, 200, 200, 200, 403, 404];
    "show_conversation" Conversation "tenant=acme&product={id}&conversation={conversation}" => [401, 403, 200, 200, 200, 403, 404];
    "answer_conversation" Conversation "tenant=acme&product={id}&conversation={conversation}&text=Hi" => [401, 403, 403, 200, 200, 403, 404];
    "set_conversation_status" Conversation "tenant=acme&product={id}&conversation={conversation}&status=closed" => [401, 403, 403, 200, 200, 403, 404];
    "delete_conversation" Conversation "tenant=acme&product={id}&conversation={conversation}" => [401, 403, 403, 200, 200, 403, 404];
    "keep_conversations" Product "tenant=acme&product={id}&days=7"               => [401, 403, 403, 200, 200, 403, 404];
    "list_customers" None "tenant=acme&filter[mode]=live"                       => [401, 200, 200, 200, 200, 403, 404];
    "show_customer" Customer "tenant=acme&customer={id}"                        => [401, 200, 200, 200, 200, 403, 404];
    "create_customer" None "tenant=acme&external_id=made{n}&mode=live"          => [401, 403, 403, 200, 200, 403, 404];
    "change_customer" Customer "tenant=acme&customer={id}&external_id=changed{n}" => [401, 403, 403, 200, 200, 403, 404];
    "ban_customer" Customer "tenant=acme&customer={id}&reason=test"             => [401, 403, 403, 200, 200, 403, 404];
    "remove_customer_password" Customer "tenant=acme&customer={id}&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    "unban_customer" Customer "tenant=acme&customer={id}"                       => [401, 403, 403, 200, 200, 403, 404];
    // Whoever may is told that the name is not typed right.
    "delete_customer" Customer "tenant=acme&customer={id}&confirm=x"            => [401, 403, 403, 422, 422, 403, 404];
    "revoke_customer_session" CustomerSession "tenant=acme&customer={id}&session={session}&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    "revoke_customer_sessions" Customer "tenant=acme&customer={id}&reason=test" => [401, 403, 403, 200, 200, 403, 404];
    "purge_test_customers" None "tenant=acme"                                   => [401, 403, 403, 200, 200, 403, 404];
    "enable_embed_key" DisabledEmbedKey "tenant=acme&product={id}&key={key}"    => [401, 403, 403, 200, 200, 403, 404];
    "list_offerings" Product "tenant=acme&product={id}"                         => [401, 200, 200, 200, 200, 403, 404];
    "show_offering" Offering "tenant=acme&product={id}&offering={offering}"     => [401, 200, 200, 200, 200, 403, 404];
    "create_offering" Product "tenant=acme&product={id}&name=Team&amount=19.00&currency=EUR&interval=month&features=One" => [401, 403, 403, 200, 200, 403, 404];
    "change_offering" Offering "tenant=acme&product={id}&offering={offering}&name=Team&amount=19&currency=EUR&interval=year" => [401, 403, 403, 200, 200, 403, 404];
    "set_offering_status" Offering "tenant=acme&product={id}&offering={offering}&status=PUBLISHED" => [401, 403, 403, 200, 200, 403, 404];
    "move_offering" Offering "tenant=acme&product={id}&offering={offering}&up=true" => [401, 403, 403, 200, 200, 403, 404];

    // The outbox: everybody of the tenant sees what was sent, who manages reads it.
    "list_mail" None "tenant=acme"                                              => [401, 200, 200, 200, 200, 403, 404];
    "read_mail" Mail "tenant=acme&mail={id}"                                    => [401, 403, 403, 200, 200, 403, 404];
    "send_test_mail" None "tenant=acme"                                         => [401, 403, 403, 200, 200, 403, 404];

    // Members, and who may leave.
    "list_members" None "tenant=acme"                                           => [401, 200, 200, 200, 200, 200, 404];
    "list_members" None "tenant=acme&organization={organization}"               => [401, 200, 200, 200, 200, 200, 404];
    "list_members" None "tenant=acme&organization={sibling}"                    => [401, 200, 200, 200, 200, 404, 404];
    "show_member" Member "tenant=acme&member={id}"                              => [401, 200, 200, 200, 200, 404, 404];
    "show_member" OrganizationMember "tenant=acme&member={id}"                  => [401, 200, 200, 200, 200, 200, 404];
    "member_sessions" Member "tenant=acme&member={id}"                          => [401, 403, 403, 200, 200, 403, 404];
    "change_member_role" Member "tenant=acme&member={id}&role=member"           => [401, 403, 403, 200, 200, 403, 404];
    "change_member_role" Member "tenant=acme&member={id}&role=owner"            => [401, 403, 403, 403, 200, 403, 404];
    "change_member_role" OrganizationMember "tenant=acme&member={id}&organization={organization}&role=member" => [401, 403, 403, 200, 200, 200, 404];
    "remove_member" Member "tenant=acme&member={id}&revoke_minted=true"         => [401, 403, 403, 200, 200, 403, 404];
    "remove_member" OrganizationMember "tenant=acme&member={id}&organization={organization}" => [401, 403, 403, 200, 200, 200, 404];
    "release_member" Member "tenant=acme&member={id}"                           => [401, 403, 403, 403, 409, 403, 404];
    "end_member_sessions" Member "tenant=acme&member={id}"                      => [401, 403, 403, 200, 200, 403, 404];
    "issue_member_reset" Member "tenant=acme&member={id}"                       => [401, 403, 403, 403, 200, 403, 404];

    // Invitations.
    "list_invitations" None "tenant=acme"                                       => [401, 200, 200, 200, 200, 200, 404];
    "create_invitation" None "tenant=acme&email=f{n}@acme.example&role=viewer&organization=" => [401, 403, 403, 200, 200, 403, 404];
    "create_invitation" None "tenant=acme&email=f{n}@acme.example&role=owner"   => [401, 403, 403, 403, 200, 403, 404];
    "create_invitation" None "tenant=acme&email=f{n}@acme.example&role=admin&organization={organization}" => [401, 403, 403, 200, 200, 200, 404];
    "resend_invitation" Invitation "tenant=acme&invitation={id}"                => [401, 403, 403, 200, 200, 404, 404];
    "resend_invitation" OrganizationInvitation "tenant=acme&invitation={id}"    => [401, 403, 403, 200, 200, 200, 404];
    "revoke_invitation" Invitation "tenant=acme&invitation={id}"                => [401, 403, 403, 200, 200, 404, 404];
    "revoke_invitation" OrganizationInvitation "tenant=acme&invitation={id}"    => [401, 403, 403, 200, 200, 200, 404];

    // Last: it ends the sessions with which the targets of other rows are made.
    "end_other_sessions" None "tenant=acme"                                     => [401, 200, 200, 200, 200, 200, 404];
};

fn functions() -> BTreeSet<String> {
    server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/").to_owned()).collect()
}

/// AZ1
#[test]
fn every_server_function_has_a_row_and_every_row_a_function() {
    let rows: BTreeSet<String> = ROWS.iter().map(|row| row.function.to_owned()).collect();
    let there = functions();
    assert!(!there.is_empty(), "the functions are linked in");
    let without: Vec<_> = there.difference(&rows).collect();
    assert!(without.is_empty(), "a server function needs a row in tests/it/access/functions.rs: {without:#?}");
    let stale: Vec<_> = rows.difference(&there).collect();
    assert!(stale.is_empty(), "these rows are no functions: {stale:#?}");
}

async fn fields(house: &House, row: &Row) -> Vec<(&'static str, String)> {
    let path =
        row.target.path(house, "{id} {origin_id} {key_id} {offering_id} {domain_id} {session_id} {secret_id} {conversation_id}").await;
    let mut ids = path.split(' ');
    let [id, origin, key, offering, domain, session, secret, conversation] = std::array::from_fn(|_| ids.next().unwrap_or_default());
    let pairs = row.form.split('&').filter_map(|pair| pair.split_once('='));
    let fill = |value: &str| {
        value
            .replace("{id}", id)
            .replace("{origin}", origin)
            .replace("{key}", key)
            .replace("{offering}", offering)
            .replace("{domain}", domain)
            .replace("{session}", session)
            .replace("{secret}", secret)
            .replace("{conversation}", conversation)
            .replace("{organization}", house.organization.as_str())
            .replace("{sibling}", house.sibling.as_str())
            .replace("{password}", PASSWORD)
            .replace("{n}", &number().to_string())
    };
    pairs.map(|(name, value)| (name, fill(value))).collect()
}

on_each_engine! {
    /// AZ1, AZ4
    async fn every_cell_of_the_functions_is_as_written(fresh) {
        let house = House::new(fresh).await;
        let mut wrong = Vec::new();
        for row in ROWS {
            for (caller, expected) in PEOPLE.into_iter().zip(row.cells) {
                let mut browser = Browser::new(&house.app);
                if caller != Caller::Stranger {
                    let signed_in = browser.send("sign_in", &[("email", house.email(caller)), ("password", PASSWORD)]).await;
                    assert_eq!(signed_in.status, 200, "{caller:?}: {}", signed_in.text());
                }
                let fields = fields(&house, row).await;
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = browser.send(row.function, &fields).await;
                if answer.status != expected {
                    wrong.push(format!("{} as {caller:?}: {} and not {expected}: {}", row.function, answer.status, answer.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// JW8, KY6: no bearer token opens a server function.
    async fn a_bearer_token_is_worth_nothing_at_a_server_function(fresh) {
        let house = House::new(fresh).await;
        let widget = house.credential(Caller::WidgetToken).await.expect("a token");
        for row in ROWS {
            let fields = fields(&house, row).await;
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let call = || {
                let call = house.app.post(&format!("/api/{}", row.function)).header("accept", "application/json");
                call.header("sec-fetch-site", "same-origin").text("application/x-www-form-urlencoded", &body)
            };
            call().bearer(&widget).await.refused(403, "widget_token_not_allowed_here");
            for caller in [Caller::ApiKey, Caller::Owner] {
                let credential = house.credential(caller).await.expect("a credential");
                let answer = call().bearer(&credential).await;
                assert_eq!(answer.status, row.cells[0], "{} with the bearer token of {caller:?}: {}", row.function, answer.text());
            }
        }
    }

    /// WB1: with the owner's cookie, but from another site or by GET, none of them does anything.
    async fn no_other_site_reaches_a_server_function(fresh) {
        let house = House::new(fresh).await;
        let mut browser = Browser::new(&house.app);
        browser.send("sign_in", &[("email", house.email(Caller::Owner)), ("password", PASSWORD)]).await;
        let mut bodies = Vec::new();
        for row in ROWS {
            bodies.push(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields(&house, row).await).finish());
        }
        let newest = async || {
            let page = house.acme.owner().await.history(&HistoryFilter::default(), Limit::default(), None).await.expect("history");
            page.data.first().map(|event| event.seq)
        };
        let before = newest().await;
        for (row, body) in ROWS.iter().zip(&bodies) {
            let path = format!("/api/{}", row.function);
            for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example"), ("origin", "null")] {
                let call = house.app.post(&path).header(name, value).header("cookie", &browser.cookies());
                call.text("application/x-www-form-urlencoded", body).await.refused(403, "cross_site");
            }
            house.app.post(&path).header("cookie", &browser.cookies()).text("text/plain", body).await.refused(403, "cross_site");
            let got = house.app.get(&format!("{path}?{body}")).header("sec-fetch-site", "none").header("cookie", &browser.cookies()).await;
            assert!(matches!(got.status, 404 | 405), "GET {path}: {}", got.status);
        }
        assert_eq!(newest().await, before, "nothing was done");
    }
}
