"""The embedded PostgreSQL, for real, on the binaries of the test environment."""

import os
import signal
import sys
from pathlib import Path

import psycopg2
import pytest

from servicedesk.launcher.cluster import Cluster, find_binaries, version_of
from servicedesk.launcher.messages import Refusal
from servicedesk.launcher.postgres import start_postgres
from servicedesk.launcher.steps import child_environment

HASTY = ("-c", "fsync=off")


@pytest.fixture
def cluster(layout):
    return Cluster.under(layout.data, layout.logs, find_binaries(Path(sys.prefix), {}))


@pytest.fixture
def start(cluster):
    """start() → the running server and its address; it is stopped after the test."""
    running = []

    def run():
        running.append(start_postgres(cluster, child_environment(), HASTY))
        return running[-1]

    yield run
    for server, _address in running:
        server.kill()


def ask(address, question):
    connection = psycopg2.connect(address)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_it_keeps_its_data_over_a_kill_and_speaks_three_languages(start, cluster):
    server, address = start()
    ask(address, "CREATE EXTENSION pg_trgm; CREATE TABLE kept (word text); INSERT INTO kept VALUES ('принтер')")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()

    _server, address = start()

    assert ask(address, "SELECT word, cardinality(show_trgm(word)), upper(word) FROM kept") == [
        ("принтер", 8, "ПРИНТЕР")
    ]
    assert ask(address, "SELECT datctype, datcollate, encoding FROM pg_database WHERE datname = 'servicedesk'") == [
        ("C.UTF-8", "C", 6)
    ]
    assert ask(address, "SHOW listen_addresses; ") == [("127.0.0.1",)]
    assert cluster.password_file.stat().st_mode & 0o777 == 0o600


def test_it_lets_nobody_in_without_the_password(start):
    _server, address = start()
    with pytest.raises(psycopg2.OperationalError, match=r"password authentication failed|no password supplied"):
        ask(address.replace(address.split(":")[2].split("@")[0], "guess"), "SELECT 1")


def test_a_half_made_folder_is_made_anew(start, cluster):
    cluster.data.mkdir()
    (cluster.data / "half").write_text("")
    cluster.data.with_name("postgres.new").mkdir()

    _server, address = start()

    assert ask(address, "SELECT 1") == [(1,)]
    assert not (cluster.data / "half").exists()


def test_two_servers_on_one_folder_are_refused(start, cluster):
    start()
    with pytest.raises(Refusal, match=f"Another PostgreSQL already works on {cluster.data}"):
        start()


def test_a_folder_of_another_version_is_refused(start, cluster):
    server, _address = start()
    server.kill()
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refusal, match="was made by PostgreSQL 15, but the binaries are version 18"):
        start()


def test_a_bin_folder_without_a_server_is_refused(tmp_path):
    with pytest.raises(Refusal, match="where there is no initdb"):
        find_binaries(tmp_path, {"DESK_PG_BIN": str(tmp_path)})
    with pytest.raises(Refusal, match="no PostgreSQL for this kind of machine"):
        find_binaries(tmp_path, {})


def test_a_server_that_is_too_old_is_refused(tmp_path):
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
    old.chmod(0o755)
    with pytest.raises(Refusal, match=r"13.4, older than 16"):
        version_of(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_named(cluster, small_disk):
    crowded = Cluster.under(small_disk("6m"), cluster.log.parent, cluster.binaries)
    with pytest.raises(Refusal, match=f"The disk that holds {crowded.data.parent} is full"):
        start_postgres(crowded, child_environment())
