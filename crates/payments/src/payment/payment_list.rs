//! Lists of a user's payments: whose they are, what is asked for, and which payments fit.

use crate::ids::{CreatorId, UserId};
use crate::payment::{Payment, Status};
use crate::text_limits::Context;
use crate::timestamp::Timestamp;

/// The payments of one user, in one of their two roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentList {
    /// By the time of creation.
    SentBy(UserId),
    /// Settled ones, by the time at which their settlement was booked here.
    ReceivedBy(CreatorId),
}

/// Who reads a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListReader {
    /// The user whose list it is.
    Owner,
    Operator,
}

/// What is asked for of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentQuery {
    pub list: PaymentList,
    pub reader: ListReader,
    /// The first time.
    pub from: Option<Timestamp>,
    /// The first time that is too late.
    pub to: Option<Timestamp>,
    pub filter: PaymentFilter,
}

/// What each payment of a page has in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    pub status: Option<Status>,
    pub sender: Option<UserId>,
    pub creator: Option<CreatorId>,
    pub context: Option<Context>,
}

impl PaymentQuery {
    /// Whether a payment of the list is asked for.
    ///
    /// A creator finds no anonymous payment by its sender: that it is found would name the sender.
    #[must_use]
    pub fn includes(&self, payment: &Payment) -> bool {
        let terms = &payment.terms;
        let is_of_list = match &self.list {
            PaymentList::SentBy(sender) => terms.sender == *sender,
            PaymentList::ReceivedBy(creator) => {
                terms.creator == *creator && payment.status() == Status::Succeeded
            }
        };
        let shows_sender = match (&self.list, self.reader) {
            (PaymentList::SentBy(_), _) | (_, ListReader::Operator) => true,
            (PaymentList::ReceivedBy(_), ListReader::Owner) => !terms.anonymous,
        };
        let PaymentFilter { status, sender, creator, context } = &self.filter;
        is_of_list
            && status.is_none_or(|status| payment.status() == status)
            && sender.as_ref().is_none_or(|sender| shows_sender && terms.sender == *sender)
            && creator.as_ref().is_none_or(|creator| terms.creator == *creator)
            && context.as_ref().is_none_or(|context| terms.context.as_ref() == Some(context))
    }

    /// Whether a page can only be filled by reading more payments than it shows.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filter != PaymentFilter::default()
    }

    /// A text that is the same for the same question only: what a cursor is bound to. No part contains a NUL, which
    /// separates them.
    #[must_use]
    pub fn identity(&self) -> String {
        let (role, owner) = match &self.list {
            PaymentList::SentBy(sender) => ("sender", sender.as_str()),
            PaymentList::ReceivedBy(creator) => ("receiver", creator.as_str()),
        };
        let reader = match self.reader {
            ListReader::Owner => "owner",
            ListReader::Operator => "operator",
        };
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let PaymentFilter { status, sender, creator, context } = &self.filter;
        let status = status.map(Status::as_str).unwrap_or_default();
        let sender = sender.as_ref().map(UserId::as_str).unwrap_or_default();
        let creator = creator.as_ref().map(CreatorId::as_str).unwrap_or_default();
        let context = context.as_ref().map(Context::as_str).unwrap_or_default();
        let (from, to) = (time(self.from), time(self.to));
        [role, owner, reader, &from, &to, status, sender, creator, context].join("\0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::Fact;
    use crate::payment::tests::payment;

    fn user(id: &str) -> UserId {
        UserId::parse(id).expect("a user")
    }

    fn settled(anonymous: bool) -> Payment {
        let mut payment = payment();
        payment.terms.anonymous = anonymous;
        payment.join(&[Fact::Succeeded]).expect("a change").after
    }

    fn received_by(creator: &CreatorId, reader: ListReader) -> PaymentQuery {
        let list = PaymentList::ReceivedBy(creator.clone());
        PaymentQuery { list, reader, from: None, to: None, filter: PaymentFilter::default() }
    }

    fn sent_by(sender: &UserId) -> PaymentQuery {
        let list = PaymentList::SentBy(sender.clone());
        PaymentQuery {
            list,
            reader: ListReader::Owner,
            from: None,
            to: None,
            filter: PaymentFilter::default(),
        }
    }

    #[test]
    fn a_list_has_its_owners_payments_and_a_creators_only_settled_ones() {
        let (open, settled) = (payment(), settled(false));
        let (sender, creator) = (&open.terms.sender, &open.terms.creator);
        let in_lists = |payment: &Payment| {
            let received = received_by(creator, ListReader::Owner).includes(payment);
            (sent_by(sender).includes(payment), received)
        };
        assert_eq!((in_lists(&open), in_lists(&settled)), ((true, false), (true, true)));
        let others = CreatorId::parse("somebody-else").expect("a creator");
        assert!(!received_by(&others, ListReader::Owner).includes(&settled));
        assert!(!sent_by(&user("somebody-else")).includes(&settled));
    }

    #[test]
    fn a_creator_finds_no_anonymous_payment_by_its_sender_and_an_operator_does() {
        for (anonymous, reader, expected) in [
            (false, ListReader::Owner, true),
            (true, ListReader::Owner, false),
            (true, ListReader::Operator, true),
        ] {
            let payment = settled(anonymous);
            let mut query = received_by(&payment.terms.creator, reader);
            query.filter.sender = Some(payment.terms.sender.clone());
            assert_eq!(query.includes(&payment), expected, "{anonymous} {reader:?}");
            query.filter.sender = Some(user("somebody-else"));
            assert!(!query.includes(&payment));
        }
    }

    #[test]
    fn each_filter_leaves_out_what_differs() {
        let mut payment = settled(false);
        payment.terms.context = Context::parse("room:1").ok();
        let creator = payment.terms.creator.clone();
        let filters = |status, creator: &str, context: &str| PaymentFilter {
            status: Some(status),
            sender: None,
            creator: CreatorId::parse(creator).ok(),
            context: Context::parse(context).ok(),
        };
        let mut query = sent_by(&payment.terms.sender);
        assert!(query.includes(&payment) && !query.is_filtered());
        for (filter, expected) in [
            (filters(Status::Succeeded, creator.as_str(), "room:1"), true),
            (filters(Status::Canceled, creator.as_str(), "room:1"), false),
            (filters(Status::Succeeded, "somebody-else", "room:1"), false),
            (filters(Status::Succeeded, creator.as_str(), "room:2"), false),
        ] {
            query.filter = filter;
            assert_eq!((query.includes(&payment), query.is_filtered()), (expected, true));
        }
    }

    #[test]
    fn questions_that_differ_have_different_identities() {
        let creator = CreatorId::parse("sam").expect("a creator");
        let at = |seconds| Some(Timestamp::from_seconds(seconds));
        let base = sent_by(&user("sam"));
        let with = |edit: &dyn Fn(&mut PaymentQuery)| {
            let mut query = base.clone();
            edit(&mut query);
            query.identity()
        };
        let all = [
            base.identity(),
            received_by(&creator, ListReader::Owner).identity(),
            received_by(&creator, ListReader::Operator).identity(),
            sent_by(&user("kim")).identity(),
            with(&|query| query.reader = ListReader::Operator),
            with(&|query| query.from = at(1)),
            with(&|query| query.to = at(1)),
            with(&|query| query.filter.status = Some(Status::Created)),
            with(&|query| query.filter.sender = Some(user("sam"))),
            with(&|query| query.filter.creator = Some(creator.clone())),
            with(&|query| query.filter.context = Context::parse("sam").ok()),
        ];
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }
}
