"""The ways in which an act can be refused. Every one carries a sentence for the person who tried."""

from django.utils.translation import gettext as _


class DomainError(Exception):
    """The act is not possible now; nothing was changed. `code` is stable, the message is translated."""

    code = "refused"
    status = 409

    def __init__(self, message: str, *, code: str | None = None):
        super().__init__(message)
        self.message = message
        self.code = code or self.code


class IllegalMove(DomainError):
    """The object's state does not allow the act (any more)."""

    code = "illegal_move"


class StaleVersion(DomainError):
    """Somebody else saved in between."""

    code = "stale"
    status = 412


class WrongInput(DomainError):
    """What was typed is not acceptable. `errors` maps field to sentences, each naming the remedy."""

    code = "invalid"
    status = 400

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__(_("Some of what was entered is not right yet."))
        self.errors = errors

    def __str__(self) -> str:
        return " ".join(sentence for sentences in self.errors.values() for sentence in sentences)


class NotAllowed(DomainError):
    """Visible to this person, but not theirs to do. Says who could."""

    code = "not_allowed"
    status = 403

    def __init__(self, message: str, *, needed: str = ""):
        super().__init__(message)
        self.needed = needed


def require_text(field: str, value: str, *, longest: int = 20_000) -> str:
    """The stripped text, or WrongInput when it is empty, too long or holds a NUL character."""
    value = (value or "").strip()
    if not value:
        raise WrongInput({field: [_("This is needed. Write a few words.")]})
    return check_text(field, value, longest=longest)


def check_text(field: str, value: str, *, longest: int = 20_000) -> str:
    """The text as it can be stored, or WrongInput."""
    if "\x00" in value or any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        raise WrongInput({field: [_("This holds characters that cannot be stored. Remove them.")]})
    if len(value) > longest:
        raise WrongInput({field: [_("This is too long. At most %(n)s characters fit.") % {"n": longest}]})
    return value
