//! Members as rows: who, which roles, how they are protected, when they were here.

use crate::ui::{Badge, Cell, Row, RowLink, Status, Table, Tone, When};
use leptos::prelude::*;
use mintmark::{OrganizationId, UserId, member::Member};

/// `here` narrows the roles that are shown to those of one organization.
#[component]
pub fn MemberTable(
    /// The address below which each member has a page.
    base: String,
    members: Vec<Member>,
    /// Oneself.
    own: UserId,
    #[prop(optional, into)] here: Option<OrganizationId>,
) -> impl IntoView {
    let rows = members
        .into_iter()
        .map(|member| {
            let me = member.user.id == own;
            let href = format!("{base}/{}", member.user.id);
            let held = roles(&member, here.as_ref());
            view! {
                <Row>
                    <Cell label="Person">
                        <span class="two-lines">
                            <span class="several">
                                <RowLink href>{member.user.name}</RowLink>
                                {me.then(|| view! { <Badge>"You"</Badge> })}
                                {member.held_at.map(|_| view! { <Badge tone=Tone::Warn>"Held"</Badge> })}
                            </span>
                            <span class="two-lines__second">{member.user.email}</span>
                        </span>
                    </Cell>
                    <Cell label="Roles"><span class="several">{held}</span></Cell>
                    <Cell label="Second factor">
                        {if member.second_factor {
                            view! { <Status tone=Tone::Good>"On"</Status> }.into_any()
                        } else {
                            view! { <Status tone=Tone::Warn>"Off"</Status> }.into_any()
                        }}
                    </Cell>
                    <Cell label="Last seen"><When at=member.last_seen_at quiet=true/></Cell>
                    <Cell label="Joined"><When at=member.joined_at quiet=true/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Members" columns=["Person", "Roles", "Second factor", "Last seen", "Joined"].map(Into::into)>{rows}</Table> }
}

/// The tenant's role first; past three organizations only their number.
fn roles(member: &Member, here: Option<&OrganizationId>) -> impl IntoView + use<> {
    let mut held: Vec<(String, Tone)> = Vec::new();
    if let Some(role) = member.role {
        held.push((if here.is_some() { format!("{role} of the tenant") } else { role.to_string() }, Tone::Info));
    }
    let of: Vec<_> = member.organizations.iter().filter(|held| here.is_none_or(|here| held.organization_id == *here)).collect();
    if of.len() > 3 {
        held.push((format!("in {} organizations", of.len()), Tone::Neutral));
    } else {
        held.extend(of.iter().map(|one| {
            let words = if here.is_some() { one.role.to_string() } else { format!("{}: {}", one.name, one.role) };
            (words, Tone::Neutral)
        }));
    }
    held.into_iter().map(|(words, tone)| view! { <Badge tone>{words}</Badge> }).collect_view()
}
