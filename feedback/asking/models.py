"""What the supplying department said about how it was asked: once for each request, and never written over."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from feedback.asking.states import LONGEST_NOTE, QUESTIONS, WORDS
from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


class AskingRatingQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "AskingRatingQuerySet":
        """The supplying department, who asked, and the head of the department that asked."""
        hats = standing(person)
        if not hats.person_id:
            return self.none()
        asked = Q(service_request__requester_id=hats.person_id) | Q(service_request__filed_by_id=hats.person_id)
        sides = Q(supplier_id__in=hats.supplies_for) | Q(customer_id__in=hats.head_of)
        readable = ServiceRequest.objects.visible_to(person)
        return self.filter(asked | sides, service_request__in=readable)


class AskingRating(models.Model):
    """Three answers about a request, by somebody who handled it. A trigger refuses to change or remove it."""

    service_request = models.OneToOneField(ServiceRequest, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    complete = models.BooleanField()
    in_time = models.BooleanField()
    right_place = models.BooleanField()
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    at = models.DateTimeField()

    objects = AskingRatingQuerySet.as_manager()

    class Meta:
        db_table = "asking_rating"
        constraints = [
            models.CheckConstraint(condition=~Q(customer=F("supplier")), name="nobody_rates_their_own_asking")
        ]

    def __str__(self) -> str:
        return f"how request {self.service_request_id} was asked"

    @property
    def answers(self) -> list[tuple[str, bool]]:
        """Each question in a word, and whether the answer was yes."""
        return [(str(WORDS[name]), getattr(self, name)) for name in QUESTIONS]
