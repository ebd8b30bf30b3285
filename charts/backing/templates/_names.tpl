{{- define "backing.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "backing.labels" -}}
{{ include "backing.selector" . }}
app.kubernetes.io/part-of: anzhi-backing
app.kubernetes.io/version: {{ .root.Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "backing.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
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
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{- define "backing.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "backing.resources" -}}
{{- $storage := .storage -}}
{{- $resources := .resources -}}
{{- range $kind := list "requests" "limits" }}
{{ $kind }}:
  {{- range $name, $amount := index $resources $kind }}
  {{ $name }}: {{ $amount | quote }}
  {{- end }}
  {{- with index $storage $kind }}
  ephemeral-storage: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "backing.dns" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end }}

{{/* On a live cluster: one sentence that names what is missing. */}}
{{- define "backing.refuseMissingSecrets" -}}
{{- $namespace := .Release.Namespace -}}
{{- if and .Values.checkSecrets (or (lookup "v1" "ServiceAccount" $namespace "default") (lookup "v1" "Namespace" "" "kube-system")) -}}
{{- $keys := list -}}
{{- range .Values.parts }}{{ if .enabled }}{{ $keys = concat $keys .keys }}{{ end }}{{ end -}}
{{- $needs := dict .Values.secret $keys -}}
{{- if .Values.databases.enabled }}{{ $_ := set $needs .Values.databases.secret (list "databases.sql") }}{{ end -}}
{{- range $name, $wanted := $needs -}}
{{- $found := lookup "v1" "Secret" $namespace $name -}}
{{- if and $wanted (not $found) }}{{ fail (printf "backing: there is no Secret %s in the namespace %s (docs/how-to/install.md)" $name $namespace) }}{{ end -}}
{{- range $wanted }}{{ if not (dig "data" . "" $found) }}{{ fail (printf "backing: Secret %s has no key %s (docs/how-to/install.md)" $name .) }}{{ end }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "backing.secretsChecksum" -}}
{{- $content := dict -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .root.Values.secret -}}
{{- range .keys }}{{ $_ := set $content . (dig "data" . "" ($found | default dict)) }}{{ end -}}
{{ $content | toJson | sha256sum }}
{{- end }}
