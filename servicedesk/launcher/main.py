"""The command line of `./desk`."""

from collections.abc import Callable, Sequence

from servicedesk.launcher import keeping
from servicedesk.launcher.checking import check
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.managing import manage
from servicedesk.launcher.messages import Refusal, answer, refusal_for, say
from servicedesk.launcher.stopping import StopRequested
from servicedesk.launcher.testing import bench, test
from servicedesk.launcher.up import up

HELP = """\
./desk up                 set up what is missing, run everything, stop it with Ctrl-C
./desk stop               stop a running ./desk up from elsewhere
./desk status             what runs, where its data and logs are
./desk manage COMMAND …   any management command, beside a running ./desk up or without one
./desk reset [--yes]      delete this installation's data
./desk test [--long] […]  all tests; further words go to pytest
./desk check              lint, format, types, import directions, migrations, deployment settings
./desk bench […]          measure; further words go to tests/performance/bench.py

Environment: PORT (8000), HOST (127.0.0.1), DATA_DIR (.run), DEMO (0: no demo company), DATABASE_URL,
REDIS_URL (unset: embedded servers), SECRET_KEY or SECRET_KEY_FILE, ALLOWED_HOSTS, DESK_PG_BIN. More: .env.example"""


def _no_words(run: Callable[[Layout], int]) -> Callable[[Layout, Sequence[str]], int]:
    def run_without(layout: Layout, words: Sequence[str]) -> int:
        if words:
            raise Refusal(f"This command takes nothing after it, but there is: {' '.join(words)}")
        return run(layout)

    return run_without


def _manage(layout: Layout, words: Sequence[str]) -> int:
    if not words:
        raise Refusal("Say which command, for example: ./desk manage create_token admin@demo.example")
    return manage(layout, words)


def _reset(layout: Layout, words: Sequence[str]) -> int:
    if list(words) not in ([], ["--yes"]):
        raise Refusal(f"reset knows only --yes, not {' '.join(words)}")
    return keeping.reset(layout, sure="--yes" in words)


COMMANDS: dict[str, Callable[[Layout, Sequence[str]], int]] = {
    "up": _no_words(up),
    "stop": _no_words(keeping.stop),
    "status": _no_words(keeping.status),
    "manage": _manage,
    "reset": _reset,
    "test": test,
    "check": _no_words(check),
    "bench": bench,
}


def main(words: Sequence[str]) -> int:
    """Run one command; answer the exit code. What goes wrong is one plain sentence on stderr."""
    if not words or words[0] in ("help", "-h", "--help"):
        answer(HELP)
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        say(f"There is no command {words[0]!r}.\n\n{HELP}")
        return 2
    layout = Layout.from_environment()
    try:
        return command(layout, words[1:])
    except Refusal as refusal:
        say(f"\n{refusal}")
    except OSError as error:
        say(f"\n{refusal_for(error, layout.data)}")
    except (KeyboardInterrupt, StopRequested):
        say("\nStopped.")
        return 130
    return 1
