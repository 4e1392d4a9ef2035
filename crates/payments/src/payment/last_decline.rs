//! Whom the last decline is told, and for how long.

use crate::payment::Payment;

impl Payment {
    /// Why the last attempt to pay failed, for operators: until the payment is paid, also once it is canceled.
    #[must_use]
    pub fn last_decline(&self) -> Option<&str> {
        let declined = self.state.declined.as_ref().filter(|_| !self.state.succeeded);
        declined.map(|(_, code)| code.as_str())
    }

    /// Why the last attempt to pay failed, for the sender: while another attempt can be made.
    #[must_use]
    pub fn last_decline_for_sender(&self) -> Option<&str> {
        let declined = self.state.declined.as_ref().filter(|_| !self.state.is_terminal());
        declined.map(|(_, code)| code.for_sender())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EventId;
    use crate::payment::{DeclineCode, Fact, Stamp, tests::payment};

    fn declined(at_s: i64, code: &str) -> Fact {
        let stamp = Stamp::of_event(at_s, EventId::parse(&format!("evt_{at_s}")).expect("id"));
        Fact::Declined(stamp, DeclineCode::of(code).expect("a code"))
    }

    fn with_facts(facts: &[Fact]) -> Payment {
        payment().join(facts).expect("a change").after
    }

    #[test]
    fn the_last_decline_is_told_in_any_order_until_the_payment_is_paid() {
        let [earlier, later] = [declined(1, "insufficient_funds"), declined(2, "incorrect_cvc")];
        for facts in [[earlier.clone(), later.clone()], [later, earlier]] {
            let open = with_facts(&facts);
            assert_eq!(open.last_decline(), Some("incorrect_cvc"));
            assert_eq!(open.last_decline_for_sender(), Some("incorrect_cvc"));
            let canceled = open.join(&[Fact::Canceled]).expect("a change").after;
            assert_eq!(canceled.last_decline(), Some("incorrect_cvc"));
            assert_eq!(canceled.last_decline_for_sender(), None);
            let paid = open.join(&[Fact::Succeeded]).expect("a change").after;
            assert_eq!((paid.last_decline(), paid.last_decline_for_sender()), (None, None));
        }
    }
}
