# The collector of telemetry: one static program, built from Go modules that go.sum pins (see collector/).
FROM scratch
ADD root.tar /
USER 10001:10001
EXPOSE 4317 8889 13133
ENTRYPOINT ["/collector"]
CMD ["--config=/etc/collector/collector.yaml"]
