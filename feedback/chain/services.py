"""Saying who one's suppliers and customers are: by the form, and by the answer to a survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.chain import policies
from feedback.chain.matching import words_about
from feedback.chain.models import Declaration
from feedback.chain.states import LONGEST_WORDS, Side, Source
from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.states import NAMED
from requests_app.events.services import record
from requests_app.kernel.errors import StaleVersion, WrongInput, check_text
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

# Item of the ready questionnaire by what it is about; texts a question does not ask for are left as they were.
ITEMS = {
    Side.SUPPLIER: ("suppliers", {"products": "receive", "demands": "demand", "troubles": "trouble"}),
    Side.CUSTOMER: ("customers", {"products": "pass", "demands": "wish"}),
}
OUTSIDE_ITEM = "outside"
TEXTS = ("products", "demands", "troubles")


@dataclass(frozen=True)
class _Saying:
    """What is about to be said, and how it came to be."""

    texts: Mapping[str, str]
    holds: bool
    source: str
    at: datetime
    campaign: Campaign | None = None


@transaction.atomic
def declare(
    *, by: Person, department: Department, side: str, other: Department | None, products: str = "", demands: str = "",
    troubles: str = "", holds: bool = True, expected_number: int | None = None, at: datetime | None = None,
) -> Declaration:  # fmt: skip
    """Say it, amend it, or (`holds=False`) take it back. Without `other`: the customers outside the company.

    `expected_number`: the version that was read, 0 for none; StaleVersion when there is a newer one.
    """
    policies.require_declare(by, department)
    _require_fitting(department, side, other)
    given = {"products": products, "demands": demands, "troubles": troubles}
    texts = {name: check_text(name, text.strip(), longest=LONGEST_WORDS) for name, text in given.items()}
    now = at or timezone.now()
    before = _lock(department).get((side, other.pk if other else None))
    if expected_number is not None and expected_number != (before.number if before else 0):
        raise StaleVersion(_("Somebody said something new of this since you opened it. Look at it again."))
    if not holds and (before is None or not before.holds):
        raise WrongInput({"holds": [_("There is nothing to take back: it was not said.")]})
    if not holds and before is not None:
        texts = {name: getattr(before, name) for name in TEXTS}
    saying = _Saying(texts, holds, Source.FORM, now)
    return _say(by, department, side, other, before, saying) or before  # type: ignore[return-value]


def _require_fitting(department: Department, side: str, other: Department | None) -> None:
    if side not in Side.values:
        raise WrongInput({"side": [_("Choose one of: %(c)s.") % {"c": ", ".join(Side.values)}]})
    if other is None and side != Side.CUSTOMER:
        raise WrongInput({"other": [_("Name a department. Only customers can be outside the company.")]})
    if other is not None and other.pk == department.pk:
        raise WrongInput({"other": [_("Choose another department: this is the one that speaks.")]})


def _lock(department: Department) -> dict[tuple[str, int | None], Declaration]:
    """What the department says now; nobody else says anything for it meanwhile."""
    Department.objects.select_for_update(of=("self",), no_key=True).get(pk=department.pk)
    rows = Declaration.objects.filter(department=department, is_current=True)
    return {(row.side, row.other_id): row for row in rows}


def _say(
    by: Person | None, department: Department, side: str, other: Department | None, before: Declaration | None,
    saying: _Saying,
) -> Declaration | None:  # fmt: skip
    """The next version; None where it would say the same again."""
    values = dict(saying.texts) | {"holds": saying.holds}
    if before is not None:
        if all(getattr(before, name) == value for name, value in values.items()):
            return None
        Declaration.objects.filter(pk=before.pk).update(is_current=False)
    made = Declaration.objects.create(
        department=department, side=side, other=other, number=before.number + 1 if before else 1,
        source=saying.source, campaign=saying.campaign, said_at=saying.at, **values,
    )  # fmt: skip
    data = {
        "department": department.pk, "other": other and other.pk, "side": side, "number": made.number,
        "source": saying.source,
    }  # fmt: skip
    kind = "relation.declared" if saying.holds else "relation.ended"
    record(kind=kind, subject_kind="declaration", subject_id=made.pk, by=by, at=saying.at, data=data)
    return made


# ── Answers to the ready questionnaire ───────────────────────────────────────


def take_in(*, campaign: Campaign, person_id: int | None = None) -> int:
    """Turn the answers of heads into declarations of their departments; how many versions that made.

    Only of named campaigns of the ready questionnaire. Safe to run twice, late and in any order: what was said after
    the answer was given stays.
    """
    if campaign.anonymous or campaign.survey.ready != NAMED:
        return 0
    answers = SurveyAnswer.objects.filter(campaign=campaign, person__isnull=False).select_related("person")
    if person_id is not None:
        answers = answers.filter(person=person_id)
    asked = _asked(campaign)
    return sum(_take_answer(campaign, answer, asked) for answer in answers.order_by("given_at", "pk"))


def _asked(campaign: Campaign) -> dict[int, Department]:
    """The departments that are asked, with those below them."""
    wanted = Q(pk=0)
    for department in campaign.departments.all():
        wanted |= Q(pk=department.pk) | Q(path__startswith=department.path or "-")
    return {department.pk: department for department in Department.objects.filter(wanted)}


def _take_answer(campaign: Campaign, answer: SurveyAnswer, asked: Mapping[int, Department]) -> int:
    person, at = answer.person, answer.given_at
    department = _spoken_for(person, asked) if person else None
    if department is None or at is None:
        return 0
    with transaction.atomic():
        now = _lock(department)
        made = [
            said
            for side in Side
            for said in _sides(campaign, department, answer.values, side, now, at)
        ]  # fmt: skip
        return sum(
            _say(person, department, side, other, before, saying) is not None for side, other, before, saying in made
        )


def _spoken_for(person: Person, asked: Mapping[int, Department]) -> Department | None:
    """The department whose answer it is: the home of a head, else the first that they lead."""
    hats = standing(person)
    led = sorted(hats.head_of & asked.keys())
    if not led:
        return None
    return asked[hats.home_id if hats.home_id in led else led[0]]


Step = tuple[str, Department | None, Declaration | None, _Saying]


def _sides(
    campaign: Campaign, department: Department, values: Mapping[str, Any], side: str,
    now: Mapping[tuple[str, int | None], Declaration], at: datetime,
) -> list[Step]:  # fmt: skip
    """What the answer says of one side. A side on which it names nobody stays as it was."""
    item, texts = ITEMS[Side(side)]
    named = {row.pk: row for row in Department.objects.filter(slug__in=values.get(item) or []) if row != department}
    names = {name.casefold(): row.pk for row in named.values() for name in (row.name, row.slug)}
    found: list[Step] = []
    for pk, other in named.items():
        before = now.get((side, pk))
        said = {name: words_about(values.get(key) or "", names, pk) for name, key in texts.items()}
        found.append((side, other, before, _answered(campaign, before, said, at)))
    outside = str(values.get(OUTSIDE_ITEM) or "").strip() if side == Side.CUSTOMER else ""
    if outside:
        before = now.get((side, None))
        found.append((side, None, before, _answered(campaign, before, {"products": outside}, at)))
    if named:
        found += [
            (side, row.other, row, _Saying(_texts(row), False, Source.SURVEY, at, campaign))
            for (of, pk), row in now.items()
            if of == side and pk is not None and pk not in named and row.holds
        ]
    return [step for step in found if step[2] is None or step[2].said_at <= at]


def _answered(campaign: Campaign, before: Declaration | None, said: Mapping[str, str], at: datetime) -> _Saying:
    """What it does not speak of stays as it was."""
    kept = _texts(before) if before else dict.fromkeys(TEXTS, "")
    told = {name: text[:LONGEST_WORDS] for name, text in said.items() if text}
    return _Saying(kept | told, True, Source.SURVEY, at, campaign)


def _texts(row: Declaration) -> dict[str, str]:
    return {name: getattr(row, name) for name in TEXTS}
