# reseau with Airflow and the PostgreSQL drivers, from the lock with its hashes. See docs/how-to/airflow.md.
# For a reproducible image, name the base by its digest: --build-arg PYTHON_IMAGE=python@sha256:...
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/reseau
RUN python -m venv /opt/venv
COPY requirements-airflow.lock ./
RUN /opt/venv/bin/pip install --no-deps --require-hashes --only-binary :all: -r requirements-airflow.lock
COPY pyproject.toml README.md LICENSE ./
COPY pipelines pipelines
COPY validations validations
COPY config config
COPY sql sql
COPY dags dags
# editable, so that configuration and DAGs are those of this folder, and a mount may replace them
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation --editable . \
 && /opt/venv/bin/python -m compileall -q /opt/reseau/pipelines /opt/reseau/validations

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/reseau /opt/reseau
# a named volume takes the owner of the folder it is first mounted on
RUN useradd --uid 10001 --home-dir /opt/airflow --shell /usr/sbin/nologin reseau \
 && install --directory --owner=reseau --group=reseau --mode=0700 /opt/airflow /srv/reseau /srv/key /srv/inbox
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/opt/airflow \
    MPLCONFIGDIR=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/reseau/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
WORKDIR /opt/airflow
USER 10001
ENTRYPOINT ["airflow"]
