//! The forwarded headers of a request, one per line.
#![no_main]

use std::net::IpAddr;

use identity_domain::client_address::resolve;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
    let stranger: IpAddr = "192.0.2.1".parse().expect("an address");
    let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
    assert_eq!(resolve(stranger, data.lines(), &trusted), Ok(stranger));
    if let Ok(address) = resolve(proxy, data.lines(), &trusted) {
        assert_eq!(address, address.to_canonical());
    }
});
