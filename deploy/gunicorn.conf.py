"""The web server's settings, for `./desk up` and for the container alike."""

import gc
import multiprocessing
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or min(4, max(2, multiprocessing.cpu_count())))
threads = int(os.environ.get("WEB_THREADS") or 4)
# The application is loaded once and shared; a worker that leaves after its share of requests is back in no time.
preload_app = True
max_requests = 2000
max_requests_jitter = 200
timeout = 30
graceful_timeout = 30
keepalive = 5
# Heartbeats of the workers go to memory: a slow disk must not look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True  # it would lie in the home folder
limit_request_line = 8190
limit_request_fields = 100
# Only the proxy in front may say who asks and how; by default that is this machine alone.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
errorlog = "-"


def post_fork(server, worker):
    """What the application loaded stays for good: the collector need not walk it again, nor come by for every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
