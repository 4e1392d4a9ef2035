//! The id of a network address: what the limits on senders count by address.

use super::{AddressId, derived_id::derived};
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_identified_by_its_network_and_hidden() {
        let id = |text: &str| AddressId::derive(&Secret::new("s"), text.parse().expect("address"));
        assert_eq!(id("2001:db8::1"), id("2001:db8:0:0:ffff::2"));
        assert_ne!(id("2001:db8::1"), id("2001:db8:0:1::1"));
        assert_ne!(id("192.0.2.1"), id("192.0.2.2"));
        assert_eq!(id("192.0.2.1"), id("::ffff:192.0.2.1"));
        assert!(AddressId::parse(id("192.0.2.1").as_str()).is_ok());
        let other = AddressId::derive(&Secret::new("t"), "192.0.2.1".parse().expect("address"));
        assert_ne!(other, id("192.0.2.1"));
    }
}
