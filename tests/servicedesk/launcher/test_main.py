import pytest

from servicedesk.launcher.holding import take
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.main import main


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


def test_help_is_the_answer_to_nothing(capfd):
    assert (main([]), main(["help"]), main(["--help"])) == (0, 0, 0)
    assert capfd.readouterr().out.count("./desk up                 set up what is missing") == 3


def test_an_unknown_command_is_named_with_the_known_ones(capfd):
    assert main(["start"]) == 2
    assert "There is no command 'start'." in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["up", "now"], "This command takes nothing after it, but there is: now"),
        (["manage"], "Say which command, for example"),
        (["reset", "--force"], "reset knows only --yes, not --force"),
    ],
)
def test_words_that_do_not_belong_are_refused(words, said, capfd):
    assert main(words) == 1
    assert said in capfd.readouterr().err


def test_status_and_stop_of_nothing(capfd, data):
    assert main(["status"]) == 3
    assert main(["stop"]) == 0
    assert main(["reset"]) == 0
    assert capfd.readouterr().out == (
        "Nothing runs. There is no data yet.\nNothing was running.\nThere is no data to delete.\n"
    )
    assert not data.exists()


def test_reset_deletes_all_but_the_folder_itself(capfd, data):
    layout = Layout(root=data.parent, data=data)
    layout.make_folders()
    (data / "postgres").mkdir()
    (data / "secret_key").write_text("x")

    assert main(["reset", "--yes"]) == 0

    assert [entry.name for entry in data.iterdir()] == [".servicedesk"]


def test_reset_wants_to_be_sure(capfd, data):
    Layout(root=data.parent, data=data).make_folders()
    (data / "secret_key").write_text("x")
    assert main(["reset"]) == 1
    assert "To delete without being asked: ./desk reset --yes" in capfd.readouterr().err
    assert (data / "secret_key").exists()


def test_reset_leaves_alone_what_is_not_ours(capfd, data):
    data.mkdir()
    (data / "letters").write_text("x")
    assert main(["reset", "--yes"]) == 1
    assert "was not made by ./desk" in capfd.readouterr().err
    assert (data / "letters").exists()


def test_reset_waits_for_nobody_but_refuses_while_something_runs(capfd, data):
    layout = Layout(root=data.parent, data=data)
    layout.make_folders()
    with take(layout, "manage import_history"):
        assert main(["reset", "--yes"]) == 1
        assert main(["status"]) == 0
    out = capfd.readouterr()
    assert "./desk manage import_history (process " in out.err
    assert "./desk manage import_history is running" in out.out


def test_a_folder_that_cannot_be_used_is_one_sentence(capfd, data):
    data.write_text("a file where a folder should be")
    assert main(["up"]) == 1
    assert capfd.readouterr().err.count("\n") == 3
