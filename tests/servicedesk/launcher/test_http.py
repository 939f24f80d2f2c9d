import http.server
import threading

import pytest

from servicedesk.launcher.http import host_header, status_of
from servicedesk.launcher.ports import free_port, is_free


@pytest.fixture
def server():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if (self.path, self.headers["Host"]) == ("/health/live", "localhost") else 404)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Not in the output of the tests."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_status_of_what_answers_and_of_what_does_not(server):
    assert status_of("127.0.0.1", server.server_port, "/health/live") == 200
    assert status_of("0.0.0.0", server.server_port, "/elsewhere") == 404  # noqa: S104 - asked, not bound
    assert status_of("127.0.0.1", free_port(), "/health/live") == 0


def test_a_port_is_free_until_somebody_listens(server):
    assert not is_free("127.0.0.1", server.server_port)
    assert is_free("127.0.0.1", free_port())


@pytest.mark.parametrize(
    ("allowed", "name"), [("", "localhost"), ("*", "localhost"), (".desk.example, other", "desk.example")]
)
def test_the_name_we_ask_under_is_one_the_settings_accept(allowed, name):
    assert host_header({"ALLOWED_HOSTS": allowed}) == name
