"""Sessions as Django keeps them in the database; reading one, which every page does, takes a query written once."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from requests_app.kernel.written import written_once


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _alive(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]


@written_once
def _alive(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
