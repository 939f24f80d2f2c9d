from metrics.rollups import services
from metrics.rollups.models import Rollup
from metrics.rollups.services import recount_stale, refresh_figures
from metrics.subscriptions import Recounter, take_in
from requests_app.events.models import Event
from requests_app.events.services import deliver, record_all
from tests.metrics.story import filed


def test_what_is_recorded_is_in_the_figures_once_delivered(office, db, django_capture_on_commit_callbacks):
    happening = filed("09:00", calendar=office.pk)
    event_of = Event(kind=happening.kind, subject_kind="request", subject_id=1, at=happening.at, data=happening.data)
    record_all([event_of])
    with django_capture_on_commit_callbacks(execute=True):
        deliver("facts")

    assert Rollup.objects.get(figure="created", grain="supplier", span="day").n == 1


def test_a_flood_is_counted_once_a_second_and_at_its_end(office, log, monkeypatch, django_capture_on_commit_callbacks):
    counted = []
    monkeypatch.setattr(services, "recount_stale", lambda: counted.append(1))
    monkeypatch.setattr(Recounter, "last", 0.0)
    waiting = [True, True, False]
    monkeypatch.setattr("metrics.subscriptions.waits", lambda _name: waiting.pop(0))
    for request_id in (1, 2, 3, 4):
        log(request_id, [filed("09:00", calendar=office.pk)])
        with django_capture_on_commit_callbacks(execute=True):
            take_in(list(Event.objects.filter(subject_id=request_id)))

    assert (len(counted), waiting) == (2, [])


def test_events_that_change_no_fact_ask_for_no_count(office, log, django_capture_on_commit_callbacks):
    log(1, [filed("09:00", calendar=office.pk)])
    refresh_figures(request_ids=[1])
    recount_stale()
    with django_capture_on_commit_callbacks() as callbacks:
        take_in([Event(kind="request.filed", subject_kind="survey", subject_id=1)])
        take_in(list(Event.objects.all()))

    assert callbacks == []
