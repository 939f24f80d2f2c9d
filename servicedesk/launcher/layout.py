"""Where everything lies: the checkout, its environment, and the data of one installation."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servicedesk.launcher.messages import Refusal

CHECKOUT = Path(__file__).resolve().parent.parent.parent
DATABASE_NAME = "servicedesk"


@dataclass(frozen=True)
class Layout:
    """One checkout (`root`) working on one installation's data (`data`)."""

    root: Path
    data: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ, root: Path = CHECKOUT) -> "Layout":
        given = environ.get("DATA_DIR", "").strip()
        return cls(root=root, data=Path(given).expanduser().resolve() if given else root / ".run")

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def stamps(self) -> Path:
        return self.data / "stamps"

    @property
    def marker(self) -> Path:
        """Says that the folder is ours: `./desk reset` deletes nothing without it."""
        return self.data / ".servicedesk"

    @property
    def lock(self) -> Path:
        return self.data / "desk.lock"

    @property
    def children(self) -> Path:
        return self.data / "children.json"

    def make_folders(self) -> None:
        """The data folder and its parts, readable by the owner only."""
        fresh = not self.data.exists() or not any(self.data.iterdir())
        for folder in (self.data, self.logs, self.stamps):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if fresh or self._is_ours_without_marker():
            self.marker.write_text("Data of a service desk, made by ./desk.\n")
        elif not self.marker.exists():
            raise Refusal(
                f"{self.data} already holds something else.\n"
                "Set DATA_DIR to an empty folder, or to one that ./desk has made."
            )

    def _is_ours_without_marker(self) -> bool:
        return {entry.name for entry in self.data.iterdir()} <= {"logs", "stamps", "desk.lock"}


def port_from_environment(environ: Mapping[str, str] = os.environ) -> int:
    """PORT as a number, 8000 when unset."""
    given = environ.get("PORT", "").strip() or "8000"
    if not given.isdecimal() or not given.isascii() or not 1 <= int(given) <= 65535:
        raise Refusal(f"PORT is {given!r}. Set it to a number from 1 to 65535, for example: PORT=8080 ./desk up")
    return int(given)


def switch_from_environment(name: str, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """A 1-or-0 variable, read the way the settings read it."""
    given = environ.get(name, "").strip().lower()
    if given in ("1", "true", "yes", "on"):
        return True
    if given in ("0", "false", "no", "off"):
        return False
    if given:
        raise Refusal(f"{name} is {given!r}. Set it to 1 or 0.")
    return default
