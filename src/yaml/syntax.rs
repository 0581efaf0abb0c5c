//! What the parser says of the mistakes that people make, in words that have their Chinese.

use granit_parser::ErrorKind;

use crate::words::Message;

/// What is said of maps and lists below more of them than are followed.
pub(super) const TOO_DEEP: &str = phrase!("maps and lists stand too deep in each other");

/// Says what is wrong with a file that is no YAML.
pub(super) fn message(kind: &ErrorKind) -> Message {
    match cause(kind) {
        Some(cause) => say!("not valid YAML: {}", Message::phrase(cause)),
        None => say!("this is not valid YAML"),
    }
}

/// Names the mistake in the terms of libyaml, which people find when they look them up. What is
/// left has to do with directives and versions, which nobody writes by hand.
fn cause(kind: &ErrorKind) -> Option<&'static str> {
    use ErrorKind as E;
    Some(match kind {
        E::ExpectedFlowSequenceSeparator
        | E::UnexpectedEofFlowSequence
        | E::UnclosedFlowCollection { open: '[' }
        | E::MismatchedFlowCollectionEnd { open: '[', .. } => {
            phrase!("did not find expected ',' or ']'")
        }
        E::ExpectedFlowMappingSeparator
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::UnclosedFlowCollection { .. }
        | E::MismatchedFlowCollectionEnd { .. } => phrase!("did not find expected ',' or '}'"),
        E::ExpectedBlockSequenceEntry => phrase!("did not find expected '-' indicator"),
        E::ExpectedBlockMappingKey
        | E::InvalidIndentation
        | E::InvalidBlockScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidFlowScalarIndent
        | E::InvalidTrailingSingleQuotedScalar
        | E::InvalidTrailingDoubleQuotedScalar
        | E::CommentInterceptedScalar => phrase!("did not find expected key"),
        E::SimpleKeyExpected | E::InvalidSimpleKey => phrase!("could not find expected ':'"),
        E::ExpectedNodeContent => phrase!("did not find expected node content"),
        E::UnclosedQuotedScalar
        | E::DocumentIndicatorInQuotedScalar
        | E::UnexpectedEof
        | E::UnexpectedEofBlockMapping
        | E::UnexpectedEofBlockSequence => phrase!("found unexpected end of stream"),
        E::UnexpectedCharacter { character } if character.is_control() => {
            phrase!("control characters are not allowed")
        }
        E::UnexpectedCharacter { .. }
        | E::MisplacedFlowCollectionEnd
        | E::PlainScalarStartsWithDashFlowIndicator
        | E::UnexpectedEndOfPlainScalar => phrase!("found character that cannot start any token"),
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => {
            phrase!("found a tab character that violates indentation")
        }
        E::BlockEntryInFlowCollection
        | E::BlockSequenceEntryNotAllowed
        | E::InvalidBlockEntryWhitespace => {
            phrase!("block sequence entries are not allowed in this context")
        }
        E::MappingKeyNotAllowed => phrase!("mapping keys are not allowed in this context"),
        E::MappingValueNotAllowed
        | E::InvalidColonPlacement
        | E::InvalidMappingValueWhitespace
        | E::FlowMappingValueAdjacentCollection => {
            phrase!("mapping values are not allowed in this context")
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => phrase!("found unknown escape character"),
        E::ExpectedWhitespace
        | E::CommentNotSeparated
        | E::InvalidTagTerminator
        | E::InvalidBlockScalarHeader => {
            phrase!("did not find expected whitespace or line break")
        }
        E::MissingAnchorOrAliasName => {
            phrase!("did not find expected alphabetic or numeric character")
        }
        E::UnknownAnchor => phrase!("unknown anchor"),
        E::UndeclaredTagHandle => phrase!("found undefined tag handle"),
        E::RecursionLimitExceeded => TOO_DEEP,
        _ => return None,
    })
}
