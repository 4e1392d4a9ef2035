//! The suffix of the statement descriptor.

use super::Variables;
use payments::StatementDescriptorTemplate;

/// The prefix is read first, because it bounds the suffix.
pub(super) fn read(
    variables: &mut Variables<impl Fn(&str) -> Option<String>>,
) -> StatementDescriptorTemplate {
    let prefix_chars = variables.read("STATEMENT_DESCRIPTOR_PREFIX_LENGTH", "10", |length| {
        let length = length.parse().ok()?;
        StatementDescriptorTemplate::parse("", length).ok().map(|_| length)
    });
    variables.read("STATEMENT_DESCRIPTOR_SUFFIX", "", |text| {
        StatementDescriptorTemplate::parse(text, prefix_chars).ok()
    })
}

#[cfg(test)]
mod tests {
    use crate::config::tests::config;

    #[test]
    fn a_statement_descriptor_is_what_stripe_takes() {
        let suffix = |suffix: &str, prefix: &str| {
            let set = [
                ("TABLE_NAME", "t"),
                ("STATEMENT_DESCRIPTOR_SUFFIX", suffix),
                ("STATEMENT_DESCRIPTOR_PREFIX_LENGTH", prefix),
            ];
            let creator = payments::CreatorId::parse("ana-the-first").unwrap();
            config(&set).map(|config| config.statement_descriptor.for_creator(&creator).is_some())
        };
        assert_eq!((suffix("{creator}", "7"), suffix("{creator}", "8")), (Ok(true), Ok(false)));
        assert_eq!(suffix("{creator}*", "7").unwrap_err().variables, ["STATEMENT_DESCRIPTOR_SUFFIX"]);
        assert_eq!(suffix("{creator}", "11").unwrap_err().variables, ["STATEMENT_DESCRIPTOR_PREFIX_LENGTH"]);
        let default = config(&[("TABLE_NAME", "t")]).unwrap().statement_descriptor;
        assert_eq!(default.for_creator(&payments::CreatorId::parse("ana").unwrap()), None);
    }
}
