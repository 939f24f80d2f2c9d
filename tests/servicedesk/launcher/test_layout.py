import pytest

from servicedesk.launcher.layout import Layout, port_from_environment, switch_from_environment
from servicedesk.launcher.messages import Refusal


def test_data_lies_in_the_checkout_unless_told_otherwise(tmp_path):
    assert Layout.from_environment({}, root=tmp_path).data == tmp_path / ".run"
    assert Layout.from_environment({"DATA_DIR": ""}, root=tmp_path).data == tmp_path / ".run"
    assert Layout.from_environment({"DATA_DIR": str(tmp_path / "x")}, root=tmp_path).data == tmp_path / "x"


def test_the_data_folder_is_closed_to_others_and_known_as_ours(layout):
    assert layout.data.stat().st_mode & 0o777 == 0o700
    assert layout.marker.exists()


def test_folders_are_made_again_without_complaint(layout):
    layout.make_folders()

    assert sorted(entry.name for entry in layout.data.iterdir()) == [".servicedesk", "logs", "stamps"]


def test_a_folder_with_something_else_in_it_is_refused(tmp_path):
    (tmp_path / "letters.txt").write_text("not ours")

    with pytest.raises(Refusal, match="already holds something else"):
        Layout(root=tmp_path, data=tmp_path).make_folders()

    assert not (tmp_path / ".servicedesk").exists()


@pytest.mark.parametrize(("given", "port"), [({}, 8000), ({"PORT": ""}, 8000), ({"PORT": " 8080 "}, 8080)])
def test_port_is_read(given, port):
    assert port_from_environment(given) == port


@pytest.mark.parametrize("given", ["abc", "0", "65536", "-1", "8000.5", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused_by_name(given):
    with pytest.raises(Refusal, match="PORT is"):
        port_from_environment({"PORT": given})


@pytest.mark.parametrize(("given", "on"), [("1", True), ("yes", True), ("0", False), ("FALSE", False), ("", True)])
def test_switch_is_read(given, on):
    assert switch_from_environment("DEMO", True, {"DEMO": given}) is on


def test_a_switch_that_is_none_is_refused_by_name():
    with pytest.raises(Refusal, match=r"DEMO is 'maybe'. Set it to 1 or 0."):
        switch_from_environment("DEMO", True, {"DEMO": "maybe"})
