import os

import pytest

from servicedesk.launcher.disguise import NOBODY, _namespaces_allowed, disguise_for
from servicedesk.launcher.messages import Refusal
from servicedesk.launcher.processes import Disguise

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="what root does only root can show")
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


def open_to_others(folder):
    """Temporary folders are closed; here somebody else must get through to them."""
    for each in (folder, *folder.parents):
        if each.stat().st_mode & 0o001 == 0:
            each.chmod(0o755)


@pytest.fixture
def namespaces(monkeypatch, tmp_path):
    """namespaces(False): a machine whose `unshare` refuses."""

    def machine(allowed):
        tool = tmp_path / "bin" / "unshare"
        tool.parent.mkdir()
        tool.write_text(f"#!/bin/sh\nexit {0 if allowed else 1}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
        _namespaces_allowed.cache_clear()

    yield machine
    _namespaces_allowed.cache_clear()


@as_root
def test_root_runs_a_new_database_in_a_user_namespace(tmp_path, namespaces):
    namespaces(True)
    assert disguise_for(tmp_path / "new", tmp_path) == Disguise(prefix=NAMESPACE)


@as_root
def test_without_namespaces_root_runs_a_new_database_as_nobody(tmp_path, namespaces):
    namespaces(False)
    open_to_others(tmp_path)
    assert disguise_for(tmp_path / "new", tmp_path) == Disguise(uid=NOBODY, gid=NOBODY)


@as_root
def test_a_folder_nobody_can_reach_is_refused(tmp_path, namespaces):
    namespaces(False)
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(Refusal, match="cannot reach"):
        disguise_for(closed / "data" / "postgres", tmp_path)


@as_root
def test_an_existing_database_is_run_by_its_owner(tmp_path, namespaces):
    namespaces(True)
    open_to_others(tmp_path)
    data = tmp_path / "postgres"
    data.mkdir()
    os.chown(data, 1234, 1235)
    assert disguise_for(data, tmp_path) == Disguise(uid=1234, gid=1235)


@as_root
def test_roots_database_is_refused_where_namespaces_are_forbidden(tmp_path, namespaces):
    namespaces(False)
    (tmp_path / "postgres").mkdir()
    with pytest.raises(Refusal, match="user namespace, which is not allowed here"):
        disguise_for(tmp_path / "postgres", tmp_path)


@pytest.mark.parametrize(("uid", "expected"), [(1, Disguise()), (4321, Disguise(prefix=NAMESPACE))])
def test_a_user_with_a_name_needs_no_disguise(tmp_path, monkeypatch, namespaces, uid, expected):
    namespaces(True)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert disguise_for(tmp_path / "new", tmp_path) == expected


def test_a_user_is_refused_the_database_of_another(tmp_path, monkeypatch):
    (tmp_path / "postgres").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with pytest.raises(Refusal, match="belongs to another user"):
        disguise_for(tmp_path / "postgres", tmp_path)
