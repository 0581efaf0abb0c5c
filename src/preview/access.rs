//! Who may ask: a preview shows drafts, so it answers this machine alone unless it is told
//! otherwise, and never a page of another site that runs in this machine's browser.

use std::net::{IpAddr, Ipv6Addr};

use super::http::Request;
use crate::route::short_hash;

/// Returns the name of the cookie that says another device may look. Cookies are of a host and not
/// of a port, so that each preview needs a name of its own.
pub(super) fn cookie(token: &str) -> String {
    format!("sitegen-{}", short_hash(token))
}

/// Which requests are answered.
#[derive(Clone, Debug)]
pub struct Access {
    /// Addresses of this machine by which other devices may come; none where they may not.
    addresses: Vec<IpAddr>,
    /// What other devices must show.
    token: String,
}

/// What is to be done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Welcome,
    /// The request showed the token: it gets the cookie, and is led to the address without the
    /// token.
    Introduced,
    Refused(Refusal),
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another name was made to lead here (DNS rebinding).
    Host,
    /// A page of another site asks.
    Origin,
    /// A device that does not know the token.
    Token,
}

impl Access {
    /// For this machine alone.
    pub fn of_this_machine() -> Access {
        Access { addresses: Vec::new(), token: String::new() }
    }

    /// For all who know `token` and come by one of `addresses`.
    pub fn for_devices(addresses: Vec<IpAddr>, token: String) -> Access {
        Access { addresses, token }
    }

    /// Decides on a request that came from `peer`.
    pub(super) fn admit(&self, request: &Request, peer: IpAddr) -> Admission {
        if !request.field("host").is_some_and(|host| self.is_ours(host)) {
            return Admission::Refused(Refusal::Host);
        }
        let origin = request.field("origin");
        let is_foreign = origin.is_some_and(|origin| !origin.split_once("://").is_some_and(|(_, host)| self.is_ours(host)))
            // A link from elsewhere may lead here; a picture or script of ours on a page of theirs
            // may not be.
            || (matches!(request.field("sec-fetch-site"), Some("cross-site" | "same-site")) && request.field("sec-fetch-mode") != Some("navigate"));
        if is_foreign {
            return Admission::Refused(Refusal::Origin);
        }
        if peer.to_canonical().is_loopback() {
            return Admission::Welcome;
        }
        let knows = |shown: Option<&str>| {
            !self.token.is_empty() && shown.is_some_and(|shown| is_equal(shown, &self.token))
        };
        if knows(request.parameter("token").as_deref()) {
            Admission::Introduced
        } else if knows(request.cookie(&cookie(&self.token))) {
            Admission::Welcome
        } else {
            Admission::Refused(Refusal::Token)
        }
    }

    /// Returns whether a host, with or without a port, is a name of this machine's. Any port will
    /// do: a tunnel may have its own.
    fn is_ours(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => {
                return address
                    .parse::<Ipv6Addr>()
                    .is_ok_and(|address| self.is_own(IpAddr::V6(address)));
            }
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok_and(|address| self.is_own(address))
    }

    fn is_own(&self, address: IpAddr) -> bool {
        address.to_canonical().is_loopback() || self.addresses.contains(&address)
    }
}

/// Returns whether two secrets are equal, in a time that does not tell where they differ.
fn is_equal(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes().zip(b.bytes()).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "127.0.0.1";
    const PHONE: &str = "192.168.1.20";

    fn admit(access: &Access, peer: &str, target: &str, fields: &str) -> Admission {
        let request =
            Request::parse(format!("GET {target} HTTP/1.1\r\n{fields}\r\n").as_bytes()).unwrap();
        access.admit(&request, peer.parse().unwrap())
    }

    #[test]
    fn only_this_machine_and_its_own_pages() {
        let access = Access::of_this_machine();
        for host in
            ["localhost:4000", "127.0.0.1:4000", "[::1]:4000", "LOCALHOST", "127.0.0.1:8080"]
        {
            assert_eq!(
                admit(&access, HERE, "/", &format!("Host: {host}\r\n")),
                Admission::Welcome,
                "{host}"
            );
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:4000",
            "192.168.1.5:4000",
            "[fe80::1]",
            "",
            "[",
        ] {
            assert_eq!(
                admit(&access, HERE, "/", &format!("Host: {host}\r\n")),
                Admission::Refused(Refusal::Host),
                "{host}"
            );
        }
        let from =
            |fields: &str| admit(&access, HERE, "/", &format!("Host: localhost:4000\r\n{fields}"));
        assert_eq!(from("Origin: http://localhost:4000\r\n"), Admission::Welcome);
        assert_eq!(from("Origin: https://evil.example\r\n"), Admission::Refused(Refusal::Origin));
        assert_eq!(from("Origin: null\r\n"), Admission::Refused(Refusal::Origin));
        assert_eq!(
            from("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"),
            Admission::Refused(Refusal::Origin)
        );
        assert_eq!(
            from("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"),
            Admission::Welcome
        );
    }

    #[test]
    fn devices_show_the_token_once() {
        let access = Access::for_devices(vec!["192.168.1.5".parse().unwrap()], "secret".to_owned());
        let host = "Host: 192.168.1.5:4000\r\n";
        assert_eq!(admit(&access, PHONE, "/", host), Admission::Refused(Refusal::Token));
        assert_eq!(
            admit(&access, PHONE, "/?token=wrong", host),
            Admission::Refused(Refusal::Token)
        );
        assert_eq!(admit(&access, PHONE, "/?token=secret", host), Admission::Introduced);
        assert_eq!(
            admit(&access, PHONE, "/", &format!("{host}Cookie: {}=secret\r\n", cookie("secret"))),
            Admission::Welcome
        );
        assert_eq!(
            admit(&access, PHONE, "/?token=secret", "Host: evil.example\r\n"),
            Admission::Refused(Refusal::Host)
        );
        assert_eq!(admit(&access, HERE, "/", host), Admission::Welcome);
        // Without a token nobody else comes in.
        assert_eq!(
            admit(&Access::of_this_machine(), PHONE, "/?token=", "Host: localhost\r\n"),
            Admission::Refused(Refusal::Token)
        );
    }
}
