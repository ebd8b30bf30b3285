{{/* Plain variables that every role and job of the service is given. */}}
{{- define "service.env" -}}
- name: LISTEN
  value: "0.0.0.0:{{ .Values.service.port }}"
- name: LEGAL_CLOCK
  value: {{ .Values.global.legalClock | quote }}
- name: LOG_LEVEL
  value: {{ .Values.global.logLevel | quote }}
- name: DRAIN_DELAY_SECONDS
  value: {{ .Values.drain.delaySeconds | quote }}
- name: DRAIN_SECONDS
  value: {{ .Values.drain.seconds | quote }}
- name: CONNECTION_SECONDS
  value: {{ .Values.drain.connectionSeconds | quote }}
{{- with .Values.global.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
- name: OTEL_TRACES_SAMPLER
  value: parentbased_traceidratio
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ $.Values.global.tracesSampled | quote }}
{{- end }}
{{- if hasKey .Values.global.reads .Chart.Name }}
{{ include "service.kafkaEnv" .Values.global.kafka }}
{{- end }}
{{- if has "s3" .Values.uses }}
- name: S3_ENDPOINT
  value: {{ required "global.s3.endpoint is not set" .Values.global.s3.endpoint | quote }}
- name: S3_PUBLIC_ENDPOINT
  value: {{ .Values.global.s3.publicEndpoint | default .Values.global.s3.endpoint | quote }}
{{- with .Values.global.s3.bucketPrefix }}
- name: S3_BUCKET_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with .Values.global.s3.authority }}
- name: S3_CA_FILE
  value: /etc/anzhi/authorities/{{ . }}
{{- end }}
{{- end }}
{{- include "service.addresses" . }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ tpl (toString $value) $ | quote }}
{{- end }}
{{- end }}

{{/* Of the broker: the platform's topics job is told the same. */}}
{{- define "service.kafkaEnv" -}}
- name: KAFKA_BOOTSTRAP
  value: {{ required "global.kafka.bootstrap is not set" .bootstrap | quote }}
- name: TOPIC_REPLICAS
  value: {{ .replicas | quote }}
- name: KAFKA_SECURITY_PROTOCOL
  value: {{ .securityProtocol }}
{{- if hasPrefix "SASL" .securityProtocol }}
- name: KAFKA_SASL_MECHANISM
  value: {{ .saslMechanism }}
{{- end }}
{{- with .authority }}
- name: KAFKA_CA_FILE
  value: /etc/anzhi/authorities/{{ . }}
{{- end }}
{{- with .topicPrefix }}
- name: TOPIC_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "service.addresses" -}}
{{- $callees := include "service.callees" . | fromJsonArray -}}
{{- $reached := dict -}}
{{- range $callees }}{{ $_ := set $reached (replace "-" "_" .) (printf "dns:///%s:50051" .) }}{{ end -}}
{{- if and (eq .Values.addresses.as "variables") $reached }}
{{- range $package, $address := $reached }}
- name: {{ upper $package }}
  value: {{ $address | quote }}
{{- end }}
{{- else if and (eq .Values.addresses.as "map") $reached }}
- name: {{ .Values.addresses.variable }}
  value: {{ $reached | toJson | quote }}
{{- else if $reached }}
- name: {{ .Values.addresses.variable }}
  value: {{ $list := list }}{{ range $callees }}{{ $list = append $list (printf "dns:///%s-ticks:50051" .) }}{{ end }}{{ $list | toJson | quote }}
{{- end }}
{{- end }}

