"""Files that show what was done: stored and judged as files on requests are, read by who reads the action in full."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions import policies
from feedback.actions.models import ActionFile, CorrectiveAction
from feedback.actions.services import lock_action, record_step
from feedback.actions.states import ENDED, MOST_PROOF, MOVES
from requests_app.desk.services.attachments import store_files
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.org.models import Person


@transaction.atomic
def add_files(
    *, by: Person, action: CorrectiveAction, files: Iterable[UploadedFile], at: datetime | None = None
) -> list[ActionFile]:
    """Keep the files, or WrongInput naming the one and what would do; NotAllowed for who only reads."""
    action = lock_action(action.pk)
    policies.require_move(by, action, MOVES["finish"])
    if action.state in ENDED:
        raise IllegalMove(_("It has ended. What shows it belongs to the time before."))
    files = list(files)
    if not files:
        raise WrongInput({"files": [_("Choose at least one file.")]})
    if action.files.count() + len(files) > MOST_PROOF:
        raise WrongInput({"files": [_("At most %(n)s files belong to one action.") % {"n": MOST_PROOF}]})
    rows = [ActionFile(action=action, uploaded_by=by, **vars(stored)) for stored in store_files(files)]
    added = ActionFile.objects.bulk_create(rows)
    told = {"files": [row.pk for row in added], "names": [row.name for row in added]}
    record_step("action.shown", action, by, at or timezone.now(), told)
    return added


@transaction.atomic
def remove_file(*, by: Person, file: ActionFile) -> None:
    """Take it away again, by who added it, until the end. The history keeps that it was there, by its name.

    The bytes go with the next sweep of what no row points at.
    """
    action = lock_action(file.action_id)
    if file.uploaded_by_id != by.pk:
        raise NotAllowed(
            _("Whoever added a file takes it away."), needed=_("Ask who added it; the history names them.")
        )
    if action.state in ENDED:
        raise IllegalMove(_("It has ended. What shows it belongs to the time before."))
    gone, _models = ActionFile.objects.filter(pk=file.pk).delete()
    if gone:
        record_step("action.unshown", action, by, timezone.now(), {"files": [file.pk], "names": [file.name]})


def get_file(*, person: Person, pk: int) -> ActionFile:
    """The file, or 404 for whoever does not read its action in full."""
    rows = ActionFile.objects.filter(action__in=CorrectiveAction.objects.visible_to(person).values("pk"))
    found = rows.select_related("action").filter(pk=pk).first()
    if found is None or not policies.reads_in_full(policies.contexts(person, found.action)):
        raise Http404
    return found
