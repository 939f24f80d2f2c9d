"""Who makes questionnaires and campaigns, who answers, who reads results: the rows feedback.* of the matrix."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from feedback.surveys.models import Campaign, Survey
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing


def survey_contexts(person: Person, department_id: int | None) -> frozenset[str]:
    """The letters under which the person stands to the department whose questionnaire it is, or to the company's."""
    hats = standing(person)
    found = set(hats.global_contexts) | {"U"}
    if department_id in hats.agent_of:
        found.add("SA")
    if department_id in hats.head_of:
        found.add("SH")
    return frozenset(found)


def contexts(person: Person, campaign: Campaign, audience: Collection[int]) -> frozenset[str]:
    """The same of a campaign; CH leads one of the departments that are asked."""
    found = survey_contexts(person, campaign.survey.department_id)
    return found | {"CH"} if standing(person).head_of & set(audience) else found


def can_configure(person: Person, department_id: int | None) -> bool:
    """feedback.configure: heads for their own department; administrators for all, and for the company."""
    return best_code("feedback.configure", survey_contexts(person, department_id)) in ALLOWED_CODES


def can_configure_any(person: Person) -> bool:
    hats = standing(person)
    return hats.is_admin or bool(hats.head_of)


def require_configure(person: Person, survey: Survey | None = None, department: Department | None = None) -> None:
    department_id = survey.department_id if survey else department.pk if department else None
    if not can_configure(person, department_id):
        raise NotAllowed(
            _("Questionnaires and campaigns are made by heads for their own department, and by administrators."),
            needed=_("Ask the head of the department or one of the administrators."),
        )


def require_any_configure(person: Person) -> None:
    if not can_configure_any(person):
        require_configure(person)


def can_read_results(person: Person, campaign: Campaign, audience: Collection[int]) -> bool:
    """feedback.view_aggregate: agents and heads of whose it is, heads of who is asked, auditors, executives."""
    return best_code("feedback.view_aggregate", contexts(person, campaign, audience)) in ALLOWED_CODES


def require_results(person: Person, campaign: Campaign, audience: Collection[int]) -> None:
    if not can_read_results(person, campaign, audience):
        raise NotAllowed(
            _("Results are for the agents and heads of the department whose survey it is, the heads of the departments "
              "that were asked, executives and auditors."),
            needed=_("Ask one of the heads."),
        )  # fmt: skip


def can_read_texts(person: Person, campaign: Campaign, audience: Collection[int]) -> bool:
    """feedback.view_free_text: the head of whose it is, and auditors; from ten answers on."""
    return best_code("feedback.view_free_text", contexts(person, campaign, audience)) in ALLOWED_CODES


def not_invited() -> NotAllowed:
    return NotAllowed(_("This survey is not addressed to you."), needed=_("Those who were invited answer it."))
