//! Free texts that people write: messages, contexts, feedback and reasons, limited in length and characters.

use serde::{Deserialize, Serialize};

/// Longest message with a payment, in characters.
pub const MESSAGE_MAX_CHARS: usize = 500;
/// Longest context of a payment (the room or content that it is for), in characters.
pub const CONTEXT_MAX_CHARS: usize = 200;
/// Longest text of feedback, in characters.
pub const FEEDBACK_MAX_CHARS: usize = 1_000;
/// Longest reason for a change by an operator, in characters.
const REASON_MAX_CHARS: usize = 500;

/// Why a text is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Only white space or invisible characters.
    #[error("must not be blank")]
    Blank,
    #[error("must have at most {max} characters")]
    TooLong { max: usize },
    /// A control or invisible formatting character other than a line break.
    #[error("must not contain control characters")]
    ControlCharacter,
}

fn check(text: &str, max: usize) -> Result<(), NoteError> {
    if text.chars().all(is_invisible) {
        Err(NoteError::Blank)
    } else if text.chars().count() > max {
        Err(NoteError::TooLong { max })
    } else if text.chars().any(is_forbidden) {
        Err(NoteError::ControlCharacter)
    } else {
        Ok(())
    }
}

/// White space, and characters that are invisible by themselves (Unicode's default ignorables and fillers). Emoji and
/// Persian need them within a text, but alone they make a blank one.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Control characters except a line break, and direction marks, which can disguise a text ("Trojan Source",
/// CVE-2021-42574).
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

macro_rules! note {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks a text against its limits. CR LF, which HTML forms send as a line break, becomes LF.
            ///
            /// # Errors
            /// [`NoteError`] when it is blank, too long or has control characters.
            pub fn parse(text: &str) -> Result<Self, NoteError> {
                let text = text.replace("\r\n", "\n");
                check(&text, $max).map(|()| Self(text))
            }

            /// Checks a text that may be missing. An empty one is none, as forms send it.
            ///
            /// # Errors
            /// Those of [`Self::parse`].
            pub fn parse_optional(text: Option<&str>) -> Result<Option<Self>, NoteError> {
                text.filter(|text| !text.is_empty()).map(Self::parse).transpose()
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NoteError;
            fn try_from(text: String) -> Result<Self, NoteError> {
                Self::parse(&text)
            }
        }

        /// Hides the text: what people write never reaches a log.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

note!(
    /// A sender's message to a creator, sent with a payment.
    Message, MESSAGE_MAX_CHARS
);
note!(
    /// What a payment is for in the app: a room or a piece of content.
    Context, CONTEXT_MAX_CHARS
);
note!(
    /// The words of a user's feedback.
    FeedbackText, FEEDBACK_MAX_CHARS
);
note!(
    /// Why an operator changes something or refunds a payment.
    Reason, REASON_MAX_CHARS
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_may_have_lines_and_emoji_up_to_its_length_in_characters() {
        assert!(Message::parse("Thank you 🎶👩‍🎤\nfor the show").is_ok());
        assert!(Message::parse(&"é".repeat(500)).is_ok());
        assert_eq!(Message::parse(&"é".repeat(501)), Err(NoteError::TooLong { max: 500 }));
        assert_eq!(Context::parse(&"r".repeat(201)), Err(NoteError::TooLong { max: 200 }));
    }

    #[test]
    fn the_line_breaks_of_forms_are_line_feeds_before_the_length_is_measured() {
        assert_eq!(Message::parse("a\r\nb\r\n").expect("message").as_str(), "a\nb\n");
        assert!(Message::parse(&"a\r\n".repeat(250)).is_ok());
        assert_eq!(Message::parse("a\r\r\nb"), Err(NoteError::ControlCharacter));
    }

    #[test]
    fn an_empty_optional_text_is_none_and_a_blank_one_is_refused() {
        assert_eq!((Message::parse_optional(None), Message::parse_optional(Some(""))), (Ok(None), Ok(None)));
        assert_eq!(Message::parse_optional(Some(" ")), Err(NoteError::Blank));
        assert!(Message::parse_optional(Some("a")).is_ok_and(|message| message.is_some()));
    }

    #[test]
    fn control_characters_and_direction_marks_are_refused() {
        for bad in ["a\0b", "a\u{1b}[31m", "a\rb", "\u{202e}evil", "a\u{2066}b"] {
            assert_eq!(Message::parse(bad), Err(NoteError::ControlCharacter), "{bad:?}");
        }
    }

    #[test]
    fn invisible_texts_are_refused() {
        assert_eq!(Reason::parse(" \n "), Err(NoteError::Blank));
        for invisible in
            ["", "\u{200b}", "\u{feff}", "\u{2060}\u{ad}", "\u{3164}", "\u{e0041}", "\u{200d}\u{fe0f}"]
        {
            assert_eq!(Message::parse(invisible), Err(NoteError::Blank), "{invisible:?}");
        }
    }

    #[test]
    fn debug_hides_what_people_wrote() {
        assert_eq!(format!("{:?}", Message::parse("private").expect("message")), "Message(…)");
    }
}
