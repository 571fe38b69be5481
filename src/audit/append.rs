//! Appending to the chain: who, where and when join the event, and the hash joins it to the one before. Whoever writes of a tenant takes
//! the end of its chain first, so that processes which share a database write of it by turns.

use super::{Event, EventActor, HistoryKey, Outcome, Target};
use crate::{
    EventId, Origination, TenantId, Time, Who,
    db::{Arg, Conn, Fault, args},
    secret::hex,
};
use aws_lc_rs::digest;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The chain of what belongs to no tenant.
pub(crate) const INSTALLATION: &str = "installation";
/// What the first event of a chain follows.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event with its circumstances, waiting for its place in the chain.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) id: EventId,
    pub(crate) at: Time,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) who: Who,
    pub(crate) from: Origination,
    pub(crate) event: Event,
}

/// The stored text. The order of the fields is part of what is hashed.
#[derive(Serialize)]
struct Body<'a> {
    id: &'a EventId,
    at: String,
    action: &'a str,
    actor: EventActor,
    tenant: Option<&'a TenantId>,
    organization: Option<&'a crate::OrganizationId>,
    target: Option<&'a Target>,
    outcome: Outcome,
    reason: Option<&'a str>,
    ip: Option<&'a str>,
    user_agent: Option<&'a str>,
    request_id: Option<&'a crate::RequestId>,
    metadata: &'a Map<String, Value>,
}

impl Draft {
    /// The draft with its count filled in from the rows that its statements wrote.
    pub(crate) fn written(&self, rows: &[u64]) -> Self {
        let mut draft = self.clone();
        if let Some(count) = self.event.counted.and_then(|at| rows.get(at)) {
            draft.event.metadata.insert("count".to_owned(), (*count).into());
        }
        draft
    }

    /// The chain that it joins.
    pub(crate) fn chain(&self) -> &str {
        self.tenant.as_ref().map_or(INSTALLATION, TenantId::as_str)
    }

    fn actor(&self) -> EventActor {
        let (kind, id, name) = match &self.who {
            Who::User { id, name, .. } => ("user", Some(id.to_string()), Some(name.clone())),
            Who::ApiKey { id, name } => ("api_key", Some(id.to_string()), Some(name.clone())),
            Who::Customer { id } => ("customer", Some(id.to_string()), None),
            Who::CommandLine => ("command_line", None, None),
            Who::System => ("system", None, None),
            Who::Anonymous => ("anonymous", None, None),
        };
        EventActor { kind: kind.to_owned(), id, name }
    }

    /// One JSON line: whatever names and agents contain, control characters are escaped (AU5).
    fn body(&self, actor: EventActor) -> String {
        let event = &self.event;
        let body = Body {
            id: &self.id,
            at: self.at.to_rfc3339_millis(),
            action: event.action.as_str(),
            actor,
            tenant: self.tenant.as_ref(),
            organization: event.organization.as_ref(),
            target: event.target.as_ref(),
            outcome: event.outcome,
            reason: event.reason.as_deref(),
            ip: self.from.ip.as_deref().map(|ip| clip(ip, 64)),
            user_agent: self.from.user_agent.as_deref().map(|agent| clip(agent, 512)),
            request_id: self.from.request_id.as_ref(),
            metadata: &event.metadata,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        // What JSON leaves as it is although a terminal or an editor acts on it.
        if text.bytes().all(|byte| byte < 0x7f) {
            return text;
        }
        text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
            use std::fmt::Write;
            if matches!(c, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') {
                let _ = write!(line, "\\u{:04x}", c as u32);
            } else {
                line.push(c);
            }
            line
        })
    }
}

/// What a stranger sends must not make history grow without bound.
fn clip(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// `SHA-256(prev || seq as 8 bytes big-endian || body)`, all hashes as their 32 bytes, the result in hex.
pub(crate) fn chain_hash(previous: &str, seq: i64, body: &str) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&unhex(previous));
    context.update(&seq.to_be_bytes());
    context.update(body.as_bytes());
    hex(context.finish().as_ref())
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0))
        .collect()
}

/// The ends of some chains as they were found; nobody else writes to these chains before the commit.
pub(crate) struct Heads(BTreeMap<String, Head>);

struct Head {
    seq: i64,
    hash: String,
    mac: String,
}

