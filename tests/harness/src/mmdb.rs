//! Files in `MaxMind`'s format with a handful of networks, written by the published specification (`MaxMind` DB 2.0): a search tree over the
//! bits of an address, the data it leads to, and the description of both. Nothing of a real file is in them.

use std::net::IpAddr;

/// Bits of an address in the tree; IPv4 lies below `::/96`.
const DEPTH: usize = 128;
/// Between tree and data.
const SEPARATOR: [u8; 16] = [0; 16];
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";

/// Networks and where they are.
#[derive(Clone, Debug, Default)]
pub struct Places {
    networks: Vec<(IpAddr, usize, Vec<u8>)>,
}

/// Where a branch of the tree leads.
#[derive(Clone, Copy)]
enum Branch {
    Nowhere,
    Node(usize),
    Data(usize),
}

impl Places {
    /// A network of which only the country is known, such as `("192.0.2.0", 24, "DE")`.
    pub fn country(self, address: &str, prefix: usize, country: &str) -> Self {
        let record = map(&[("country", map(&[("iso_code", text(country))]))]);
        self.network(address, prefix, record)
    }

    /// A network whose city is known within so many kilometres.
    pub fn city(
        self,
        address: &str,
        prefix: usize,
        (country, city): (&str, &str),
        radius: u16,
    ) -> Self {
        let record = map(&[
            ("country", map(&[("iso_code", text(country))])),
            ("city", map(&[("names", map(&[("en", text(city))]))])),
            ("location", map(&[("accuracy_radius", uint16(radius))])),
        ]);
        self.network(address, prefix, record)
    }

    fn network(mut self, address: &str, prefix: usize, record: Vec<u8>) -> Self {
        let address: IpAddr = address.parse().expect("an address");
        self.networks.push((address, prefix, record));
        self
    }

    /// The file, as if built at this instant (seconds since the epoch).
    pub fn bytes(&self, built_at: u64) -> Vec<u8> {
        let mut nodes: Vec<[Branch; 2]> = vec![[Branch::Nowhere; 2]];
        let mut data = Vec::new();
        for (address, prefix, record) in &self.networks {
            let (bits, length) = match address {
                IpAddr::V4(v4) => (u128::from(u32::from(*v4)), DEPTH - 32 + prefix),
                IpAddr::V6(v6) => (u128::from(*v6), *prefix),
            };
            let at = data.len();
            data.extend_from_slice(record);
            plant(&mut nodes, bits, length, Branch::Data(at));
        }
        let mut file = Vec::new();
        for branch in nodes.iter().flatten() {
            let value = match branch {
                Branch::Nowhere => nodes.len(),
                Branch::Node(node) => *node,
                Branch::Data(at) => nodes.len() + SEPARATOR.len() + at,
            };
            file.extend_from_slice(&u32::try_from(value).expect("a small file").to_be_bytes());
        }
        file.extend_from_slice(&SEPARATOR);
        file.extend_from_slice(&data);
        file.extend_from_slice(MARKER);
        file.extend_from_slice(&metadata(nodes.len(), built_at));
        file
    }
}

fn plant(nodes: &mut Vec<[Branch; 2]>, bits: u128, length: usize, leaf: Branch) {
    let mut node = 0;
    for depth in 0..length {
        let side = usize::from((bits >> (DEPTH - 1 - depth)) & 1 == 1);
        if depth + 1 == length {
            nodes[node][side] = leaf;
            return;
        }
        node = if let Branch::Node(next) = nodes[node][side] {
            next
        } else {
            nodes.push([Branch::Nowhere; 2]);
            let next = nodes.len() - 1;
            nodes[node][side] = Branch::Node(next);
            next
        };
    }
}

fn metadata(nodes: usize, built_at: u64) -> Vec<u8> {
    let nodes = u32::try_from(nodes).expect("a small file");
    map(&[
        ("node_count", uint32(nodes)),
        ("record_size", uint16(32)),
        ("ip_version", uint16(6)),
        ("database_type", text("Test-City")),
        ("languages", array(&[text("en")])),
        ("binary_format_major_version", uint16(2)),
        ("binary_format_minor_version", uint16(0)),
        ("build_epoch", uint64(built_at)),
        ("description", map(&[("en", text("made by a test"))])),
    ])
}

/// The control byte: a type in three bits (above 7 in a byte of its own) and a size in five.
fn control(kind: u8, size: usize) -> Vec<u8> {
    assert!(size < 29, "longer sizes are not needed here");
    let size = u8::try_from(size).expect("a small size");
    match kind {
        1..=7 => vec![kind << 5 | size],
        _ => vec![size, kind - 7],
    }
}

fn text(text: &str) -> Vec<u8> {
    [control(2, text.len()).as_slice(), text.as_bytes()].concat()
}

fn uint16(number: u16) -> Vec<u8> {
    [control(5, 2).as_slice(), &number.to_be_bytes()].concat()
}

fn uint32(number: u32) -> Vec<u8> {
    [control(6, 4).as_slice(), &number.to_be_bytes()].concat()
}

fn uint64(number: u64) -> Vec<u8> {
    [control(9, 8).as_slice(), &number.to_be_bytes()].concat()
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    entries
        .iter()
        .fold(control(7, entries.len()), |mut bytes, (key, value)| {
            bytes.extend(text(key));
            bytes.extend(value);
            bytes
        })
}

fn array(items: &[Vec<u8>]) -> Vec<u8> {
    items
        .iter()
        .fold(control(11, items.len()), |mut bytes, item| {
            bytes.extend(item);
            bytes
        })
}
