"""Asks the web server how it is."""

import http.client
import os
import sys
from collections.abc import Mapping


def host_header(environ: Mapping[str, str] = os.environ) -> str:
    """A name the settings accept."""
    allowed = [name.strip().lstrip(".") for name in environ.get("ALLOWED_HOSTS", "").split(",") if name.strip()]
    return allowed[0] if allowed and allowed[0] != "*" else "localhost"


def status_of(host: str, port: int, path: str, timeout: float = 5.0) -> int:
    """The status code of a GET, 0 while nobody answers."""
    line = http.client.HTTPConnection(_reachable(host), port, timeout=timeout)
    try:
        line.request("GET", path, headers={"Host": host_header()})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound


if __name__ == "__main__":  # the container's health check: host, port and path; content with anything but an error
    sys.exit(not 200 <= status_of(sys.argv[1], int(sys.argv[2]), sys.argv[3]) < 400)
