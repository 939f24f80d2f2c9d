"""The sprite holds the asked icons, only their strokes, and is never half written."""

from pathlib import Path

import pytest

from servicedesk.launcher.sprite import build_sprite

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" class="icon" viewBox="0 0 24 24">
  <title>check</title>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M5 12l5 5l10 -10" />
</svg>"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "icons-package" / "icons" / "outline"
    folder.mkdir(parents=True)
    for name in ("check", "bell", "unused"):
        (folder / f"{name}.svg").write_text(DRAWING)
    return tmp_path / "icons-package"


def asked(tmp_path: Path, *names: str) -> Path:
    path = tmp_path / "icons.txt"
    path.write_text("\n".join(names) + "\n")
    return path


def test_the_sprite_holds_the_strokes_of_the_asked_icons_and_nothing_else(tmp_path, package):
    target = tmp_path / "vendor" / "icons.svg"
    assert build_sprite(names=asked(tmp_path, "check", "", "bell", "check"), package=package, target=target) == 2

    assert target.read_text() == (
        '<svg xmlns="http://www.w3.org/2000/svg">'
        '<symbol id="bell" viewBox="0 0 24 24"><path d="M5 12l5 5l10 -10" /></symbol>'
        '<symbol id="check" viewBox="0 0 24 24"><path d="M5 12l5 5l10 -10" /></symbol></svg>'
    )


def test_an_unknown_icon_is_named_and_nothing_is_written(tmp_path, package):
    target = tmp_path / "vendor" / "icons.svg"
    with pytest.raises(ValueError, match=r"does not have: bel, chek\.$"):
        build_sprite(names=asked(tmp_path, "chek", "check", "bel"), package=package, target=target)
    assert not target.exists()
