"""The Python environment `.venv`: made from the lock files, made again only when they or the interpreter change.

Plain pip on purpose. With `--no-deps` (the locks are complete) and parallel byte-compiling it took
13 s cold on two cores, uv 7 s including its own download; uv does not read pip's configuration, so
behind a company's own package index it would be the part that fails.
"""

import importlib.util
import json
import shutil
import sys
import time

from servicedesk.launcher.layout import Layout
from servicedesk.launcher.locks import FileLock
from servicedesk.launcher.messages import Refusal, say
from servicedesk.launcher.stamps import fingerprint, put
from servicedesk.launcher.steps import child_environment, run_quietly, run_step

RUN, TEST, NODE = "requirements.lock", "requirements-test.lock", "requirements-node.lock"
_INTERPRETER = [sys.version, sys.base_prefix]
_ADDED = {TEST: "the test tools", NODE: "Node, because this machine has none"}
_PATIENCE = 5.0
_PIP_FAILED = (
    "The Python packages could not be installed.\n"
    "If the package index did not answer, check the network (and pip's own settings), then start again."
)


class Environment:
    """The environment of one checkout. After `ensure`, nobody remakes it until our process ends."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.stamp = layout.venv / "servicedesk.json"
        self.log = layout.logs / "setup.log"
        self._users = FileLock(layout.root / ".venv.lock")
        self._adders = FileLock(layout.root / ".venv-add.lock")

    def ensure(self, lock_file: str) -> None:
        """Everything in `lock_file` is installed, exactly. It is made anew only when nobody uses it."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            if self._users.acquire() and not self._holds(RUN):
                say("Installing Python packages (about half a minute, only when their list has changed) …")
                self._make_empty()
                self._install(RUN, *([lock_file] if lock_file != RUN else []))
            self._users.wait(shared=True, on_wait=lambda: say("Waiting for another ./desk that installs packages …"))
            if self._holds(RUN):
                self.add(lock_file)
                return
            self._users.unlock()
            if time.monotonic() > deadline:
                raise Refusal(
                    "The list of Python packages has changed, but another ./desk is using the installed ones.\n"
                    "Stop it (./desk stop, or Ctrl-C where it runs), then start again."
                )
            time.sleep(0.2)

    def add(self, lock_file: str) -> None:
        """Install a further list into the environment in use: it adds packages and changes none."""
        self._adders.wait()
        try:
            if not self._holds(lock_file):
                say(f"Installing {_ADDED.get(lock_file, lock_file)} …")
                self._install(lock_file)
        finally:
            self._adders.unlock()

    def let_go(self) -> None:
        """Others may remake it from now on."""
        self._users.release()
        self._adders.release()

    def _read_stamp(self) -> dict[str, str]:
        try:
            noted = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return dict(noted["locks"]) if noted.get("interpreter") == _INTERPRETER else {}

    def _holds(self, lock_file: str) -> bool:
        return self.layout.python.exists() and self._read_stamp().get(lock_file) == self._mark(lock_file)

    def _mark(self, lock_file: str) -> str:
        return fingerprint([self.layout.root / lock_file])

    def _install(self, *lock_files: str) -> None:
        """The last list is installed; it contains the ones named before it."""
        self._pip(lock_files[-1])
        locks = {**self._read_stamp(), **{name: self._mark(name) for name in lock_files}}
        put(self.stamp, json.dumps({"interpreter": _INTERPRETER, "locks": locks}))

    def _make_empty(self) -> None:
        if not all(_is_there(module) for module in ("ensurepip", "venv")):
            raise Refusal(
                "This Python cannot make environments: its venv module is incomplete.\n"
                f"On Debian or Ubuntu: apt-get install python3-venv. Then start again. (This is {sys.executable}.)"
            )
        import venv  # noqa: PLC0415 - some systems leave it out of Python; asked for above

        if self.layout.venv.is_symlink() or self.layout.venv.is_file():
            self.layout.venv.unlink()
        shutil.rmtree(self.layout.venv, ignore_errors=True)
        try:
            venv.EnvBuilder(symlinks=True).create(self.layout.venv)
        except SystemExit as error:
            raise Refusal(f"Python could not make an environment in {self.layout.venv}: {error}") from error
        run_step(
            [self.layout.python, "-m", "ensurepip", "--default-pip"],
            log=self.log,
            folder=self.layout.root,
            env=child_environment(),
            failure="Python could not install pip into its new environment.\n"
            "On Debian or Ubuntu: apt-get install python3-venv. Then start again.",
        )

    def _pip(self, lock_file: str) -> None:
        pip = [self.layout.python, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--no-compile"]
        run_step(
            [*pip, "--only-binary=:all:", "--require-hashes", "-r", self.layout.root / lock_file],
            log=self.log,
            folder=self.layout.root,
            env=child_environment(PIP_DISABLE_PIP_VERSION_CHECK="1"),
            failure=_PIP_FAILED,
        )
        for packages in self.layout.venv.glob("lib/python*/site-packages"):
            # All cores at once. Some packages carry files for other Pythons, so its exit code says nothing.
            compileall = [self.layout.python, "-m", "compileall", "-qq", "-j", "0", packages]
            run_quietly(compileall, folder=self.layout.root, env=child_environment())


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:
        return False
