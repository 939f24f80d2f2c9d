"""What is drawn once says the same as what is drawn each time, to whoever reads it."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from servicedesk.look.nav import Link, Section, Shell
from servicedesk.look.tags import kept as tags

SIDEBAR = '{% load look %}{% kept "components/_sidebar.html" shell=shell addresses=addresses theme=theme %}'
ADDRESSES = {"theme": "/theme/", "language": "/language/", "search": "/search/"}


class Frozen(dict):
    def __hash__(self):
        return hash(tuple(sorted(self.items())))


def drawn(shell: Shell, *, token: str = "", path: str = "/", source: str = SIDEBAR) -> str:
    context = {"shell": shell, "addresses": Frozen(ADDRESSES), "theme": "", "csrf_token": token}
    return Template(source).render(Context(context | {"request": RequestFactory().get(path)}))


def shell(name: str = "Ines Moreau", count: str = "3") -> Shell:
    return Shell(name, "Leads IT", (Section("IT", (Link("Queue", "/q/", "list", count=count),)),))


@pytest.mark.parametrize(("token", "path"), [("t1", "/a/?b=1"), ("t2", "/c/?d=2")])
def test_it_is_the_include_with_the_token_and_the_address_of_the_day(token, path):
    included = SIDEBAR.replace("kept", "include").replace(" shell=shell addresses=addresses theme=theme", "")
    assert drawn(shell(), token=token, path=path) == drawn(shell(), token=token, path=path, source=included)


@pytest.mark.parametrize("hostile", ['<script>alert("x")</script>', "{{ csrf_token }}", "\"'><b>"])
def test_what_people_wrote_is_escaped_wherever_it_stands(hostile):
    found = drawn(shell(name=hostile), token=hostile, path=f"/?q={hostile}")
    assert "<script>" not in found
    assert "<b>IT" not in found
    assert 'value="&quot;&#x27;&gt;&lt;b&gt;"' in found or hostile[0] != '"'


def test_nobody_sees_what_was_kept_for_somebody_else():
    assert "Ines Moreau" in drawn(shell())
    other = drawn(shell(name="Paul Weber", count="4"))
    assert "Ines Moreau" not in other
    assert '<span class="n">4</span>' in other


def test_each_language_has_its_own():
    english = drawn(shell())
    with override("ru"):
        russian = drawn(shell())
    assert english != russian == drawn_in("ru")


def drawn_in(language: str) -> str:
    with override(language):
        return drawn(shell())


def test_it_is_drawn_once():
    tags._drawn.cache_clear()
    drawn(shell(), token="a")
    drawn(shell(), token="b")
    assert tags._drawn.cache_info().misses == 1


def test_while_one_writes_templates_it_is_drawn_each_time(settings):
    settings.DEBUG = True
    tags._drawn.cache_clear()
    assert "Ines Moreau" in drawn(shell())
    assert tags._drawn.cache_info().currsize == 0
