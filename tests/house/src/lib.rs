//! The rules of CONTRIBUTING.md that neither the compiler nor clippy holds: which crate may know which, how long a file
//! may be, which words a public name may not use, in which file an operation of the API is, and that guides are found. The rooms of the domain have a test of their own in
//! `crates/payments/tests`.

#[cfg(test)]
mod crates;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod guides;
#[cfg(test)]
mod images;
#[cfg(test)]
mod lengths;
#[cfg(test)]
mod names;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod versions;

#[cfg(test)]
mod sources {
    use std::fs;
    use std::path::{Path, PathBuf};

    /// The workspace's root.
    pub(crate) fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
    }

    /// Every Rust file of ours, with its path from the root and its text.
    pub(crate) fn rust_files() -> Vec<(String, String)> {
        let root = root();
        let mut files = Vec::new();
        for folder in ["crates", "functions", "tests"] {
            collect(&root.join(folder), &mut files);
        }
        let named = |path: &PathBuf| path.strip_prefix(&root).expect("below the root").display().to_string();
        let read = |path: &PathBuf| fs::read_to_string(path).expect("a text");
        files.iter().map(|path| (named(path), read(path))).collect()
    }

    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
}
