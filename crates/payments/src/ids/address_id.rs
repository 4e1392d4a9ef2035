//! The id of a network address: what the limits on senders count by address.

use super::{AddressId, derived};
use crate::secret::Secret;
use std::net::{IpAddr, Ipv6Addr};

/// The part of an IPv6 address that names its network.
const IPV6_NETWORK: u128 = !0 << 64;

impl AddressId {
    /// A keyed hash of an IP address, so that addresses are not stored. Of an IPv6 address only the /64 network counts,
    /// because a household or a host can choose any address in it (RFC 6177).
    #[must_use]
    pub fn derive(secret: &Secret, address: IpAddr) -> Self {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK).to_string(),
        };
        Self(format!("adr_{}", derived(secret, &["address.v1", &network])))
    }
}
