{{/* The value of SILO_SLOTS: what was said, else the limit of processors, else the request; empty: the program counts the node's. A part of a processor counts as one. */}}
{{- define "sweepcluster.siloSlots" -}}
{{- $silo := .Values.silo -}}
{{- $limits := $silo.resources.limits | default dict -}}
{{- $requests := $silo.resources.requests | default dict -}}
{{- if $silo.slots -}}
value: {{ int $silo.slots | quote }}
{{- else if or $limits.cpu $requests.cpu -}}
valueFrom:
  resourceFieldRef:
    containerName: silo
    resource: {{ empty $limits.cpu | ternary "requests.cpu" "limits.cpu" }}
    divisor: "1"
{{- end -}}
{{- end -}}

{{/* The value of SILO_MEMORY: what was said; empty where there is a limit, of which the program takes three quarters; else the request. */}}
{{- define "sweepcluster.siloMemory" -}}
{{- $silo := .Values.silo -}}
{{- $limits := $silo.resources.limits | default dict -}}
{{- $requests := $silo.resources.requests | default dict -}}
{{- if $silo.memory -}}
value: {{ $silo.memory | quote }}
{{- else if and (not $limits.memory) $requests.memory -}}
valueFrom:
  resourceFieldRef:
    containerName: silo
    resource: requests.memory
    divisor: "1"
{{- end -}}
{{- end -}}

{{/* How fast silos come and go, in the words of a HorizontalPodAutoscaler: (silo.autoscaling). */}}
{{- define "sweepcluster.scalingBehavior" -}}
scaleUp:
  stabilizationWindowSeconds: {{ int .scaleUp.stabilizationSeconds }}
  policies:
    - type: Pods
      value: {{ int .scaleUp.silosPerMinute }}
      periodSeconds: 60
scaleDown:
  stabilizationWindowSeconds: {{ int .scaleDown.stabilizationSeconds }}
  policies:
    - type: Pods
      value: {{ int .scaleDown.silosPerMinute }}
      periodSeconds: 60
{{- end -}}
