//! An address as text, without an allocation.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr};

/// The length of the longest text of an IPv6 address, in bytes.
const LONGEST: usize = 39;

/// The text of `IpAddr::to_string` in a fixed buffer. For IPv4 it is also cheaper to make: `to_string` costs half as much as
/// all attributes of a request.
#[derive(Clone, Copy)]
pub(super) struct AddressText {
    bytes: [u8; LONGEST],
    length: usize,
}

impl AddressText {
    /// An IPv4 address that a dual-stack socket shows within an IPv6 one (`::ffff:127.0.0.1`) is written as IPv4.
    pub(super) fn new(address: IpAddr) -> Self {
        let mut text = Self { bytes: [0; LONGEST], length: 0 };
        match address.to_canonical() {
            IpAddr::V4(address) => text.push_v4(address),
            IpAddr::V6(address) => {
                // Cannot fail: there is room for the longest text.
                let _ = write!(text, "{address}");
            }
        }
        text
    }

    pub(super) fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }

    fn push_v4(&mut self, address: Ipv4Addr) {
        for (index, octet) in address.octets().into_iter().enumerate() {
            if index > 0 {
                self.push(b'.');
            }
            if octet >= 100 {
                self.push(b'0' + octet / 100);
            }
            if octet >= 10 {
                self.push(b'0' + octet / 10 % 10);
            }
            self.push(b'0' + octet % 10);
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }
}

impl fmt::Write for AddressText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;
    use crate::test_input::Noise;

    fn same(address: IpAddr) {
        assert_eq!(AddressText::new(address).as_str(), address.to_canonical().to_string());
    }

    #[test]
    fn every_address_is_written_as_by_the_standard_library() {
        for octet in 0..=u8::MAX {
            same(Ipv4Addr::new(octet, 255, 0, octet).into());
        }
        let longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        for text in ["::", "::1", "::ffff:255.255.255.255", "fe80::1:0:0:2", "1:0:0:2::3", longest] {
            same(text.parse().unwrap_or(IpAddr::V6(Ipv6Addr::LOCALHOST)));
        }
        let mapped = Ipv4Addr::LOCALHOST.to_ipv6_mapped();
        assert_eq!(AddressText::new(mapped.into()).as_str(), "127.0.0.1");
        let mut noise = Noise::new(9);
        for _ in 0..10_000 {
            let bits = noise.bits();
            // Groups of zeros, of every length.
            same(
                Ipv6Addr::from_bits(bits & u128::MAX.rotate_left(noise.number(0..=127)) << noise.number(0..=127))
                    .into(),
            );
        }
    }
}
