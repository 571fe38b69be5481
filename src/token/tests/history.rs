//! What a token's page tells of it.

use super::{Ground, acting, another, ground};
use crate::{Limit, Role, TokenId, audit::Action, on_each_engine};

async fn told(ground: &Ground, token: &TokenId, role: Role) -> Vec<Action> {
    let page = acting(&ground.core, &ground.tenant, role).history_of(token.as_str(), Limit::default(), None).await.expect("a page");
    page.data.into_iter().map(|event| event.action).collect()
}

on_each_engine! {
    async fn a_tokens_history_has_the_event_that_ended_it_among_others(fresh) {
        let ground = ground(&fresh).await;
        let (single, of_many, live) = (ground.mint().await, ground.mint().await, ground.mint().await);
        ground.revoke(&single).await;
        assert_eq!(told(&ground, &single.id, Role::Member).await, [Action::TokenRevoked, Action::TokenMinted]);
        assert_eq!(told(&ground, &live.id, Role::Member).await, [Action::TokenMinted]);
        ground.op.revoke_tokens(ground.of_this_organization()).await.expect("revoked");
        assert_eq!(told(&ground, &of_many.id, Role::Member).await, [Action::TokensRevoked, Action::TokenMinted]);
        assert_eq!(told(&ground, &single.id, Role::Member).await, [Action::TokenRevoked, Action::TokenMinted]);
    }

    /// AU4
    async fn a_tokens_history_is_nobody_elses(fresh) {
        let ground = ground(&fresh).await;
        let token = ground.mint().await;
        let other = another(&fresh, "other").await;
        assert_eq!(told(&other, &token.id, Role::Owner).await, []);
        let viewer = acting(&ground.core, &ground.tenant, Role::Viewer);
        let refused = viewer.history_of(token.id.as_str(), Limit::default(), None).await.err().map(|error| error.code());
        assert_eq!(refused, Some(crate::Code::InsufficientRole));
    }
}