{{/* What every pod of the platform has. */}}
{{- define "service.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{- define "service.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* The container of a role or job: (dict "root" . "name" name "for" role "resources" {…} "probes" true "env" {…} "suffix" ""): `suffix` sets
     its volumes apart from those of other services in the same pod. */}}
{{- define "service.container" -}}
{{- $root := .root -}}
{{- $suffix := .suffix -}}
{{- $values := $root.Values -}}
{{- $global := $values.global -}}
{{- $files := include "service.files" $root | fromJson -}}
name: {{ .name }}
image: {{ include "service.image" $root | quote }}
imagePullPolicy: {{ $global.image.pullPolicy }}
args: [{{ .for }}]
env:
  {{- include "service.env" $root | nindent 2 }}
  {{- range $name, $value := .env }}
  - name: {{ $name }}
    value: {{ tpl (toString $value) $root | quote }}
  {{- end }}
  {{- range $key, $variable := $files }}
  - name: {{ $variable }}
    value: /etc/anzhi/secrets/{{ $key }}
  {{- end }}
  {{- range $values.secret.folders }}
  - name: {{ .variable }}
    value: {{ .path }}
  {{- end }}
  {{- range include "service.secretVariables" (dict "root" $root "for" .for) | fromJsonArray }}
  - name: {{ . }}
    valueFrom:
      secretKeyRef:
        name: {{ include "service.secretName" $root }}
        key: {{ . }}
  {{- end }}
{{- if .probes }}
ports:
  - name: {{ $values.service.protocol }}
    containerPort: {{ $values.service.port }}
    protocol: TCP
startupProbe:
  {{- include "service.probe" (dict "values" $values "kind" "startup" "service" "live" "path" "/healthz") | nindent 2 }}
livenessProbe:
  {{- include "service.probe" (dict "values" $values "kind" "liveness" "service" "live" "path" "/healthz") | nindent 2 }}
readinessProbe:
  {{- include "service.probe" (dict "values" $values "kind" "readiness" "service" "" "path" "/readyz") | nindent 2 }}
{{- end }}
resources:
  {{- include "service.resources" (dict "resources" .resources "storage" $global.ephemeralStorage) | nindent 2 }}
securityContext:
  {{- include "service.containerSecurity" $ | nindent 2 }}
volumeMounts:
  - name: tmp{{ $suffix }}
    mountPath: /tmp
  {{- if $files }}
  - name: secrets{{ $suffix }}
    mountPath: /etc/anzhi/secrets
    readOnly: true
  {{- end }}
  {{- range $values.secret.folders }}
  - name: {{ .secret }}{{ $suffix }}
    mountPath: {{ .path }}
    readOnly: true
  {{- end }}
  {{- if $global.authorities }}
  - name: authorities{{ $suffix }}
    mountPath: /etc/anzhi/authorities
    readOnly: true
  {{- end }}
{{- end }}

{{/* Its volumes: (dict "root" . "tmp" "128Mi" "suffix" ""). */}}
{{- define "service.volumes" -}}
{{- $suffix := .suffix -}}
{{- $files := include "service.files" .root | fromJson -}}
- name: tmp{{ $suffix }}
  emptyDir:
    sizeLimit: {{ .tmp }}
{{- if $files }}
- name: secrets{{ $suffix }}
  secret:
    secretName: {{ include "service.secretName" .root }}
    defaultMode: 0440
    items:
      {{- range $key, $_ := $files }}
      - key: {{ $key }}
        path: {{ $key }}
      {{- end }}
{{- end }}
{{- range .root.Values.secret.folders }}
- name: {{ .secret }}{{ $suffix }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
{{- end }}
{{- with .root.Values.global.authorities }}
- name: authorities{{ $suffix }}
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end }}

{{- define "service.probe" -}}
{{- $probe := index .values.probes .kind -}}
{{- if eq .values.service.protocol "grpc" -}}
grpc:
  port: {{ .values.service.port }}
  {{- with .service }}
  service: {{ . }}
  {{- end }}
{{- else -}}
httpGet:
  path: {{ .path }}
  port: {{ .values.service.port }}
{{- end }}
periodSeconds: {{ $probe.periodSeconds }}
failureThreshold: {{ $probe.failureThreshold }}
timeoutSeconds: {{ .values.probes.timeoutSeconds }}
{{- end }}

{{- define "service.resources" -}}
{{- $storage := .storage -}}
{{- range $kind := list "requests" "limits" }}
{{ $kind }}:
  {{- range $name, $amount := index $.resources $kind }}
  {{ $name }}: {{ $amount | quote }}
  {{- end }}
  {{- with index $storage $kind }}
  ephemeral-storage: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}
