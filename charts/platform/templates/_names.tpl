{{- define "platform.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: anzhi
app.kubernetes.io/version: {{ .root.Values.global.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "platform.host" -}}{{ (urlParse .Values.global.publicUrl).hostname }}{{- end }}

{{- define "platform.jobResources" -}}
{{ include "service.resources" (dict "resources" .Values.jobResources "storage" .Values.global.ephemeralStorage) }}
{{- end }}
