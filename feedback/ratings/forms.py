"""The rating as it is typed on a page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.ratings.models import Rating
from feedback.ratings.states import (
    DAYS,
    LONGEST_COMMENT,
    LONGEST_REST,
    QUESTIONS,
    SCORES,
    SWITCHES,
    Answer,
    Dimension,
)
from requests_app.catalogue.models import Service
from requests_app.kernel.forms import EditForm
from requests_app.kernel.versions import fingerprint

_SCORES = [(score, str(score)) for score in SCORES]
_WORDS = {str(score) for score in SCORES}


def _score(label: str, *, required: bool = False, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=_SCORES, coerce=int, empty_value=None, required=required, label=label, help_text=help_text,
        error_messages={"invalid_choice": _("Choose a whole number from 1 to 5."),
                        "required": _("Choose a whole number from 1 to 5.")},
    )  # fmt: skip


class RatingForm(forms.Form):
    """A score, and what one likes to add. `details` says that the whole form was there, not the score alone."""

    overall = _score(_("How was it, all in all?"), required=True)
    reliability = _score(Dimension.RELIABILITY.label, help_text=QUESTIONS[Dimension.RELIABILITY])
    assurance = _score(Dimension.ASSURANCE.label, help_text=QUESTIONS[Dimension.ASSURANCE])
    tangibles = _score(Dimension.TANGIBLES.label, help_text=QUESTIONS[Dimension.TANGIBLES])
    empathy = _score(Dimension.EMPATHY.label, help_text=QUESTIONS[Dimension.EMPATHY])
    responsiveness = _score(Dimension.RESPONSIVENESS.label, help_text=QUESTIONS[Dimension.RESPONSIVENESS])
    effort = _score(_("How easy was it to get?"))
    comment = forms.CharField(
        max_length=LONGEST_COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("In your words")
    )
    share_with_team = forms.BooleanField(required=False)
    details = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, rating: Rating | None, score: str = "") -> "RatingForm":
        """Unbound, with the answer as it stands and the score that was clicked."""
        values: dict = {"details": True}
        if rating:
            values |= rating.dimensions | {
                "overall": rating.overall, "effort": rating.effort, "comment": rating.comment,
                "share_with_team": rating.share_with_team,
            }  # fmt: skip
        if score in _WORDS:
            values["overall"] = int(score)
        return cls(initial=values)

    def _row(self, name: str) -> dict:
        """What the tag `score` draws."""
        bound = self[name]
        chosen = str(bound.value() or "")
        return {
            "name": bound.html_name,
            "label": bound.label,
            "help_text": bound.help_text,
            "value": int(chosen) if chosen in _WORDS else None,
        }

    @property
    def overall_row(self) -> dict:
        return self._row("overall")

    @property
    def dimension_rows(self) -> list[dict]:
        return [self._row(name) for name in Dimension.values]

    @property
    def effort_row(self) -> dict:
        words = [_t("very hard"), _t("hard"), _t("fair"), _t("easy"), _t("very easy")]
        return self._row("effort") | {"words": words}

    @property
    def has_details(self) -> bool:
        return any(self._row(name)["value"] for name in (*Dimension.values, "effort"))

    @property
    def answer(self) -> Answer:
        """What was answered; the form is valid."""
        clean = self.cleaned_data
        return Answer(
            overall=clean["overall"],
            dimensions={name: clean[name] for name in Dimension.values if clean[name] is not None},
            effort=clean["effort"],
            comment=clean["comment"],
            share_with_team=clean["share_with_team"],
        )

    @property
    def is_score_alone(self) -> bool:
        return not self.cleaned_data["details"]


class ReplyForm(forms.Form):
    """A word about a rating."""

    text = forms.CharField(label=_("Your answer"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}))


class RulesForm(EditForm):
    """How often people are asked: the company's limit, and a share for each service."""

    rest_days = forms.IntegerField(
        label=_("Ask one person again only after so many days"), min_value=0, max_value=LONGEST_REST,
        help_text=_("By ratings and surveys together. 0 means no limit."),
    )  # fmt: skip
    campaign_rest_days = forms.IntegerField(
        label=_("Days between two surveys for one person"), min_value=0, max_value=LONGEST_REST,
        help_text=_("Whoever was asked by one is left in peace by the next. 0 means no limit of its own."),
    )  # fmt: skip
    remind = forms.BooleanField(
        label=_("Remind whoever has not answered"), required=False, help_text=_("Once, three working days later.")
    )
    propose_actions = forms.BooleanField(
        label=_("Propose a corrective action for low ratings"), required=False,
        help_text=_("To the head of the supplier, for 1 or 2 of 5 with a comment that was shared with the team."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, services: Iterable[Service], values: dict[str, Any]):
        initial = {name: values[name] for name in (*DAYS, *SWITCHES)}
        super().__init__(data, initial=initial | {"version": fingerprint(values)})
        self.departments: dict[str, str] = {}
        self.slugs = {f"share_{service.slug}": service.slug for service in services}
        for service in services:
            name = f"share_{service.slug}"
            self.fields[name] = forms.IntegerField(label=service.name, min_value=0, max_value=100)
            self.fields[name].widget.attrs["inputmode"] = "numeric"
            self.initial[name] = values["shares"].get(service.slug, 100)
            self.departments[name] = service.department.name

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """The share of each service, and whose it is."""
        return [(self[name], self.departments[name]) for name in self.slugs]

    def chosen(self) -> dict[str, Any]:
        """What the service takes; the form is valid."""
        clean = self.cleaned_data
        shares = {slug: clean[name] for name, slug in self.slugs.items()}
        return {name: clean[name] for name in (*DAYS, *SWITCHES)} | {"shares": shares}
