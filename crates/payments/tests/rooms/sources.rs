//! Reads from the text of the sources which file imports from which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// One file imports from another. Files are named as modules are, such as `payment/ledger`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The text of each file, without comments.
pub(crate) struct Sources {
    files: BTreeMap<String, String>,
}

impl Sources {
    pub(crate) fn read(src: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![src.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let file = path.strip_prefix(src).expect("below").with_extension("");
                    let text = fs::read_to_string(&path).expect("a text");
                    files.insert(file.to_str().expect("a name").to_owned(), text);
                }
            }
        }
        files.remove("lib");
        Self::of(files)
    }

    pub(crate) fn of(files: BTreeMap<String, String>) -> Self {
        let files = files.into_iter().map(|(file, text)| (file, without_comments(&text))).collect();
        Self { files }
    }

    pub(crate) fn folders(&self) -> BTreeSet<String> {
        self.files
            .keys()
            .filter_map(|file| file.split_once('/'))
            .map(|(folder, _)| folder.to_owned())
            .collect()
    }

    /// Every import outside tests.
    pub(crate) fn imports(&self) -> BTreeSet<Import> {
        let mut imports = BTreeSet::new();
        for (from, text) in self.files.iter().filter(|(file, _)| !is_test(file)) {
            let text = before_tests(text);
            let named = paths(from, text).into_iter().map(|path| self.resolve(&path));
            for to in named.flatten().chain(self.used_reexports(from, text)).filter(|to| to != from) {
                imports.insert(Import { from: from.clone(), to });
            }
        }
        imports
    }

    /// Names imported from the crate's root, in tests too.
    pub(crate) fn names_from_the_root(&self) -> Vec<String> {
        let all = self.files.iter().flat_map(|(file, text)| {
            paths(file, text)
                .into_iter()
                .filter(|path| self.resolve(path).is_none())
                .map(move |path| (file, path))
        });
        all.map(|(file, path)| format!("{file}: {}", path.join("::"))).collect()
    }

    /// Groups of files that import each other, directly or through others.
    pub(crate) fn circles(&self) -> BTreeSet<Vec<String>> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let imports = self.imports();
        for import in &imports {
            next.entry(&import.from).or_default().insert(&import.to);
        }
        let reached = |start: &str| {
            let (mut reached, mut left) = (BTreeSet::new(), vec![start]);
            while let Some(file) = left.pop() {
                let imported = next.get(file).into_iter().flatten();
                left.extend(imported.filter(|file| reached.insert((**file).to_owned())));
            }
            reached
        };
        let from: BTreeMap<&str, _> = next.keys().map(|file| (*file, reached(file))).collect();
        let with = |file: &str| -> Vec<String> {
            let back =
                |other: &&String| from.get(other.as_str()).is_some_and(|reached| reached.contains(file));
            from[file].iter().filter(back).cloned().collect()
        };
        from.keys().map(|file| with(file)).filter(|circle| !circle.is_empty()).collect()
    }

    /// The file that a path leads to, through re-exports. `None` for a path to the root.
    fn resolve(&self, path: &[String]) -> Option<String> {
        let modules =
            (1..=path.len()).take_while(|n| self.files.contains_key(&path[..*n].join("/"))).last()?;
        let file = path[..modules].join("/");
        let reexported = path.get(modules).and_then(|name| self.reexported(&file, name));
        Some(reexported.unwrap_or(file))
    }

    /// The file from which a room's file re-exports a name.
    fn reexported(&self, file: &str, name: &str) -> Option<String> {
        let mut lists = self.files[file].split("pub use ").skip(1).filter_map(|text| text.split_once(';'));
        let (list, _) = lists.find(|(list, _)| words(list).skip(1).any(|word| word == name))?;
        let child = format!("{file}/{}", words(list).next()?);
        self.files.contains_key(&child).then(|| self.reexported(&child, name).unwrap_or(child))
    }

    /// The files whose names a room's file re-exports and also uses.
    fn used_reexports(&self, file: &str, text: &str) -> BTreeSet<String> {
        let code: String =
            text.split_inclusive(';').filter(|part| !part.trim().starts_with("pub use ")).collect();
        words(&code).filter_map(|word| self.reexported(file, word)).collect()
    }
}

fn is_test(file: &str) -> bool {
    file.rsplit('/').next() == Some("tests")
}

fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Every path that begins with `crate`, or with `super` in an import, as segments from the root.
fn paths(file: &str, text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for part in text.split("crate::").skip(1) {
        tree(part, &[], &mut paths);
    }
    let parent: Vec<String> = file.split('/').map(str::to_owned).collect();
    for part in before_tests(text).split("\nuse super::").skip(usize::from(!text.starts_with("use super::")))
    {
        let part = part.strip_prefix("use super::").unwrap_or(part);
        tree(part, &parent[..parent.len() - 1], &mut paths);
    }
    paths
}

/// Reads one tree of names, such as `a::{b, c::D}`, and returns the rest of the text.
fn tree<'t>(text: &'t str, before: &[String], paths: &mut Vec<Vec<String>>) -> &'t str {
    let mut path = before.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(list) = rest.strip_prefix('{') {
            return trees(list, &path, paths);
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        path.push(rest[..end].to_owned());
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) => rest = after,
            None => {
                paths.push(path);
                return rest;
            }
        }
    }
}

fn trees<'t>(text: &'t str, before: &[String], paths: &mut Vec<Vec<String>>) -> &'t str {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('}') {
            return after;
        }
        rest = tree(rest, before, paths).trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    rest
}
