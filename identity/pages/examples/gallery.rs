//! Writes the gallery of the embedded theme: `cargo run -p identity-pages --example gallery -- FOLDER`.

use std::path::Path;
use std::sync::Arc;

use identity_pages::Brand;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "gallery".to_owned());
    identity_pages::gallery::gallery(&[], &Arc::new(Brand::sample()), &[], Path::new(&out))?;
    Ok(())
}
