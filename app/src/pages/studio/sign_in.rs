//! The sign-in window: its switch, those of passwords and of reloads, and a page that runs as it stands.

use super::{
    frame::{Around, ProductFrame},
    switch::SwitchCard,
};
use crate::{
    api::studio::{KeepCustomersSignedIn, LetCustomersHavePasswords, ProductSetup, SwitchSignIn, show_product_setup},
    ui::{Card, CodeBlock, EmptyState, Glyph, LinkButton, Notice, Tone, Variant, loaded},
    ways::Way,
};
use leptos::prelude::*;
use mintmark::Permission;

/// `/t/:tenant/studio/:product/sign-in`
#[component]
pub fn SignInWindowPage() -> impl IntoView {
    view! { <ProductFrame current="/sign-in" page=|around| view! { <SignInWindow around/> }/> }
}

#[component]
fn SignInWindow(around: Around) -> impl IntoView {
    let answer = show_product_setup(around.tenant.clone(), around.product.id.to_string());
    let inner = around.clone();
    view! {
        <TheSwitch around=around.clone()/>
        <Passwords around=around.clone()/>
        <Kept around/>
        {loaded(answer, move |setup| view! { <Snippet around=inner setup/> })}
    }
}

#[component]
fn TheSwitch(around: Around) -> impl IntoView {
    let on = around.product.sign_in;
    view! {
        <SwitchCard
            around
            action={ServerAction::<SwitchSignIn>::new()}
            title="A sign-in for pages that have none"
            description="A page of an embed key's origins opens a window of this Mintmark. Somebody signs in there, and the page gets their session."
            on
            said=["On: pages may open the window.", "Off: pages that open the window are told so."]
            name="on"
            label="Pages may open the sign-in window"
            hint="Off, no window opens and no link that one asked for works. Sessions that began there live on."
        />
    }
}

#[component]
fn Passwords(around: Around) -> impl IntoView {
    let on = around.product.passwords;
    view! {
        <SwitchCard
            around
            action={ServerAction::<LetCustomersHavePasswords>::new()}
            title="Passwords"
            description="Beside the link in a mail, which always works. An address is proved by mail before a password counts."
            on
            said=["Customers may sign in with a password of their own.", "Customers have no passwords."]
            name="passwords"
            label="Customers may have passwords"
            hint="For our sign-in window. Off, no password opens anything; those that were set wait until it is on again."
        />
    }
}

#[component]
fn Kept(around: Around) -> impl IntoView {
    let on = around.product.keep_signed_in;
    view! {
        <SwitchCard
            around
            action={ServerAction::<KeepCustomersSignedIn>::new()}
            title="After a reload"
            description="A page holds a session in its memory only: a reload signs out whoever came by a mail or by the window. With bridge tokens the page exchanges another."
            on
            said=["On: a reload signs nobody out, for twelve hours at most.", "Off: a reload signs visitors out."]
            name="keep"
            label="Keep visitors signed in across reloads"
            hint="The price is a cookie of this Mintmark in visitors' browsers, for twelve hours at most: partitioned by your site and out of reach of scripts. A page with a policy allows the hidden frame in frame-src. Turned off, whoever is kept is forgotten."
        />
    }
}

#[component]
fn Snippet(around: Around, setup: ProductSetup) -> impl IntoView {
    let (outbox, links) = (format!("/t/{}/outbox", around.tenant), format!("{}/magic-links", around.base()));
    let on = around.product.sign_in;
    let notice = (on && !setup.sends_mail).then(|| {
        view! {
            <Notice tone=Tone::Warn title="No mail is sent">
                "This installation has no mail server yet. Links wait for 15 minutes in the "
                <a href=outbox>"outbox"</a>
                ", where owners and admins read them."
            </Notice>
        }
    });
    view! {
        {notice}
        <Card
            title="In your page"
            description="A button opens the window. The visitor reads a mail, clicks in the same browser, and the page goes on where it was. Your backend does nothing."
        >
            {if let Some(key) = setup.key {
                view! { <CodeBlock code=Way::SignIn.snippet(&setup.url, key.id.as_str()) label="HTML"/> }.into_any()
            } else {
                let (keys, refused) = (format!("{}/keys", around.base()), around.refusal(Permission::ManageEmbedKeys));
                view! {
                    <EmptyState
                        title="No embed key yet"
                        text="A page opens the window with an embed key, and only a page of the origins on its list is answered."
                        icon=Glyph::Embed
                        action=move || view! { <LinkButton href=keys variant=Variant::Primary disabled_because=refused>"Create an embed key"</LinkButton> }
                    />
                }
                .into_any()
            }}
            <ul class="plain-list">
                <li>"Who may come in by mail, and how the mail looks, is said under " <a href=links>"Magic links"</a> "."</li>
                <li>"The window answers the page that opened it, if that is on the key's list, and nobody else."</li>
                <li>"A link works in the window that asked for it. Opened elsewhere it signs nobody in, and is not used up."</li>
                <li>"A token lives for 15 minutes and is refreshed once, up to twelve hours. A copy that is refreshed ends the session; history says so."</li>
            </ul>
        </Card>
    }
}
