{{/* What the names of objects begin with. The longest end is "-dashboard-" and a file's name; DNS labels have 63 characters, names of StatefulSets 52, and those of Services begin with a letter. */}}
{{- define "sweepcluster.fullname" -}}
{{- $chart := default .Chart.Name .Values.nameOverride -}}
{{- $name := .Values.fullnameOverride | default (contains $chart .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $chart)) -}}
{{- regexMatch "^[0-9]" $name | ternary (printf "sweepcluster-%s" $name) $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels of everything: (list root component). */}}
{{- define "sweepcluster.labels" -}}
{{- $root := index . 0 -}}
{{ include "sweepcluster.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: sweepcluster
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of pods: (list root component). Without versions, so that a new chart alone does not start them again. */}}
{{- define "sweepcluster.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "sweepcluster.selector" . }}
app.kubernetes.io/part-of: sweepcluster
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- with (index $root.Values (index . 1)).podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels by which pods are found: (list root component). They never change in the life of a release. */}}
{{- define "sweepcluster.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* An image: (list values default-tag). */}}
{{- define "sweepcluster.image" -}}
{{- $image := index . 0 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ default (index . 1) $image.tag }}
{{- end -}}
{{- end -}}

{{/* The service account of a component: (list root component). */}}
{{- define "sweepcluster.serviceAccount" -}}
{{- $root := index . 0 -}}
{{- $account := (index $root.Values (index . 1)).serviceAccount -}}
{{- if $account.name -}}
{{ $account.name }}
{{- else if $account.create -}}
{{ include "sweepcluster.fullname" $root }}-{{ index . 1 }}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{/* The Secret with the password of the release's own PostgreSQL. */}}
{{- define "sweepcluster.postgresqlSecret" -}}
{{ .Values.postgresql.existingSecret | default (printf "%s-postgresql" (include "sweepcluster.fullname" .)) }}
{{- end -}}

{{/* The Secret with the lines of tokens; empty: none. */}}
{{- define "sweepcluster.tokensSecret" -}}
{{- if .Values.gateway.tokens.lines -}}
{{ include "sweepcluster.fullname" . }}-tokens
{{- else -}}
{{ .Values.gateway.tokens.secretName }}
{{- end -}}
{{- end -}}

{{/* What is open: jobs of running sweeps that wait or run, each told by several processes. (list release-labels) */}}
{{- define "sweepcluster.openJobs" -}}
sum(max by (sweep, state) (sweepcluster_sweep_jobs{state=~"waiting|running"{{ . }}}) and on (sweep) max by (sweep) (sweepcluster_sweep_phase{phase="running"{{ . }}}) == 1) or vector(0)
{{- end -}}

{{/* What tells this release's targets from others', as the ServiceMonitors label them. */}}
{{- define "sweepcluster.targetLabels" -}}
,namespace="{{ .Release.Namespace }}",app_kubernetes_io_instance="{{ .Release.Name }}"
{{- end -}}
