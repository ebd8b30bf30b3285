{{/* .Chart.Name is the alias: the name of the service. */}}
{{- define "service.package" -}}{{ .Chart.Name | replace "-" "_" }}{{- end }}

{{- define "service.image" -}}
{{- $image := .Values.global.image -}}
{{ $image.registry }}/{{ .Chart.Name }}:{{ $image.tag }}
{{- end }}

{{- define "service.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "service.labels" -}}
{{ include "service.selector" . }}
app.kubernetes.io/part-of: anzhi
app.kubernetes.io/version: {{ .Values.global.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "service.secretName" -}}{{ .Values.secret.name | default (printf "anzhi-%s" .Chart.Name) }}{{- end }}

{{/* What its pods may reach: the policies of charts/backing let in whoever carries the label. */}}
{{- define "service.parts" -}}
{{- $parts := .Values.uses -}}
{{- if hasKey .Values.global.reads .Chart.Name }}{{ $parts = append $parts "kafka" }}{{ end -}}
{{- if .Values.global.otlpEndpoint }}{{ $parts = append $parts "collector" }}{{ end -}}
{{ $parts | sortAlpha | join "," }}
{{- end }}

{{- define "service.reachLabels" -}}
{{- range $part := splitList "," (include "service.parts" .) }}{{ if $part }}
anzhi.io/reaches-{{ $part }}: "true"
{{- end }}{{ end }}
{{- end }}

{{/* Callees by global.calls; those of the legal clock only where it is on. JSON, since a template answers text. */}}
{{- define "service.callees" -}}
{{- $global := .Values.global -}}
{{- $callees := dig .Chart.Name (list) $global.calls -}}
{{- if $global.legalClock }}{{ $callees = concat $callees (dig .Chart.Name (list) $global.callsOfTheLegalClock) }}{{ end -}}
{{ $callees | uniq | sortAlpha | toJson }}
{{- end }}

{{/* Who calls this service, by the same declaration read the other way round. */}}
{{- define "service.callers" -}}
{{- $global := .Values.global -}}
{{- $me := .Chart.Name -}}
{{- $callers := list -}}
{{- range $caller, $callees := $global.calls }}{{ if has $me $callees }}{{ $callers = append $callers $caller }}{{ end }}{{ end -}}
{{- if $global.legalClock -}}
{{- range $caller, $callees := $global.callsOfTheLegalClock }}{{ if has $me $callees }}{{ $callers = append $callers $caller }}{{ end }}{{ end -}}
{{- end -}}
{{ $callers | uniq | sortAlpha | toJson }}
{{- end }}

{{/* Variables from its Secret for one role or job (dict "root" . "for" role), as a JSON list. The role `all` is everyone but the owner. */}}
{{- define "service.secretVariables" -}}
{{- $root := .root -}}
{{- $for := .for -}}
{{- $names := list -}}
{{- if has "postgres" $root.Values.uses -}}
{{- if has $for (list "serve" "all" "check") }}{{ $names = append $names "DATABASE_URL" }}{{ end -}}
{{- if not (has $for (list "serve" "migrate")) }}{{ $names = append $names "DATABASE_JOBS_URL" }}{{ end -}}
{{- if has $for (list "migrate" "check") }}{{ $names = append $names "DATABASE_OWNER_URL" }}{{ end -}}
{{- end -}}
{{- if has "redis" $root.Values.uses }}{{ $names = append $names "REDIS_URL" }}{{ end -}}
{{- if has "s3" $root.Values.uses }}{{ $names = concat $names (list "S3_ACCESS_KEY" "S3_SECRET_KEY") }}{{ end -}}
{{- if and (hasKey $root.Values.global.reads $root.Chart.Name) (hasPrefix "SASL" $root.Values.global.kafka.securityProtocol) }}{{ $names = concat $names (list "KAFKA_USERNAME" "KAFKA_PASSWORD") }}{{ end -}}
{{- range $name, $roles := $root.Values.secret.env }}{{ if or (not $roles) (has $for $roles) }}{{ $names = append $names $name }}{{ end }}{{ end -}}
{{ $names | uniq | toJson }}
{{- end }}

{{/* The roles that this layout has, as JSON: what a values file sets to null is left out. */}}
{{- define "service.roles" -}}
{{- $roles := dict -}}
{{- range $role, $given := .Values.roles }}{{ if $given }}{{ $_ := set $roles $role $given }}{{ end }}{{ end -}}
{{ $roles | toJson }}
{{- end }}

{{- define "service.files" -}}
{{- $files := dict -}}
{{- range $key, $variable := .Values.secret.files }}{{ if $variable }}{{ $_ := set $files $key $variable }}{{ end }}{{ end -}}
{{ $files | toJson }}
{{- end }}

{{/* Keys that went, each with what took its place. The schema lets them pass so that this sentence is said. */}}
{{- define "service.refuseRemoved" -}}
{{- if hasKey .Values "allowFrom" }}{{ fail (printf "%s.allowFrom is gone: who may call %s follows from global.calls (CHANGELOG.md)" .Chart.Name .Chart.Name) }}{{ end -}}
{{- end }}
