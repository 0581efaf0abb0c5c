//! Addresses of the public internet alone: what a post names may lie in the keeper's own network.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A resolver of names that gives only addresses of the public internet. The connection is made to
/// the very address that was looked at.
#[derive(Debug)]
pub(super) struct PublicAddresses {
    pub(super) names: DefaultResolver,
    pub(super) allows_private_addresses: bool,
    /// Whether any name was found.
    pub(super) is_online: Arc<AtomicBool>,
}

impl Resolver for PublicAddresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        let is_name =
            uri.host().is_some_and(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().is_err());
        self.is_online.fetch_or(is_name, Ordering::Relaxed);
        let is_public = found.iter().all(|address| is_public_address(address.ip().to_canonical()));
        if is_public || self.allows_private_addresses {
            Ok(found)
        } else {
            Err(ureq::Error::Io(ErrorKind::PermissionDenied.into()))
        }
    }
}

fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            // Shared by carriers: RFC 6598. Reserved: RFC 1112, 4.
            let is_carriers = a == 100 && (64..128).contains(&b);
            // For measuring networks: RFC 2544.
            let is_benchmarks = a == 198 && matches!(b, 18 | 19);
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || address == Ipv4Addr::UNSPECIFIED
                || a == 0
                || a >= 240
                || is_carriers
                || is_benchmarks)
        }
        IpAddr::V6(address) => {
            // IPv4 in IPv6: RFC 6052 and the old form of RFC 4291.
            let embeds = matches!(address.segments(), [0x64, 0xFF9B, ..] | [0, 0, 0, 0, 0, 0, ..]);
            !(embeds
                || address.is_loopback()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address == Ipv6Addr::UNSPECIFIED)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for address in [
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "198.18.0.1",
        ] {
            assert!(
                !is_public_address(address.parse::<IpAddr>().unwrap().to_canonical()),
                "{address}"
            );
        }
        assert!(
            is_public_address("1.1.1.1".parse().unwrap())
                && is_public_address("2606:4700::1111".parse().unwrap())
        );
    }
}
