# Two stages: what builds stays behind. The pinned requirements are those that the tests run with.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/controlplane
ENV PATH=/opt/controlplane/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY registry registry
COPY collectors collectors
COPY policies policies
COPY ui ui
COPY controlplane controlplane
RUN pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/controlplane controlplane
COPY --from=build /opt/controlplane /opt/controlplane
ENV PATH=/opt/controlplane/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CONTROLPLANE_DATA_DIR=/var/lib/controlplane \
    CONTROLPLANE_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/controlplane
VOLUME /var/lib/controlplane
EXPOSE 8000 4317 4318
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["controlplane"]
CMD ["serve"]
