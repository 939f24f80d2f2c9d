import errno

import pytest

from servicedesk.launcher.messages import answer, indented, last_lines, refusal_for, said_since, say


def test_progress_and_answers_go_different_ways(capfd):
    say("Installing …")
    answer("sd_token")
    assert capfd.readouterr() == ("sd_token\n", "Installing …\n")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk that holds /data is full."),
        (OSError(errno.EDQUOT, "Quota", "/data/x"), "The disk that holds /data/x is full."),
        (PermissionError(errno.EACCES, "Permission denied", "/data/lock"), "/data/lock belongs to somebody else"),
        (OSError(errno.EROFS, "Read-only", "/data"), "/data cannot be written: the file system is read-only."),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "/data"), "/data is not a folder."),
        (FileNotFoundError(errno.ENOENT, "No such file", "/x"), "The operating system refused: No such file (/x)."),
    ],
)
def test_errors_of_the_system_are_said_in_words(error, words, tmp_path):
    assert str(refusal_for(error, "/data")).startswith(words)


def test_the_end_of_a_log_is_shown_indented_and_a_missing_log_as_nothing(tmp_path):
    log = tmp_path / "log"
    assert last_lines(log) == ""
    log.write_bytes(b"one\ntwo\nth\xffree\n")
    assert last_lines(log, 2) == "    two\n    th\ufffdree"
    assert said_since(log, 4) == "two\nth\ufffdree\n"
    assert indented(["a", "b"]) == "    a\n    b"
