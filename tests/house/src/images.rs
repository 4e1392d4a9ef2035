//! The images that the documents show exist, and are small enough for a page that is read on a phone.

use crate::sources::root;
use std::fs;

const BYTES_MAX: usize = 200_000;
/// The first bytes of each PNG file.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

#[test]
fn the_images_that_the_readme_shows_are_there_and_small() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    for path in images(&readme) {
        let image = fs::read(root().join(path)).unwrap_or_default();
        assert!(
            image.starts_with(PNG),
            "{path} is not there, or not a PNG: UPDATE_SCREENSHOTS=1 tests/browser/run -k screenshots"
        );
        assert!(image.len() <= BYTES_MAX, "{path} has {} bytes", image.len());
    }
}

#[test]
fn images_are_found_in_markdown_and_html() {
    let text = "![A](docs/images/a.png) <img src=\"docs/images/b.png\" width=\"300\"> [c](docs/c.png)";
    assert_eq!(images(text), ["docs/images/a.png", "docs/images/b.png"]);
}

/// The paths of the images in `docs/images` that a text shows.
fn images(text: &str) -> Vec<&str> {
    text.split(['(', ')', '"', ' ']).filter(|part| part.starts_with("docs/images/")).collect()
}
