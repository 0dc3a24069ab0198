# xgoals with Airflow and everything pinned, run by a user without rights.
FROM python:3.11-slim-bookworm AS build

# simple: users in the environment. keycloak: users in Keycloak, for more than a few people.
ARG AUTH=simple
# yes: what Celery workers, a bucket and metrics need, for docker-compose.workers.yml and deploy/helm.
ARG WORKERS=no
ENV PIP_NO_CACHE_DIR=1 UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1
WORKDIR /opt/xgoals/app
COPY requirements requirements
# Complete lists of wheels, each checked against its hash: nothing is resolved, nothing is built. They leave out the
# 350 MB of GPU communication that the xgboost wheel asks for.
RUN pip install --no-deps --only-binary :all: --require-hashes --requirement requirements/installer.txt \
    && python -m venv /opt/xgoals/venv \
    && uv pip install --python /opt/xgoals/venv/bin/python --no-deps --no-build --require-hashes \
        --requirements requirements/build.txt --requirements requirements/run.txt \
    && if [ "$AUTH" = keycloak ]; then \
        uv pip install --python /opt/xgoals/venv/bin/python --no-deps --no-build --require-hashes \
            --requirements requirements/keycloak.txt; fi \
    && if [ "$WORKERS" = yes ]; then \
        uv pip install --python /opt/xgoals/venv/bin/python --no-deps --no-build --require-hashes \
            --requirements requirements/workers.txt; fi
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY dags dags
COPY sql sql
COPY templates templates
# In place, as in a checkout: dags, sql and templates lie beside src.
RUN uv pip install --python /opt/xgoals/venv/bin/python --no-deps --no-build-isolation --offline --editable .

FROM python:3.11-slim-bookworm

COPY --from=build /opt/xgoals /opt/xgoals
RUN useradd --uid 10001 --home-dir /opt/xgoals/home --shell /usr/sbin/nologin xgoals \
    && install --directory --owner=10001 --group=10001 --mode=0700 /opt/xgoals/home /opt/xgoals/airflow
ENV PATH=/opt/xgoals/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/xgoals/home/airflow \
    XGOALS_HOME=/opt/xgoals/home \
    NUMBA_CACHE_DIR=/opt/xgoals/home/compiled
USER 10001
WORKDIR /opt/xgoals/home
VOLUME /opt/xgoals/home
CMD ["xgoals", "status"]
