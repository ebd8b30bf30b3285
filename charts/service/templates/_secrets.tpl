{{/* What the service takes from Secrets, as JSON: Secret -> keys; a Secret without keys only has to be there. */}}
{{- define "service.needs" -}}
{{- $own := list -}}
{{- range $role, $_ := (include "service.roles" . | fromJson) }}{{ $own = concat $own (include "service.secretVariables" (dict "root" $ "for" $role) | fromJsonArray) }}{{ end -}}
{{- range $name, $has := .Values.jobs }}{{ if $has }}{{ $own = concat $own (include "service.secretVariables" (dict "root" $ "for" $name) | fromJsonArray) }}{{ end }}{{ end -}}
{{- $own = concat $own (keys (include "service.files" . | fromJson)) -}}
{{- $needs := dict -}}
{{- if $own }}{{ $_ := set $needs (include "service.secretName" .) ($own | uniq | sortAlpha) }}{{ end -}}
{{- range .Values.secret.folders }}{{ $_ := set $needs .secret list }}{{ end -}}
{{- with .Values.global.authorities }}{{ $_ := set $needs . list }}{{ end -}}
{{ $needs | toJson }}
{{- end }}

{{/* On a live cluster: stops with one sentence that names what is missing. `helm template` has no cluster to ask. */}}
{{- define "service.refuseMissingSecrets" -}}
{{- if .Values.global.checkSecrets -}}
{{- $namespace := .Release.Namespace -}}
{{- if or (lookup "v1" "ServiceAccount" $namespace "default") (lookup "v1" "Namespace" "" "kube-system") -}}
{{- range $name, $wanted := include "service.needs" . | fromJson -}}
{{- $found := lookup "v1" "Secret" $namespace $name -}}
{{- if not $found }}{{ fail (printf "%s: there is no Secret %s in the namespace %s (docs/how-to/install.md)" $.Chart.Name $name $namespace) }}{{ end -}}
{{- $missing := list -}}
{{- range $key := $wanted }}{{ if not (dig "data" $key "" $found) }}{{ $missing = append $missing $key }}{{ end }}{{ end -}}
{{- if $missing }}{{ fail (printf "%s: Secret %s has no key %s (docs/how-to/install.md)" $.Chart.Name $name (join ", " $missing)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Changes with the content of its Secrets, so that an upgrade after a rotation rolls the pods; without a cluster it is constant. */}}
{{- define "service.secretsChecksum" -}}
{{- $content := dict -}}
{{- range $name, $keys := include "service.needs" . | fromJson -}}
{{- $found := lookup "v1" "Secret" $.Release.Namespace $name -}}
{{- if $found }}{{ $_ := set $content $name $found.data }}{{ end -}}
{{- end -}}
{{ $content | toJson | sha256sum }}
{{- end }}