impl Head {
    /// Signing on top of an end that somebody moved would launder it.
    fn is_intact(&self, key: &HistoryKey, chain: &str) -> bool {
        if self.seq == 0 { self.hash == GENESIS } else { key.signed_head(chain, self.seq, &self.hash, &self.mac) }
    }
}

/// Why the ends of chains were not taken.
pub(crate) enum NotTaken {
    /// Another process holds this one's.
    Held(String),
    Fault(Fault),
}

/// Takes the ends of these chains, in the order of their names, so that two writers cannot wait for each other. Before anything else of
/// the transaction: PostgreSQL shows a statement what was committed before *it* began, and what is decided here must not miss what
/// another process did a moment ago.
pub(crate) async fn take_heads(conn: &mut Conn, chains: BTreeSet<&str>) -> Result<Heads, NotTaken> {
    let mut heads = BTreeMap::new();
    for chain in chains {
        let begun = args![chain, GENESIS];
        let taken: Result<(i64, String, String), _> = conn
            .one(
                "insert into audit_head (chain, seq, hash, mac) values ($1, 0, $2, '')
                 on conflict (chain) do update set seq = audit_head.seq returning seq, hash, mac",
                &begun,
            )
            .await;
        match taken {
            Ok((seq, hash, mac)) => heads.insert(chain.to_owned(), Head { seq, hash, mac }),
            Err(Fault::Late(_)) => return Err(NotTaken::Held(chain.to_owned())),
            Err(fault) => return Err(NotTaken::Fault(fault)),
        };
    }
    Ok(Heads(heads))
}

/// Appends to chains whose ends were taken.
pub(crate) async fn append(conn: &mut Conn, key: &HistoryKey, Heads(heads): Heads, drafts: Vec<Draft>) -> Result<(), Fault> {
    let mut chains: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
    for draft in drafts {
        chains.entry(draft.chain().to_owned()).or_default().push(draft);
    }
    let mut rows = Vec::new();
    for (chain, head) in heads {
        let Some(drafts) = chains.remove(&chain) else {
            if head.seq == 0 {
                // It was made to be taken, and nothing came of it.
                let empty = args![&chain];
                conn.write("delete from audit_head where chain = $1 and seq = 0", &empty).await?;
            }
            continue;
        };
        let intact = head.is_intact(key, &chain);
        let Head { mut seq, mut hash, .. } = head;
        if !intact {
            tracing::error!(chain, seq, "the end of this chain of history was changed from outside; run `mintmark audit verify`");
        }
        for draft in drafts {
            seq += 1;
            let actor = draft.actor();
            let actor_id = actor.id.clone();
            let body = draft.body(actor);
            hash = chain_hash(&hash, seq, &body);
            rows.extend(args![
                &chain,
                seq,
                &draft.id,
                draft.at,
                &draft.event.action,
                actor_id,
                draft.event.organization.as_ref().map(ToString::to_string),
                draft.event.target.as_ref().map(|target| target.id.replace('\0', "")),
                &draft.event.outcome,
                body,
                hash.clone(),
            ]);
        }
        // What was moved stays unsigned, and `audit verify` names it.
        let mac = if intact { key.head(&chain, seq, &hash) } else { String::new() };
        let end = args![&chain, seq, hash, mac];
        conn.write("update audit_head set seq = $2, hash = $3, mac = $4 where chain = $1", &end).await?;
    }
    if !chains.is_empty() {
        return Err(Fault::Refused("events of chains whose ends were not taken".into()));
    }
    if rows.is_empty() { Ok(()) } else { insert(conn, &rows).await }
}

const COLUMNS: usize = 11;

async fn insert(conn: &mut Conn, rows: &[Arg]) -> Result<(), Fault> {
    use std::fmt::Write;
    let mut sql = String::from(
        "insert into audit_event (chain, seq, id, at, action, actor_id, organization_id, target_id, outcome, body, hash) values ",
    );
    for at in 0..rows.len() / COLUMNS {
        sql.push_str(if at == 0 { "(" } else { "), (" });
        for column in 1..=COLUMNS {
            let comma = if column == 1 { "" } else { ", " };
            let _ = write!(sql, "{comma}${}", at * COLUMNS + column);
        }
    }
    sql.push(')');
    conn.write_built(sql, rows).await.map(drop)
}
