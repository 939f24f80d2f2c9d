"""The container files, read as data: what production promises, whether or not a container engine is at hand."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from requests_app.events.registry import SUBSCRIBERS
from servicedesk.version import version

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["prepare", "web", "worker", "beat"]
HARDENED = [name for name in SERVICES if name != "db"]  # PostgreSQL's image gives up root by itself, after preparing


def lines(file):
    return (ROOT / file).read_text().splitlines()


def test_every_part_is_there():
    assert list(SERVICES) == ["proxy", "prepare", "web", "worker", "beat", "db", "redis"]


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_to_a_release(name):
    assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", SERVICES[name]["image"])


@pytest.mark.parametrize("name", OURS)
def test_our_image_bears_the_version(name):
    assert SERVICES[name]["image"] == f"servicedesk:{version()}"


@pytest.mark.parametrize("name", SERVICES)
def test_each_has_limits_a_health_check_and_bounded_logs(name):
    service = SERVICES[name]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["logging"]["options"] == {"max-size": "20m", "max-file": "5"}
    assert service["healthcheck"] == {"disable": True} if name == "prepare" else service["healthcheck"]["test"]
    assert service["restart"] == ("no" if name == "prepare" else "unless-stopped")
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", HARDENED)
def test_each_lives_on_a_read_only_root_without_rights(name):
    assert (SERVICES[name]["read_only"], SERVICES[name]["cap_drop"]) == (True, ["ALL"])


@pytest.mark.parametrize("name", ["proxy", "redis"])
def test_strangers_images_do_not_run_as_root(name):
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", SERVICES[name]["user"])


def test_only_the_proxy_is_reached_from_outside():
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"proxy"}
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert {name: SERVICES[name]["networks"] for name in SERVICES} == {
        "proxy": ["front"],
        "prepare": ["back"],
        "web": ["front", "back"],
        "worker": ["back", "outside"],
        "beat": ["back"],
        "db": ["back"],
        "redis": ["back"],
    }


def test_secrets_come_from_files_that_one_script_makes(tmp_path):
    deploy = tmp_path / "deploy"
    deploy.mkdir()
    script = deploy / "make-secrets"
    script.write_text((ROOT / "deploy" / "make-secrets").read_text())
    subprocess.run(["sh", script, "desk.example"], check=True, capture_output=True)
    made = {file.name: file.read_text() for file in (deploy / "secrets").iterdir()}

    assert {name: secret["file"] for name, secret in COMPOSE["secrets"].items()} == {
        name: f"deploy/secrets/{name}" for name in made
    }
    assert (deploy / "secrets").stat().st_mode & 0o777 == 0o700
    assert made["database_password"].strip() in made["database_url"]
    assert made["redis_password"].split()[1] in made["redis_url"]

    subprocess.run(["sh", script, "desk.example"], check=True, capture_output=True)
    assert {file.name: file.read_text() for file in (deploy / "secrets").iterdir()} == made


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_environment(name):
    service = SERVICES[name]
    for variable, value in service.get("environment", {}).items():
        if re.search("PASSWORD|SECRET|KEY|DATABASE_URL|REDIS_URL|EMAIL_URL", variable):
            assert variable.endswith("_FILE")
            assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_nothing_made_by_the_script_can_be_committed():
    assert "/deploy/secrets/" in lines(".gitignore")


def test_the_workers_serve_every_queue():
    words = SERVICES["worker"]["command"]
    queues = set(words[words.index("--queues") + 1].split(","))
    assert queues >= {subscriber.queue for subscriber in SUBSCRIBERS.values()} | {"interactive"}


def test_the_broker_keeps_a_journal_and_never_drops_a_message():
    assert {"appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"} <= set(
        lines("deploy/redis/redis.conf")
    )


def test_work_is_given_time_to_end():
    assert {name: SERVICES[name].get("stop_grace_period") for name in ("web", "worker", "db")} == {
        "web": "40s",
        "worker": "130s",
        "db": "60s",
    }


def test_the_image_is_pinned_slim_and_not_roots():
    stages = [line for line in lines("Dockerfile") if line.startswith("FROM ")]
    assert all(
        re.fullmatch(r"FROM [a-z]+:\d+\.\d+\.\d+-(bookworm-slim|slim-bookworm) AS \w+", stage) for stage in stages
    )
    assert lines("Dockerfile").index("USER desk") > lines("Dockerfile").index(stages[-1])
    assert any(line.startswith("HEALTHCHECK") for line in lines("Dockerfile"))


def test_the_image_is_built_from_files_that_are_let_in_and_exist():
    copied = [
        source.rstrip("/")
        for line in lines("Dockerfile")
        if line.startswith("COPY ") and "--from=" not in line
        for source in line.split()[1:-1]
    ]
    let_in = {line[1:] for line in lines(".dockerignore") if line.startswith("!")}
    assert sorted(set(copied)) == sorted(let_in)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_every_variable_we_read_is_documented():
    read = set()
    reading = re.compile(r"""(?:env\.\w+|environ(?:ment)?\.get|from_environment|given)\(\s*["']([A-Z_]+)["']""")
    for place in ("servicedesk/settings/*.py", "servicedesk/launcher/*.py", "deploy/gunicorn.conf.py"):
        for file in ROOT.glob(place):
            read |= {name.removesuffix("_FILE") for name in reading.findall(file.read_text())}
    documented = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - documented == {"PATH", "CI", "DJANGO_SETTINGS_MODULE"}
