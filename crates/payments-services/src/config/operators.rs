//! Who is an operator, by the claims of their access token.

use super::Variables;

/// The claim that makes a caller an operator. With a group, the scope counts no more: one rule decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorRule {
    /// A scope, which the gateway requires too.
    Scope(String),
    /// A value of the claim `cognito:groups` or `groups`, which the functions alone check.
    Group(String),
}

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    /// Reads `OPERATOR_SCOPE` and `OPERATOR_GROUP`.
    pub(super) fn operator_rule(&mut self) -> OperatorRule {
        let scope = self.read("OPERATOR_SCOPE", "payments:admin", name);
        match self.lookup("OPERATOR_GROUP").as_deref() {
            None | Some("") => OperatorRule::Scope(scope),
            Some(text) => name(text).map_or_else(|| self.refuse_group(scope), OperatorRule::Group),
        }
    }

    fn refuse_group(&mut self, scope: String) -> OperatorRule {
        self.wrong.push("OPERATOR_GROUP");
        self.advice.push(
            "OPERATOR_GROUP (parameter OperatorGroup) must be printable ASCII without blanks: API Gateway hands a user's groups \
             over as one text, separated by blanks. Make operators members of a group with such a name"
                .to_owned(),
        );
        OperatorRule::Scope(scope)
    }
}

/// The name of a scope or group, without what the gateway puts between several.
fn name(text: &str) -> Option<String> {
    let is_name = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    is_name.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config;

    fn rule(set: &[(&str, &str)]) -> Result<OperatorRule, String> {
        let set = [&[("TABLE_NAME", "t")], set].concat();
        config(&set).map(|config| config.operators).map_err(|error| error.to_string())
    }

    #[test]
    fn operators_have_a_scope_unless_the_deployment_names_a_group() {
        let scope = |name: &str| Ok(OperatorRule::Scope(name.to_owned()));
        assert_eq!(rule(&[]), scope("payments:admin"));
        assert_eq!(rule(&[("OPERATOR_SCOPE", "payments-api/admin")]), scope("payments-api/admin"));
        let group = [("OPERATOR_SCOPE", "payments-api/admin"), ("OPERATOR_GROUP", "/payments-operators")];
        assert_eq!(rule(&group), Ok(OperatorRule::Group("/payments-operators".to_owned())));
        assert_eq!(rule(&[("OPERATOR_GROUP", "")]), scope("payments:admin"));
    }

    #[test]
    fn a_name_with_blanks_is_refused_with_advice() {
        for wrong in ["payments operators", " operators", "operators\n", "opérateurs"] {
            let refused = rule(&[("OPERATOR_GROUP", wrong)]).unwrap_err();
            assert!(refused.contains("OPERATOR_GROUP (parameter OperatorGroup) must be"), "{refused}");
            assert!(!refused.contains("opérateurs"));
            assert!(rule(&[("OPERATOR_SCOPE", wrong)]).unwrap_err().contains("OPERATOR_SCOPE"));
        }
    }
}
