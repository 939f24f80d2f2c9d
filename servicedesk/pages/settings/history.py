"""The history of changes as a page."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from servicedesk.pages.settings.changes import KINDS, change_page, changes_for, openable


class HistoryFilter(forms.Form):
    """Which changes, as it stands in the address."""

    what = forms.ChoiceField(label=_("What"), choices=[("", _("Everything")), *KINDS.items()], required=False)
    id = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    cursor = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def wanted(self) -> dict:
        found = self.cleaned_data if self.is_valid() else {}
        named = {"subject_kind": found.get("what"), "subject_id": found.get("id")}
        return {name: value for name, value in named.items() if value}


@login_required
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryFilter(request.GET)
    rows = changes_for(request.user).filter(**form.wanted())
    changes, page = change_page(rows, cursor=request.GET.get("cursor", ""), opens=openable(request.user))
    context = {"form": form, "changes": changes, "page": page}
    return render(request, "settings/history.html", context, status=400 if form.errors else 200)
