"""Agreements of IT for Sales, at every stage of their life."""

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation import services
from requests_app.agreements.terms import Terms
from requests_app.catalogue.models import Service
from tests.factories.company import Company

TERMS = Terms(targets={"response": {3: 3600}, "resolution": {3: 7200}}, quality="It works on the first day.")


def drafted(company: Company, terms: Terms = TERMS, service: Service | None = None) -> Agreement:
    """By the head of IT; nobody else reads it."""
    return services.draft_agreement(
        by=company.supplier_head, customer=company.sales, supplier=company.it, terms=terms, service=service
    )


def proposed(company: Company, terms: Terms = TERMS, service: Service | None = None) -> Agreement:
    """On the table; the head of Sales has to answer."""
    return services.propose_agreement(by=company.supplier_head, agreement=drafted(company, terms, service))


def signed(company: Company, terms: Terms = TERMS, service: Service | None = None) -> Agreement:
    """In force."""
    return services.sign_agreement(by=company.customer_head, agreement=proposed(company, terms, service))
