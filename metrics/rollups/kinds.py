"""The kinds of requests that figures are narrowed to: what is needed, who needs it, how it was filed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.catalogue.states import NeedType
from requests_app.desk.states import Channel
from requests_app.kernel.errors import WrongInput
from requests_app.org.states import CustomerKind


@dataclass(frozen=True)
class Kind:
    """`every` says that nothing is chosen; `choices` are (value of the facts, words)."""

    label: Promise
    every: Promise
    choices: tuple[tuple[str, str | Promise], ...]

    @property
    def values(self) -> list[str]:
        return [value for value, _words in self.choices]


KINDS: dict[str, Kind] = {
    "need_type": Kind(gettext_lazy("Type of need"), gettext_lazy("All types of need"), tuple(NeedType.choices)),
    "customer_kind": Kind(
        gettext_lazy("Kind of customer"), gettext_lazy("All kinds of customers"), tuple(CustomerKind.choices)
    ),
    "channel": Kind(gettext_lazy("Channel"), gettext_lazy("All channels"), tuple(Channel.choices)),
}


def not_known(name: str) -> str:
    """What to write instead of a value that is none of this kind."""
    return _("Choose one of: %(c)s.") % {"c": ", ".join(KINDS[name].values)}


def kinds_asked(given: Mapping[str, str]) -> dict[str, str]:
    """Those of `given` that narrow; WrongInput names the field and its choices."""
    found = {name: given[name] for name in KINDS if given.get(name)}
    wrong = {name: [not_known(name)] for name, value in found.items() if value not in KINDS[name].values}
    if wrong:
        raise WrongInput(wrong)
    return found


def kind_words(kinds: Mapping[str, str]) -> list[str]:
    """“Type of need: Technical” of each."""
    return [f"{KINDS[name].label}: {dict(KINDS[name].choices)[value]}" for name, value in kinds.items()]
