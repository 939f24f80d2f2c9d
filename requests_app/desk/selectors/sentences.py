"""One sentence of status: who must do what by when, and what happens without it. The same words on every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from requests_app.agreements.states import HoldReason, Measure
from requests_app.calendars.worktime import Worktime
from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.policies import reopen_days
from requests_app.desk.selectors.clocks import ClockFace
from requests_app.desk.states import (
    ACCEPTED,
    CANCELLED,
    CLOSED,
    DECLINED,
    DELIVERED,
    IN_PROGRESS,
    NEW,
    ON_HOLD,
)


@dataclass(frozen=True)
class Sentence:
    """`act` says who does what; `until` by when; `left` how much working time is left (negative: over)."""

    act: str
    until: datetime | None = None
    left: float | None = None
    after: str = ""

    @property
    def over(self) -> float:
        return -(self.left or 0)


@dataclass(frozen=True)
class Reader:
    """For whom the sentence is written: who asked, who works on it, whose department is offered it."""

    person_id: int
    asks: bool = False
    works: bool = False
    offered: bool = False


@dataclass(frozen=True)
class Scene:
    """What a sentence is made from; `customer_time` is needed while a delivery waits for its verdict."""

    service_request: ServiceRequest
    faces: Mapping[str, ClockFace]
    handoff: Handoff | None
    reader: Reader
    now: datetime
    customer_time: Worktime | None = None

    @property
    def supplier(self) -> str:
        return self.service_request.supplier.name

    @property
    def customer(self) -> str:
        return self.service_request.customer.name

    @property
    def resolution(self) -> ClockFace | None:
        return self.faces.get(Measure.RESOLUTION)


def sentence_of(scene: Scene) -> Sentence:
    if scene.handoff is not None:
        return _offered(scene, scene.handoff)
    return _BY_STATUS[scene.service_request.status](scene)


def _offered(scene: Scene, handoff: Handoff) -> Sentence:
    """No deadline here: the clock is the sender's, whatever the receiver does."""
    names = {"sender": handoff.sender.name, "receiver": handoff.receiver.name}
    if scene.reader.offered:
        after = _("%(sender)s keeps it, clock and all, until %(receiver)s accepts.")
        return Sentence(_("%(receiver)s takes this over or gives it back") % names, after=after % names)
    return Sentence(
        _("%(sender)s offered this to %(receiver)s and keeps it until they accept") % names,
        after=_("The clock runs on meanwhile."),
    )


def _new(scene: Scene) -> Sentence:
    face = scene.faces.get(Measure.RESPONSE)
    if face is not None and face.stopped is None:
        return _timed(_("%(who)s answers") % {"who": scene.supplier}, face)
    return _timed(_("%(who)s accepts or declines") % {"who": scene.supplier}, scene.resolution)


def _working(scene: Scene) -> Sentence:
    if scene.reader.works:
        return _timed(_("You deliver"), scene.resolution)
    return _timed(_("%(who)s delivers") % {"who": scene.supplier}, scene.resolution)


def _on_hold(scene: Scene) -> Sentence:
    names = {"supplier": scene.supplier, "customer": scene.customer}
    face = scene.resolution
    paused = face is not None and face.state == "paused"
    after = _("The clock stands still until then.") if paused else _("The clock runs on.")
    reason = scene.service_request.hold_reason
    if reason == HoldReason.CUSTOMER:
        act = _("You answer %(supplier)s") if scene.reader.asks else _("%(customer)s answers %(supplier)s")
    else:
        act = {
            HoldReason.THIRD_PARTY: _("%(supplier)s waits for an outside party"),
            HoldReason.PART: _("%(supplier)s waits for a part or material"),
            HoldReason.OTHER: _("%(supplier)s has put this on hold"),
        }[HoldReason(reason)]
    if paused or face is None:
        return Sentence(act % names, after=after)
    if reason != HoldReason.CUSTOMER:
        act = _("%(waits)s and delivers") % {"waits": act}
    return _timed(act % names, face, after)


def _delivered(scene: Scene) -> Sentence:
    due = scene.service_request.acceptance_due_at
    act = _("You accept the delivery") if scene.reader.asks else _("%(who)s accepts the delivery")
    left = scene.customer_time.between(scene.now, due) if due is not None and scene.customer_time else None
    after = _("Without an answer it counts as accepted.") if due else ""
    return Sentence(act % {"who": scene.customer}, until=due, left=left, after=after)


def _closed(scene: Scene) -> Sentence:
    ended = scene.service_request.closed_at
    days = reopen_days(scene.service_request)
    until = ended + timedelta(days=days) if ended else None
    if until is not None and until > scene.now:
        return Sentence(_("Accepted and closed"), after=_("It can be reopened for %(n)s days.") % {"n": days})
    return Sentence(_("Accepted and closed"), after=_("If it comes back, file a new request."))


def _declined(scene: Scene) -> Sentence:
    return Sentence(
        _("%(who)s declined this") % {"who": scene.supplier}, after=_("The reason is in the history below.")
    )


def _cancelled(scene: Scene) -> Sentence:
    return Sentence(_("Cancelled"), after=_("Nobody has to do anything."))


def _timed(act: str, face: ClockFace | None, after: str = "") -> Sentence:
    if face is None:
        return Sentence(act, after=after)
    return Sentence(act, until=face.due, left=face.left if face.due else None, after=after)


_BY_STATUS = {
    NEW: _new,
    ACCEPTED: _working,
    IN_PROGRESS: _working,
    ON_HOLD: _on_hold,
    DELIVERED: _delivered,
    CLOSED: _closed,
    DECLINED: _declined,
    CANCELLED: _cancelled,
}
