//! Reads the environment's variables, and notes those that are wrong.

/// The environment, and the names of the variables that are missing or invalid in it.
pub(super) struct Variables<F> {
    lookup: F,
    pub(super) wrong: Vec<&'static str>,
    /// What to do about variables that do not fit together.
    pub(super) advice: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    pub(super) fn new(lookup: F) -> Self {
        Self { lookup, wrong: Vec::new(), advice: Vec::new() }
    }

    pub(super) fn lookup(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
    }

    /// Reads a variable; an invalid one is noted and read as if it were absent.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let value = self.lookup(name);
        parse(value.as_deref().unwrap_or(default)).unwrap_or_else(|| {
            self.wrong.push(name);
            parse(default).expect("a default is valid")
        })
    }
}
