"""What the database itself refuses."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from feedback.actions.models import CorrectiveAction
from tests.factories.actions import brought_to

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"state": "asleep"}, {"source_kind": "dream"}, {"title": ""}, {"cause": None}, {"owner": None},
        {"due_on": None}, {"verified_at": None}, {"verified_by": None}, {"check_on": None}, {"state": "closed"},
        {"ended_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_refused(company, values):
    action = brought_to(company, "verified")
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectiveAction.objects.filter(pk=action.pk).update(**values)


def test_nobody_confirms_their_own_work_nor_that_of_their_own_department(company):
    action = brought_to(company, "verified")
    for values in ({"verified_by": company.assigned}, {"customer": company.it}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectiveAction.objects.filter(pk=action.pk).update(**values)
