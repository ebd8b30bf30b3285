# One file for all services. `python infra/docker build NAME` prepares its context: the sources of the service's own closure and uv.
#
# BASE     an image with Python 3.11 or newer: the project's own base, or for example python:3.11-slim
# SERVICE  a folder of services/
# LOCKED, SOURCES  keys of the content, so that what is unchanged comes from the cache
ARG BASE

# What builds, and stays out of every image.
FROM scratch AS tools
COPY uv closure.py /

# What all services share: one layer.
FROM ${BASE} AS shared
ARG LOCKED
RUN --mount=type=bind,from=tools,source=/,target=/tools \
    --mount=type=bind,source=workspace,target=/workspace \
    --mount=type=cache,id=anzhi-uv,target=/var/cache/uv \
    --mount=type=secret,id=authorities --mount=type=secret,id=network \
    ["python3", "/tools/closure.py", "shared"]

FROM shared AS service
ARG SERVICE
ARG SOURCES
RUN --mount=type=bind,from=tools,source=/,target=/tools \
    --mount=type=bind,source=workspace,target=/workspace \
    --mount=type=cache,id=anzhi-uv,target=/var/cache/uv \
    --mount=type=secret,id=authorities --mount=type=secret,id=network \
    ["python3", "/tools/closure.py", "service"]
# Only documents looks there.
ENV FONTS=/app/fonts
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1
USER 10001:10001
WORKDIR /app
EXPOSE 50051
ENTRYPOINT ["/app/bin/python", "-m", "service"]
