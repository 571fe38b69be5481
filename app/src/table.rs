//! The table of pages.

use crate::pages;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The table of pages. Every route says `ssr=SsrMode::Async`, so that a page is whole without scripts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=title text=""/>
        <Router>
            <Routes fallback=pages::NotFoundPage>
                <Route path=path!("/") view=pages::HomePage ssr=SsrMode::Async/>
                <Route path=path!("/set-up") view=pages::SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=pages::SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/code") view=pages::CodePage ssr=SsrMode::Async/>
                <Route path=path!("/confirm") view=pages::ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/invitation") view=pages::InvitationPage ssr=SsrMode::Async/>
                <Route path=path!("/reset") view=pages::ResetPage ssr=SsrMode::Async/>
                <Route path=path!("/docs/security") view=pages::security::SecurityPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("/t/:tenant") view=pages::TenantFrame ssr=SsrMode::Async>
                    <Route path=path!("") view=pages::OverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("organizations/:organization/members") view=pages::members::OrganizationMembersPage ssr=SsrMode::Async/>
                    <Route path=path!("members") view=pages::members::MembersPage ssr=SsrMode::Async/>
                    <Route path=path!("members/:member") view=pages::members::MemberPage ssr=SsrMode::Async/>
                    <Route path=path!("api-keys") view=pages::api_keys::ApiKeysPage ssr=SsrMode::Async/>
                    <Route path=path!("api-keys/:key") view=pages::api_keys::ApiKeyPage ssr=SsrMode::Async/>
                    <Route path=path!("keys") view=pages::keys::SigningKeysPage ssr=SsrMode::Async/>
                    <Route path=path!("studio") view=pages::studio::ProductsPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product") view=pages::studio::ProductPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/keys") view=pages::studio::EmbedKeysPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/keys/:key") view=pages::studio::EmbedKeyPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/bridge") view=pages::studio::AuthBridgePage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/magic-links") view=pages::studio::MagicLinksPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/sign-in") view=pages::studio::SignInWindowPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/offerings") view=pages::studio::OfferingsPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/offerings/:offering") view=pages::studio::OfferingPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/conversations") view=pages::studio::ConversationsPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/conversations/:conversation") view=pages::studio::ConversationPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/appearance") view=pages::studio::AppearancePage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/preview") view=pages::studio::PreviewPage ssr=SsrMode::Async/>
                    <Route path=path!("studio/:product/security") view=pages::studio::ProductSecurityPage ssr=SsrMode::Async/>
                    <Route path=path!("customers") view=pages::customers::CustomersPage ssr=SsrMode::Async/>
                    <Route path=path!("customers/:customer") view=pages::customers::CustomerPage ssr=SsrMode::Async/>
                    <Route path=path!("roles") view=pages::roles::RolesPage ssr=SsrMode::Async/>
                    <Route path=path!("roles/:role") view=pages::roles::RolePage ssr=SsrMode::Async/>
                    <Route path=path!("history") view=pages::history::HistoryPage ssr=SsrMode::Async/>
                    <Route path=path!("inspector") view=pages::inspector::InspectorPage ssr=SsrMode::Async/>
                    <Route path=path!("refusals") view=pages::refusals::RefusalsPage ssr=SsrMode::Async/>
                    <Route path=path!("outbox") view=pages::OutboxPage ssr=SsrMode::Async/>
                    <Route path=path!("settings") view=pages::settings::SettingsPage ssr=SsrMode::Async/>
                    <Route path=path!("tokens") view=pages::tokens::TokensPage ssr=SsrMode::Async/>
                    <Route path=path!("tokens/new") view=pages::tokens::MintPage ssr=SsrMode::Async/>
                    <Route path=path!("tokens/revoke") view=pages::tokens::RevokeTokensPage ssr=SsrMode::Async/>
                    <Route path=path!("tokens/:token") view=pages::tokens::TokenPage ssr=SsrMode::Async/>
                    <Route path=path!("organizations") view=pages::organizations::OrganizationsPage ssr=SsrMode::Async/>
                    <Route path=path!("organizations/new") view=pages::organizations::NewOrganizationPage ssr=SsrMode::Async/>
                    <Route path=path!("organizations/:organization") view=pages::organizations::OrganizationPage ssr=SsrMode::Async/>
                    <Route path=path!("organizations/:organization/origins") view=pages::organizations::OrganizationOriginsPage ssr=SsrMode::Async/>
                    <Route path=path!("profile") view=pages::ProfilePage ssr=SsrMode::Async/>
                    <Route path=path!("profile/permissions") view=pages::PermissionsPage ssr=SsrMode::Async/>
                    <Route path=path!("profile/second-factor") view=pages::SecondFactorPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The document's title. It is escaped here, because `leptos_meta` writes what it gets into the head as it stands, and
/// pages are titled by names that people choose (WB4).
fn title(page: String) -> String {
    if page.is_empty() {
        return "Mintmark".to_owned();
    }
    let page = page.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("{page} · Mintmark")
}

#[cfg(test)]
mod tests {
    /// WB4
    #[test]
    fn a_name_cannot_leave_the_title() {
        let written = super::title("</title><img src=x onerror=alert(1)>&lt;".to_owned());
        assert_eq!(written, "&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;&amp;lt; · Mintmark");
    }
}
