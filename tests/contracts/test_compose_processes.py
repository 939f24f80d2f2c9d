"""The commands of the container files, run as processes on this machine: same words, same environment, same secrets.

Only names and places that containers bring with them are put in place of ours: hosts, ports, /data, /run/secrets.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from servicedesk.launcher.browser import find_proxy
from servicedesk.launcher.cluster import Cluster, find_binaries
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.ports import free_port, is_free
from servicedesk.launcher.postgres import start_postgres
from servicedesk.launcher.processes import Child, end_with_parent
from servicedesk.launcher.steps import child_environment
from servicedesk.launcher.valkey import find_server, wait_until_ready

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
HOST = "desk.example"


class Production:
    """One installation made of processes, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.secrets, self.port = folder, folder / "deploy" / "secrets", free_port()
        self.children: list[Child] = []
        for name in ("data", "collected", "tmp", "logs", "deploy"):
            (folder / name).mkdir(mode=0o755)
        shutil.copy(ROOT / "deploy" / "make-secrets", folder / "deploy")
        subprocess.run(["sh", folder / "deploy" / "make-secrets", HOST], check=True, capture_output=True)

    def put_secret(self, name: str, text: str) -> None:
        (self.secrets / name).chmod(0o644)
        (self.secrets / name).write_text(text)

    def here(self, text: str) -> str:
        """A container's words with our places."""
        text = text.replace("/tmp/", f"{self.folder / 'tmp'}/").replace("/run/secrets", str(self.secrets))  # noqa: S108
        text = re.sub(r"\$\{DESK_HOST[^}]*\}", HOST, text)
        return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text).replace("$$", "$")

    def environment(self, service: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "HOME") if name in os.environ}
        ours = {name: self.here(value) for name, value in SERVICES[service]["environment"].items()}
        places = {
            "DATA_DIR": self.folder / "data",
            "STATIC_ROOT": self.folder / "collected",
            "BIND": f"127.0.0.1:{self.port}",
        }
        path = {
            "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings.prod",
        }
        return {**kept, **path, **ours, **{name: str(place) for name, place in places.items()}}

    def command(self, service: str) -> list[str]:
        return [self.here(word) for word in SERVICES[service]["command"]]

    def start(self, service: str) -> Child:
        child = Child(service, self.command(service), self.environment(service), self.folder / "logs" / service, ROOT)
        child.start()
        self.children.append(child)
        return child

    def run(self, service: str, words: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(
            words, env=self.environment(service), cwd=ROOT, capture_output=True, text=True, check=False, timeout=90
        )

    def becomes_healthy(self, service: str, seconds: float = 60) -> bool:
        """The service's own health check, until it is content."""
        kind, *words = SERVICES[service]["healthcheck"]["test"]
        words = ["sh", "-c", self.here(words[0])] if kind == "CMD-SHELL" else [self.here(word) for word in words]
        words = [str(self.port) if word == "8000" else word for word in words]
        deadline = time.monotonic() + seconds
        while (last := self.run(service, words)).returncode and time.monotonic() < deadline:
            time.sleep(0.3)
        assert last.returncode == 0, f"{last.stdout}{last.stderr}{(self.folder / 'logs' / service).read_text()[-2000:]}"
        return True

    def says(self, path: str, port: int, *, method: str = "GET", body: bytes = b"", tls: bool = True):
        """Status, headers and text of an answer of the proxy."""
        context = ssl.create_default_context(cafile=self.secrets / "tls_certificate")
        context.check_hostname = False
        line = (
            http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
            if tls
            else http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        )
        with contextlib.closing(line):
            line.request(method, path, body=body or None, headers={"Host": HOST})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    folder = tmp_path_factory.mktemp("production")
    made = Production(folder)
    layout = Layout(root=ROOT, data=folder)
    try:
        start_database(made, layout)
        start_broker(made, layout)
        yield made
    finally:
        for child in reversed(made.children):
            child.kill()


def start_database(made: Production, layout: Layout) -> None:
    cluster = Cluster.under(layout.data, layout.logs, find_binaries(Path(sys.prefix), {}))
    server, address = start_postgres(cluster, child_environment(), [*SERVICES["db"]["command"][1:], "-c", "fsync=off"])
    made.children.append(server)
    made.put_secret("database_url", f"{address}\n")


def start_broker(made: Production, layout: Layout) -> None:
    port, password = free_port(), (made.secrets / "redis_password").read_text().split()[1]
    text = made.here((ROOT / "deploy" / "redis" / "redis.conf").read_text())
    text = text.replace("bind * -::*", f"bind 127.0.0.1\nport {port}").replace("dir /data", f"dir {layout.data}")
    configuration = layout.data / "redis.conf"
    configuration.write_text(text)
    server = Child(
        "redis", [find_server(Path(sys.prefix)), configuration], child_environment(), layout.logs / "redis", layout.data
    )
    server.start()
    made.children.append(server)
    assert wait_until_ready(server, port, password)
    made.put_secret("redis_url", f"redis://:{password}@127.0.0.1:{port}/0\n")


@pytest.mark.long
def test_every_container_starts_gets_healthy_and_stops_in_time(production):
    prepared = production.run("prepare", production.command("prepare"))
    assert prepared.returncode == 0, prepared.stderr
    collected = production.run("web", [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"])
    assert collected.returncode == 0, collected.stderr

    running = {name: production.start(name) for name in ("web", "worker", "beat")}
    assert {name: production.becomes_healthy(name) for name in running} == dict.fromkeys(running, True)
    with proxy(production) as (plain, secure):
        the_proxy_does_its_part(production, plain, secure, running["web"])

    for child in running.values():
        child.ask_to_stop()
        child.wait_for_stop()
    assert {name: child.exit_code for name, child in running.items()} == {"web": 0, "worker": 0, "beat": 0}


@contextlib.contextmanager
def proxy(production: Production):
    """nginx with the configuration of the container, on ports of ours."""
    nginx = find_proxy()
    if not nginx:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx is missing; ./desk test installs it as root.")
    plain, secure = free_port(), free_port()
    folder = production.folder / "nginx"
    shutil.copytree(ROOT / "deploy" / "nginx", folder)
    text = production.here((folder / "nginx.conf").read_text())
    text = (
        text.replace("/etc/nginx/desk", str(folder))
        .replace("web:8000", f"127.0.0.1:{production.port}")
        .replace("8080", str(plain))
        .replace("8443", str(secure))
    )
    if "http2 on" in text and version_of(nginx) < (1, 25, 1):
        text = text.replace("http2 on;", "")
    if os.geteuid() == 0:  # as root, nginx would read our closed folder as somebody else
        text = f"user root;\n{text}"
    (folder / "nginx.conf").write_text(text)
    words = [
        *end_with_parent(signal.SIGTERM),
        nginx,
        "-c",
        str(folder / "nginx.conf"),
        *SERVICES["proxy"]["command"][2:],
    ]
    with (
        (production.folder / "logs" / "proxy").open("wb") as log,
        subprocess.Popen(words, stdout=log, stderr=log) as server,
    ):
        deadline = time.monotonic() + 10
        while is_free("127.0.0.1", secure) and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.poll() is None, (production.folder / "logs" / "proxy").read_text()
        try:
            yield plain, secure
        finally:
            server.terminate()


def version_of(nginx: str) -> tuple[int, ...]:
    shown = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True).stderr
    return tuple(int(part) for part in re.search(r"(\d+)\.(\d+)\.(\d+)", shown).groups())


def the_proxy_does_its_part(production: Production, plain: int, secure: int, web: Child) -> None:
    status, headers, _text = production.says("/services/", plain, tls=False)
    assert (status, headers["Location"]) == (308, f"https://{HOST}/services/")
    assert production.says("/proxy-health", plain, tls=False)[0] == 200

    status, headers, _text = production.says("/accounts/login/", secure)
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert re.match(r"__Host-csrf=\w+;.*Secure", headers["Set-Cookie"])
    assert production.says("/health/live", secure)[0] == 200

    too_much = b"x" * (2 * 1024 * 1024)
    status, headers, text = production.says("/api/v1/requests/", secure, method="POST", body=too_much)
    assert (status, headers["Content-Type"]) == (413, "application/json")
    assert json.loads(text) == {"code": "too_large", "detail": "What you sent is too large.", "errors": {}}
    status, headers, text = production.says("/accounts/login/", secure, method="POST", body=too_much)
    assert (status, headers["Content-Type"]) == (413, "text/html")
    assert "<h1>What you sent is too large</h1>" in text

    os.kill(web.process.pid, signal.SIGTERM)
    web.process.wait(40)
    status, headers, text = production.says("/api/v1/requests/", secure)
    assert (status, headers["Retry-After"], json.loads(text)["code"]) == (503, "5", "away")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    status, headers, _text = production.says("/", secure)
    assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, "text/html", "5")
