"""What can happen to the processes beside the web server."""

import signal
import time

import redis
from django.conf import settings

from tests.faults.rig import Rig


def database_address() -> str:
    """The server the tests run on; every rig makes a database of its own there."""
    own = settings.DATABASES["default"]
    password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    return f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT']}/postgres"


def kill_broker(rig: Rig) -> None:
    rig.signal("broker", signal.SIGKILL)
    time.sleep(4)
    rig.start("broker")


def freeze_broker(rig: Rig) -> None:
    rig.signal("broker", signal.SIGSTOP)
    time.sleep(12)
    rig.signal("broker", signal.SIGCONT)


def empty_broker(rig: Rig) -> None:
    with redis.Redis(port=rig.broker_port) as broker:
        for _time in range(8):
            broker.flushall()
            time.sleep(0.5)


def kill_workers(rig: Rig, *, times: int = 5) -> None:
    for round_number in range(times):
        time.sleep(0.4 + (round_number * 0.37) % 1.9)
        rig.signal("worker", signal.SIGKILL)
        rig.start("worker")
