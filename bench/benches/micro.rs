//! `make bench-micro`: the core's verbs without HTTP, on SQLite, and the parts that are reachable from outside.
//!
//! What a signature costs is the difference between the guard's two rows; the raw one is AWS-LC's beside it. Minting is measured with its
//! commit, because nothing can mint without one.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey},
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use mintmark::{
    Role, TokenId,
    origin::Origin,
    testing::{Engine, Fixture, PAGE, fresh},
    token::{MintedToken, Presented},
};
use std::hint::black_box;
use tokio::runtime::Runtime;

fn signatures(c: &mut Criterion) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a pair");
    let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref()).expect("its public half");
    let (random, message) = (SystemRandom::new(), [b'x'; 600]);
    let signature = pair.sign(&random, &message).expect("a signature");
    c.bench_function("ES256 sign, AWS-LC", |b| b.iter(|| pair.sign(&random, black_box(&message)).expect("a signature")));
    c.bench_function("ES256 verify, AWS-LC", |b| b.iter(|| public.verify_sig(black_box(&message), signature.as_ref()).expect("valid")));
}

fn origins(c: &mut Criterion) {
    let allowed: Vec<_> =
        (0..20).map(|at| Origin::parse(&format!("https://app{at}.customer.example"), false).expect("an origin")).collect();
    c.bench_function("origin parse", |b| b.iter(|| Origin::parse(black_box(PAGE), false).expect("an origin")));
    c.bench_function("origin match, last of 20", |b| {
        b.iter(|| allowed.iter().any(|origin| origin.as_str() == black_box("https://app19.customer.example")));
    });
}

async fn call(fixture: &Fixture, token: &MintedToken) {
    let presented = Presented { bearer: Some(token.token.reveal()), origin: Some(PAGE), ..Presented::default() };
    assert!(fixture.core.guard(presented).await.is_ok(), "a live token is let in");
}

fn verbs(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let (_fresh, fixture, op, organization, token) = runtime.block_on(async {
        let fresh = fresh(Engine::Sqlite).await;
        let fixture = fresh.tenant("acme").await;
        let organization = fixture.organization("first").await;
        let key = fixture.api_key(Role::Admin, None).await;
        let op = fixture.key_op(&key).await;
        let token = fixture.token(&op, &organization).await;
        (fresh, fixture, op, organization, token)
    });
    let id: &TokenId = &token.id;
    c.bench_function("row read, Op::token", |b| b.iter(|| runtime.block_on(op.token(id)).expect("the row")));
    c.bench_function("guard, signature remembered", |b| b.iter(|| runtime.block_on(call(&fixture, &token))));
    c.bench_function("guard, signature new", |b| {
        let mint = || runtime.block_on(fixture.token(&op, &organization));
        b.iter_batched(mint, |token| runtime.block_on(call(&fixture, &token)), BatchSize::PerIteration);
    });
    c.bench_function("mint, durable", |b| b.iter(|| runtime.block_on(fixture.token(&op, &organization))));
}

criterion_group!(micro, signatures, origins, verbs);
criterion_main!(micro);
