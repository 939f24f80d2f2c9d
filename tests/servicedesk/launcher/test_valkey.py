"""The embedded Valkey, for real, on the binary of the test environment."""

import signal
import sys
from pathlib import Path

import pytest
import redis

from servicedesk.launcher.messages import Refusal
from servicedesk.launcher.steps import child_environment
from servicedesk.launcher.valkey import ValkeyFolder, find_server, start_valkey


@pytest.fixture
def place(layout):
    return ValkeyFolder.under(layout.data, layout.logs)


@pytest.fixture
def start(place):
    running = []

    def run():
        running.append(start_valkey(place, find_server(Path(sys.prefix)), child_environment()))
        return running[-1]

    yield run
    for server, _address in running:
        server.kill()


def test_its_journal_outlives_a_kill(start):
    server, address = start()
    with redis.Redis.from_url(address) as client:
        client.set("kept", "yes")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()

    _server, address = start()

    with redis.Redis.from_url(address) as client:
        assert client.get("kept") == b"yes"


def test_it_lets_nobody_in_without_the_password(start, place):
    server, address = start()
    password = address.split(":")[2].split("@")[0]
    with redis.Redis.from_url(address.replace(password, "guess")) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    assert password not in Path(f"/proc/{server.process.pid}/cmdline").read_text()
    assert place.configuration.stat().st_mode & 0o777 == 0o600


def test_a_damaged_journal_is_put_aside_not_in_the_way(start, place, capfd):
    server, address = start()
    with redis.Redis.from_url(address) as client:
        client.set("lost", "no matter")
    server.kill()
    for part in (place.data / "appendonlydir").glob("*.aof"):
        part.write_bytes(b"nonsense" * 10)

    _server, address = start()

    with redis.Redis.from_url(address) as client:
        assert client.get("lost") is None
    assert "It starts empty, which loses nothing" in capfd.readouterr().err
    assert [aside.is_dir() for aside in place.data.parent.glob("valkey.damaged-*")] == [True]


def test_a_server_that_cannot_start_is_explained_by_its_log(place, tmp_path):
    broken = tmp_path / "valkey-server"
    broken.write_text("#!/bin/sh\necho 'wrong kind of machine'\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(Refusal, match=r"Valkey did not start(.|\n)*wrong kind of machine"):
        start_valkey(place, broken, child_environment())


def test_without_a_server_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal, match="set REDIS_URL to a server of yours"):
        find_server(tmp_path)
