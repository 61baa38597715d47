using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart.Checks;

/// <summary>Kubernetes' pod security standard "restricted", and what this chart promises beyond: nothing is written outside of volumes, no token of Kubernetes is mounted, memory has a limit where values give one.</summary>
/// <remarks>Source: Kubernetes, Pod Security Standards, profile Restricted.</remarks>
internal static class SecurityCheck
{
    private static readonly string[] s_volumes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    internal static IEnumerable<string> FaultsOf(Release release) => release.Workloads.SelectMany(item => Pod(item).Concat(item.Containers.SelectMany(container => Container(item, container))));

    private static IEnumerable<string> Pod(KubernetesObject item)
    {
        JsonNode spec = item.Pod!["spec"]!;
        JsonNode? security = spec["securityContext"];
        foreach (string name in new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(name => spec[name] is not null))
        {
            yield return $"{item.Title}: {name}";
        }

        foreach (JsonObject volume in KubernetesObject.Items(spec["volumes"]).Where(volume => !volume.Any(field => s_volumes.Contains(field.Key))))
        {
            yield return $"{item.Title}: a volume of another kind: {volume.ToJsonString()}";
        }

        if ((bool?)security?["runAsNonRoot"] != true || (int?)security?["runAsUser"] is null or 0)
        {
            yield return $"{item.Title}: may run as root";
        }

        if ((string?)security?["seccompProfile"]?["type"] != "RuntimeDefault")
        {
            yield return $"{item.Title}: no seccomp profile";
        }

        if ((bool?)spec["automountServiceAccountToken"] != false)
        {
            yield return $"{item.Title}: mounts a token";
        }
    }

    private static IEnumerable<string> Container(KubernetesObject item, JsonObject container)
    {
        JsonNode? security = container["securityContext"];
        if ((bool?)security?["allowPrivilegeEscalation"] != false || security!["privileged"] is not null)
        {
            yield return $"{item.Title}: may gain privileges";
        }

        if (security?["capabilities"]?["drop"]?.ToJsonString() != """["ALL"]""" || security["capabilities"]!["add"] is not null)
        {
            yield return $"{item.Title}: keeps capabilities";
        }

        if ((bool?)security?["readOnlyRootFilesystem"] != true)
        {
            yield return $"{item.Title}: may write to its root";
        }

        foreach (JsonObject port in KubernetesObject.Items(container["ports"]).Where(port => port["hostPort"] is not null))
        {
            yield return $"{item.Title}: a port of the host: {port.ToJsonString()}";
        }
    }
}
