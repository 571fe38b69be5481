//! Who is calling: the address behind trusted proxies, and what an audit event says of a request.

use crate::request_id::request_id;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use ipnet::IpNet;
use mintmark::Origination;
use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, SocketAddr},
};

/// The other end of the connection; the accept loop puts it into every request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The client's address: the peer's, or what a trusted proxy said. IPv4 inside IPv6 is IPv4 again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientIp(pub IpAddr);

/// Networks whose word is taken for whom they forward.
#[derive(Debug, Clone, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Of a list that may be empty.
    #[must_use]
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether nobody is believed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether everybody is believed, as by `0.0.0.0/0`.
    #[must_use]
    pub fn are_all(&self) -> bool {
        self.0.iter().any(|network| network.prefix_len() == 0)
    }

    /// Whether `ip` lies in one of them.
    #[must_use]
    pub fn contain(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&ip))
    }

    /// Walks `x-forwarded-for` from its end, past what trusted proxies added, to the first address that none of them vouches for.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientIp {
        let mut client = peer.to_canonical();
        let hops = headers.get_all("x-forwarded-for").iter().rev().filter_map(|line| line.to_str().ok());
        for hop in hops.flat_map(|line| line.rsplit(',')) {
            if !self.contain(client) {
                break;
            }
            match address(hop.trim()) {
                Some(ip) => client = ip,
                None => break,
            }
        }
        ClientIp(client)
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// An address as proxies write it: plain, with a port, or in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let ip = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse())
        .ok()?;
    Some(ip.to_canonical())
}

/// What one customer of a provider holds: an IPv4 address or an IPv6 /64. Limits count by it.
#[must_use]
pub fn neighbourhood(ip: IpAddr) -> IpAddr {
    masked(ip.to_canonical(), 32, 64)
}

/// The first `v4` or `v6` bits of an address.
#[must_use]
pub fn masked(ip: IpAddr, v4: u8, v6: u8) -> IpAddr {
    let bits = if ip.is_ipv4() { v4 } else { v6 };
    IpNet::new(ip, bits).map_or(ip, |network| network.network())
}

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Without the layer, as in a test of one route, nobody is far away.
        Ok(parts.extensions.get().copied().unwrap_or(Self(IpAddr::from([127, 0, 0, 1]))))
    }
}

/// An extractor for [`Origination`]: address, user agent and request id, for the actor.
pub struct From(pub Origination);

impl From {
    /// Of a request that has passed the layers.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let user_agent = parts.headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Self(Origination {
            ip: parts.extensions.get().map(|ClientIp(ip)| ip.to_string()),
            user_agent: user_agent.map(|agent| agent.chars().take(512).collect()),
            request_id: request_id(&parts.extensions).cloned(),
        })
    }
}

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let trusted = Networks::new(vec!["10.0.0.0/8".parse().expect("a network")]);
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().expect("a value"));
        }
        trusted.client(peer.parse().expect("an address"), &headers).0.to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_he_is() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn the_last_address_that_no_proxy_vouches_for_is_the_client() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.7:5123"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        assert_eq!(client("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn mapped_addresses_are_ipv4_and_neighbours_share_a_64() {
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:198.51.100.7"]), "198.51.100.7");
        let ip = |text: &str| neighbourhood(text.parse().expect("an address"));
        assert_eq!(ip("2001:db8::1"), ip("2001:db8::ffff:1"));
        assert_ne!(ip("2001:db8::1"), ip("2001:db8:0:1::1"));
        assert_ne!(ip("198.51.100.1"), ip("198.51.100.2"));
    }
}
