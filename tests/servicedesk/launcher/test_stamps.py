from servicedesk.launcher.stamps import fingerprint, is_current, put


def test_fingerprint_follows_content_names_and_words(tmp_path):
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.css").write_text("one")
    first = fingerprint([folder])

    assert fingerprint([folder]) == first
    assert fingerprint([folder], "and a word") != first
    (folder / "a.css").write_text("two")
    changed = fingerprint([folder])
    assert changed != first
    (folder / "a.css").rename(folder / "b.css")
    assert fingerprint([folder]) not in (first, changed)


def test_fingerprint_does_not_mind_what_is_made_from_the_rest(tmp_path):
    before = fingerprint([tmp_path])
    (tmp_path / "a.pyc").write_bytes(b"compiled")
    (tmp_path / "django.mo").write_bytes(b"compiled")
    assert fingerprint([tmp_path]) == before


def test_a_stamp_is_current_only_for_its_value(tmp_path):
    stamp = tmp_path / "deep" / "stamp"
    assert not is_current(stamp, "1")
    put(stamp, "1")
    assert is_current(stamp, "1")
    assert not is_current(stamp, "2")
