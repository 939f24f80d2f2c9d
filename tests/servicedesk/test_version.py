import pytest

from servicedesk import version as module


def test_the_version_is_the_first_release_heading(tmp_path, monkeypatch):
    changes = tmp_path / "CHANGELOG.md"
    changes.write_text("# Changes\n\n## Not released\n\n## 2.10.3\n\n## 2.9.0\n")
    monkeypatch.setattr(module, "_CHANGES", changes)
    module.version.cache_clear()
    assert module.version() == "2.10.3"

    changes.write_text("# Changes\n")
    module.version.cache_clear()
    with pytest.raises(ValueError, match="has no heading"):
        module.version()
    module.version.cache_clear()


def test_our_own_changes_have_one():
    module.version.cache_clear()
    assert [part.isdecimal() for part in module.version().split(".")] == [True, True, True]
