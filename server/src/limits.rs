//! Request limits in memory: so many a minute and client, and bounded memory whoever comes.

use crate::{
    client::{masked, neighbourhood},
    config::Config,
};
use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, QuantaInstant},
};
use mintmark::{Code, Error, Result};
use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Past so many clients at once, newcomers share a bucket with their wider network, so that memory stays bounded.
const MOST_CLIENTS: usize = 50_000;

/// The limits of one process.
pub struct Limits {
    /// Sign-in, by password or JSON: ten a minute and address.
    pub sign_in: PerMinute,
    /// The same for customers' passwords, so that a crowd of them behind one address keeps nobody from the dashboard.
    pub customer_password: PerMinute,
    /// Requests of one API key, where the operator set a limit (DS6).
    pub api_key: Option<PerId>,
    /// Widgets' calls and mints for one organization, likewise.
    pub organization: Option<PerId>,
    /// Tokens that are no sign-in link: thirty a minute and address.
    pub wrong_link: PerMinute,
    /// What a page's hidden frame asks at each load: six hundred a minute and address.
    pub kept_sign_in: PerMinute,
    /// Wrong verification secrets of one product: sixty a minute. The right one is never counted, so nobody locks a tenant out (ID1).
    pub wrong_secret: PerName,
    /// Identity tokens that one verification secret buys: generous, a thousand a second.
    pub identity: PerId,
    /// Messages of one client to any product: sixty a minute. Those of one conversation the core counts.
    pub messages_of_client: PerMinute,
    /// Messages of visitors to one product: six hundred a minute.
    pub messages_to_product: PerId,
    /// Tokens that one address asks about without an API key: likewise.
    pub verify: PerMinute,
}

impl Limits {
    /// What the operator decided, all of it a minute.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            sign_in: PerMinute::new(config.sign_in_limit),
            customer_password: PerMinute::new(config.sign_in_limit),
            wrong_link: PerMinute::new(30),
            kept_sign_in: PerMinute::new(600),
            wrong_secret: PerName::new(config.wrong_secret_limit),
            identity: PerId::new(config.identity_limit),
            messages_of_client: PerMinute::new(config.client_message_limit),
            messages_to_product: PerId::new(config.product_message_limit),
            verify: PerMinute::new(config.verify_limit),
            api_key: config.api_key_limit.map(PerId::new),
            organization: config.organization_limit.map(PerId::new),
        }
    }
}

/// So many a minute for each of something that we issued. Only ids that exist are counted, so there is no end of them only on paper.
pub struct PerId {
    limiter: DefaultKeyedRateLimiter<String>,
    since_sweep: AtomicUsize,
}

impl PerId {
    /// All of them may come at once; they grow back evenly.
    #[must_use]
    pub fn new(many: NonZeroU32) -> Self {
        Self { limiter: RateLimiter::keyed(Quota::per_minute(many)), since_sweep: AtomicUsize::new(0) }
    }

    /// Takes one, or says in how many seconds there will be one.
    pub fn take(&self, id: &str) -> Result<()> {
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) % 100_000 == 99_999 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&id.to_owned()).map_err(|until| {
            let seconds = seconds(&self.limiter, &until);
            Error::new(Code::RateLimited, format!("Too many requests. Try again in {seconds} seconds.")).retry_after(seconds)
        })
    }
}

/// How long to wait, rounded up. By the limiter's own clock: a new one asks the processor what it can, which a virtual machine
/// answers in some 50 microseconds, and a flood would buy that with every refusal (DS6).
fn seconds<K: Clone + Eq + Hash>(limiter: &DefaultKeyedRateLimiter<K>, until: &NotUntil<QuantaInstant>) -> u64 {
    until.wait_time_from(limiter.clock().now()).as_secs() + 1
}

/// So many a minute for each of what a stranger may call anything: names share a few thousand buckets, so that memory is bounded.
pub struct PerName {
    limiter: DefaultKeyedRateLimiter<u16>,
    /// Of this process, so that nobody can choose whose bucket they share.
    hasher: RandomState,
}

/// How many buckets there are.
const BUCKETS: u64 = 4_096;

impl PerName {
    /// All of them may come at once; they grow back evenly.
    #[must_use]
    pub fn new(many: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(many).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(quota), hasher: RandomState::new() }
    }

    /// Takes one, or says in how many seconds there will be one.
    pub fn take(&self, name: &str) -> Result<()> {
        let bucket = u16::try_from(self.hasher.hash_one(name) % BUCKETS).unwrap_or_default();
        self.limiter.check_key(&bucket).map_err(|until| {
            let seconds = seconds(&self.limiter, &until);
            Error::new(Code::RateLimited, format!("Too many attempts. Try again in {seconds} seconds.")).retry_after(seconds)
        })
    }
}

/// So many a minute for each client: an IPv4 address or an IPv6 /64.
pub struct PerMinute {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    most: usize,
    since_sweep: AtomicUsize,
}

impl PerMinute {
    /// All of them may come at once; they grow back evenly.
    #[must_use]
    pub fn new(many: u32) -> Self {
        Self {
            limiter: RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(many).unwrap_or(NonZeroU32::MIN))),
            most: MOST_CLIENTS,
            since_sweep: AtomicUsize::new(0),
        }
    }

    /// Takes one, or says in how many seconds there will be one.
    pub fn take(&self, client: IpAddr) -> Result<()> {
        let mut key = neighbourhood(client);
        if self.limiter.len() >= self.most {
            // A sweep reads everything, so a flood may cause one only now and then.
            if self.since_sweep.fetch_add(1, Ordering::Relaxed).is_multiple_of(1_000) {
                self.limiter.retain_recent();
            }
            if self.limiter.len() >= self.most {
                key = masked(key, 12, 24);
            }
        }
        self.limiter.check_key(&key).map_err(|until| {
            let seconds = seconds(&self.limiter, &until);
            Error::new(Code::RateLimited, format!("Too many attempts. Try again in {seconds} seconds.")).retry_after(seconds)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_in_a_minute_is_refused_and_told_when() {
        let limit = PerMinute::new(10);
        let (one, neighbour, other) = ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1");
        let take = |client: &str| limit.take(client.parse().expect("an address"));
        for _ in 0..10 {
            take(one).expect("within the limit");
        }
        let refused = take(neighbour).expect_err("the same /64").problem();
        assert_eq!(refused.code, Code::RateLimited);
        assert!(refused.retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)));
        take(other).expect("another network");
    }

    #[test]
    fn a_crowd_shares_a_bucket_and_memory_stays_bounded() {
        let mut limit = PerMinute::new(1);
        limit.most = 10;
        for last in 0..100_u32 {
            let _ = limit.take(IpAddr::from((0xc633_6400_u32 + last).to_be_bytes()));
        }
        assert!(limit.limiter.len() <= 11, "{}", limit.limiter.len());
    }
}
