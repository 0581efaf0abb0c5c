//! The addresses at which a preview is shown, and who may come in by them.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use super::Access;
use crate::config::Config;
use crate::digest::Digest;
use crate::route::Route;

/// An address at which the site is shown.
pub struct ListenAddress {
    pub url: String,
    pub is_for_devices: bool,
}

/// Who may come in, and by which addresses.
pub fn doors(
    host: Option<IpAddr>,
    port: u16,
    config: &Config,
) -> io::Result<(Access, Vec<ListenAddress>)> {
    let path = config.base.href(&Route::root());
    let url = |address: IpAddr, query: &str| match address {
        IpAddr::V4(address) => format!("http://{address}:{port}{path}{query}"),
        IpAddr::V6(address) => format!("http://[{address}]:{port}{path}{query}"),
    };
    let home = |address| ListenAddress { url: url(address, ""), is_for_devices: false };
    let Some(host) = host.filter(|host| !host.is_loopback()) else {
        return Ok((
            Access::of_this_machine(),
            vec![home(host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))],
        ));
    };
    let addresses: Vec<IpAddr> = if host.is_unspecified() {
        let all = if_addrs::get_if_addrs()?
            .into_iter()
            .filter(|interface| !interface.is_loopback() && !interface.is_link_local());
        all.map(|interface| interface.ip())
            .filter(|address| address.is_ipv4() || host.is_ipv6())
            .collect()
    } else {
        vec![host]
    };
    let mut secret = [0; 12];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let token = Digest::of(secret).to_string();
    let here = host.is_unspecified().then(|| home(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let devices = addresses.iter().map(|address| ListenAddress {
        url: url(*address, &format!("?token={token}")),
        is_for_devices: true,
    });
    Ok((
        Access::for_devices(addresses.clone(), token.clone()),
        here.into_iter().chain(devices).collect(),
    ))
}
