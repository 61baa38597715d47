{{/* The pod's part of the security profile "restricted"; user and group are the image's. */}}
{{- define "sweepcluster.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The container's part of it. */}}
{{- define "sweepcluster.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where pods run: (list root component). */}}
{{- define "sweepcluster.placement" -}}
{{- $root := index . 0 -}}
{{- $of := index $root.Values (index . 1) -}}
{{- with $of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $of.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $of.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $of.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range $of.topologySpreadConstraints }}
  {{- $own := dict "labelSelector" (dict "matchLabels" (include "sweepcluster.selector" $ | fromYaml)) }}
  - {{ toYaml (merge (deepCopy .) $own) | nindent 4 | trim }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Annotations of silos' and gateways' pods: what the chart wrote and a process reads at its start only is part of the pod, so that a change replaces it. (list root component) */}}
{{- define "sweepcluster.podAnnotations" -}}
{{- $root := index . 0 -}}
{{- with $root.Values.trustedCertificates }}
checksum/certificates: {{ sha256sum . }}
{{- end }}
{{- with (index $root.Values (index . 1)).podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The environment of silos and gateways. */}}
{{- define "sweepcluster.environment" -}}
{{- if .Values.postgresql.enabled }}
- name: SWEEP_STORE
  value: Host={{ include "sweepcluster.fullname" . }}-postgresql;Username=sweep;Database=sweep
- name: PGPASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "sweepcluster.postgresqlSecret" . }}
      key: password
{{- else }}
- name: SWEEP_STORE
  valueFrom:
    secretKeyRef:
      name: {{ required "database.secretName: expected a Secret with the connection string of a PostgreSQL database, or postgresql.enabled" .Values.database.secretName }}
      key: {{ .Values.database.secretKey }}
{{- end }}
{{- if .Values.trustedCertificates }}
- name: SSL_CERT_DIR
  value: /etc/ssl/certs:/etc/sweepcluster/certificates
{{- end }}
{{- end -}}

{{/* Where a process answers for itself, and what it says of itself: arguments of silos and gateways. */}}
{{- define "sweepcluster.telemetryArguments" -}}
- --metrics
- {{ printf "http://%s:%d" .Values.listenAddress (int .Values.metrics.port) | quote }}
- --log
- {{ .Values.log }}
{{- with .Values.otlp }}
- --otlp
- {{ . | quote }}
{{- end }}
{{- if .Values.allowCommands }}
- --allow-commands
{{- end }}
{{- end -}}

{{/* Probes: (start-up seconds). Alive is who answers; a store that is away is no reason to start a process again. */}}
{{- define "sweepcluster.probes" -}}
startupProbe:
  httpGet:
    path: /healthz
    port: metrics
  periodSeconds: 2
  failureThreshold: {{ div (add (int .) 1) 2 }}
livenessProbe:
  httpGet:
    path: /healthz
    port: metrics
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /readyz
    port: metrics
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end -}}

{{/* The volume and the mount of trusted certificates. */}}
{{- define "sweepcluster.certificateVolume" -}}
{{- if .Values.trustedCertificates }}
- name: certificates
  configMap:
    name: {{ include "sweepcluster.fullname" . }}-certificates
{{- end }}
{{- end -}}
{{- define "sweepcluster.certificateMount" -}}
{{- if .Values.trustedCertificates }}
- name: certificates
  mountPath: /etc/sweepcluster/certificates
  readOnly: true
{{- end }}
{{- end -}}

{{/* Names may be resolved: a rule of egress. */}}
{{- define "sweepcluster.dnsEgress" -}}
- ports:
    {{- range .Values.networkPolicy.dnsPorts }}
    - port: {{ int . }}
      protocol: UDP
    - port: {{ int . }}
      protocol: TCP
    {{- end }}
  {{- with .Values.networkPolicy.dnsTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
