from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from requests_app.agreements.selectors import promise_for
from requests_app.agreements.services import set_targets
from requests_app.imports.promises import PromiseBook


@pytest.mark.django_db
def test_the_book_promises_what_the_desk_promises_for_every_party_priority_and_day(company):
    now = timezone.now()
    parties = [
        {},
        {"supplier": company.it},
        {"customer": company.sales, "supplier": company.it},
        {"supplier": company.it, "service": company.laptop},
        {"customer": company.facilities, "supplier": company.it, "service": company.laptop},
    ]
    for hours, party in enumerate(parties, start=1):
        targets = {"response": {1: 60 * hours, 2: 120 * hours}, "resolution": {1: 3600 * hours}}
        set_targets(by=None, targets=targets, valid_from=now - timedelta(days=10 * hours), **party)
    set_targets(by=None, supplier=company.it, targets={"response": {1: 999}}, valid_from=now - timedelta(days=5))
    book = PromiseBook()

    for customer, service, priority, days in product(
        (company.sales, company.facilities), (company.laptop, company.badge), (1, 2, 5), (0, 7, 15, 25, 60)
    ):
        wanted = {
            "customer_id": customer.pk, "supplier_id": service.department_id, "service_id": service.pk,
            "priority": priority, "at": now - timedelta(days=days),
        }  # fmt: skip
        found = book.targets(
            customer=customer.pk, supplier=service.department_id, service=service.pk, priority=priority,
            at=wanted["at"], calendar=7,
        )  # fmt: skip
        assert found == {
            measure: {"seconds": promised.time, "calendar": 7, "agreement": promised.agreement_id}
            for measure, promised in promise_for(**wanted).items()
        }
