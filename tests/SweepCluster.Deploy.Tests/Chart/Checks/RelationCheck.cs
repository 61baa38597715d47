using System.Text.Json;
using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart.Checks;

/// <summary>What one object says of another is true: selectors find pods, ports are there, what is mounted or referred to exists in the release or is declared to be the user's.</summary>
internal static class RelationCheck
{
    internal static IEnumerable<string> FaultsOf(Release release) =>
        Selectors(release).Concat(Services(release)).Concat(Probes(release)).Concat(Policies(release)).Concat(References(release)).Concat(Scaling(release)).Concat(Monitors(release)).Concat(Tests(release));

    private static IEnumerable<string> Selectors(Release release)
    {
        foreach (KubernetesObject item in release.Objects.Where(item => item.Kind is "Deployment" or "StatefulSet"))
        {
            if (!KubernetesObject.Matches(item.Body["spec"]!["selector"]!["matchLabels"], item.PodLabels))
            {
                yield return $"{item.Title}: the selector does not find its own pods";
            }

            foreach (JsonObject spread in KubernetesObject.Items(item.Pod!["spec"]!["topologySpreadConstraints"]))
            {
                if (!KubernetesObject.Matches(spread["labelSelector"]?["matchLabels"], item.PodLabels))
                {
                    yield return $"{item.Title}: a spread does not find its own pods";
                }
            }

            foreach (KubernetesObject other in release.Workloads.Where(other => other != item && KubernetesObject.Matches(item.Body["spec"]!["selector"]!["matchLabels"], other.PodLabels)))
            {
                yield return $"{item.Title}: the selector finds the pods of {other.Title}";
            }
        }

        foreach (KubernetesObject item in release.OfKind("PodDisruptionBudget").Where(item => Selected(release, item.Body["spec"]!["selector"]!["matchLabels"]).Length != 1))
        {
            yield return $"{item.Title}: the selector finds {Selected(release, item.Body["spec"]!["selector"]!["matchLabels"]).Length} workloads, expected one";
        }
    }

    private static IEnumerable<string> Services(Release release)
    {
        foreach (KubernetesObject service in release.OfKind("Service"))
        {
            KubernetesObject[] pods = Selected(release, service.Body["spec"]!["selector"]);
            if (pods.Length != 1)
            {
                yield return $"{service.Title}: the selector finds {pods.Length} workloads, expected one";
            }

            foreach (JsonNode target in KubernetesObject.Items(service.Body["spec"]!["ports"]).Select(port => port["targetPort"]!))
            {
                if (pods.Any(pod => PortOf(pod, target) is null))
                {
                    yield return $"{service.Title}: the pods have no port {target}";
                }
            }
        }

        foreach (KubernetesObject set in release.OfKind("StatefulSet").Where(set => release.OfKind("Service").All(service => service.Name != (string)set.Body["spec"]!["serviceName"]!)))
        {
            yield return $"{set.Title}: the Service {set.Body["spec"]!["serviceName"]} is not there";
        }

        foreach (KubernetesObject ingress in release.OfKind("Ingress"))
        {
            foreach (JsonNode backend in KubernetesObject.Items(ingress.Body["spec"]!["rules"]).SelectMany(rule => KubernetesObject.Items(rule["http"]!["paths"])).Select(path => path["backend"]!["service"]!))
            {
                KubernetesObject? service = release.OfKind("Service").SingleOrDefault(service => service.Name == (string)backend["name"]!);
                if (service is null || KubernetesObject.Items(service.Body["spec"]!["ports"]).All(port => (string)port["name"]! != (string?)backend["port"]!["name"]))
                {
                    yield return $"{ingress.Title}: no Service {backend["name"]} with a port {backend["port"]!.ToJsonString()}";
                }
            }
        }
    }

    private static IEnumerable<string> Probes(Release release) =>
        from item in release.Workloads
        from container in item.Containers
        from probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" }
        let port = container[probe]?["httpGet"]?["port"]
        where port is not null && PortOf(item, port) is null
        select $"{item.Title}: {probe} asks a port {port} that is not there";

    private static IEnumerable<string> Policies(Release release)
    {
        foreach (KubernetesObject policy in release.OfKind("NetworkPolicy"))
        {
            KubernetesObject[] pods = Selected(release, policy.Body["spec"]!["podSelector"]!["matchLabels"]);
            if (pods.Length == 0)
            {
                yield return $"{policy.Title}: no pod is selected";
            }

            foreach (JsonObject rule in KubernetesObject.Items(policy.Body["spec"]!["ingress"]))
            {
                foreach (JsonNode port in KubernetesObject.Items(rule["ports"]).Select(port => port["port"]!).Where(port => pods.Any(pod => PortOf(pod, port) is null)))
                {
                    yield return $"{policy.Title}: lets callers in to a port {port} that the pods do not have";
                }
            }

            foreach ((string way, JsonObject rule, JsonNode peer) in Peers(policy))
            {
                KubernetesObject[] others = Selected(release, peer["matchLabels"]);
                if (others.Length == 0)
                {
                    yield return $"{policy.Title}: {way} names pods that are not there: {peer.ToJsonString()}";
                }

                foreach (JsonNode port in KubernetesObject.Items(rule["ports"]).Select(port => port["port"]!).Where(port => way == "egress" && others.Any(pod => PortOf(pod, port) is null)))
                {
                    yield return $"{policy.Title}: lets calls out to a port {port} that the pods do not have";
                }
            }
        }
    }

    // Pods of the release that a rule names; peers in other namespaces are the cluster's.
    private static IEnumerable<(string Way, JsonObject Rule, JsonNode Peer)> Peers(KubernetesObject policy) =>
        from way in new[] { ("ingress", "from"), ("egress", "to") }
        from rule in KubernetesObject.Items(policy.Body["spec"]![way.Item1])
        from peer in KubernetesObject.Items(rule[way.Item2])
        where peer["podSelector"] is not null && peer["namespaceSelector"] is null
        select (way.Item1, rule, peer["podSelector"]!);

    private static IEnumerable<string> References(Release release)
    {
        string[] mine = UserSecrets(release.Values);
        foreach (KubernetesObject item in release.Workloads)
        {
            JsonNode spec = item.Pod!["spec"]!;
            string[] volumes = [.. KubernetesObject.Items(spec["volumes"]).Concat(KubernetesObject.Items(item.Body["spec"]!["volumeClaimTemplates"])).Select(volume => (string)(volume["name"] ?? volume["metadata"]!["name"])!)];
            string[] mounts = [.. item.Containers.SelectMany(container => KubernetesObject.Items(container["volumeMounts"])).Select(mount => (string)mount["name"]!)];
            foreach (string name in volumes.Except(mounts).Concat(mounts.Except(volumes)))
            {
                yield return $"{item.Title}: the volume {name} is mounted or declared, and not both";
            }

            foreach ((string kind, string name, string? key) in Needed(spec))
            {
                KubernetesObject? found = release.OfKind(kind).SingleOrDefault(other => other.Name == name);
                bool known = found is null ? (kind == "Secret" && mine.Contains(name)) || (kind == "ServiceAccount" && (name == "default" || name == (string?)AccountOf(release, item)))
                    : key is null || found.Body["data"]?[key] is not null || found.Body["stringData"]?[key] is not null;
                if (!known)
                {
                    yield return $"{item.Title}: {kind} {name}{(key is null ? "" : $" with the key {key}")} is not there";
                }
            }

            foreach (JsonObject container in item.Containers)
            {
                string[] variables = [.. KubernetesObject.Items(container["env"]).Select(variable => (string)variable["name"]!)];
                foreach (string argument in (container["args"]?.AsArray() ?? []).Select(argument => (string)argument!).Where(argument => argument.StartsWith("$(", StringComparison.Ordinal) && !variables.Contains(argument[2..^1])))
                {
                    yield return $"{item.Title}: {argument} is no variable of the container";
                }

                if (variables.Distinct().Count() != variables.Length)
                {
                    yield return $"{item.Title}: a variable is there twice";
                }
            }
        }
    }

    private static IEnumerable<(string Kind, string Name, string? Key)> Needed(JsonNode spec)
    {
        IEnumerable<(string, string, string?)> variables = KubernetesObject.Items(spec["containers"]).SelectMany(container => KubernetesObject.Items(container["env"]))
            .Select(variable => variable["valueFrom"]?["secretKeyRef"]).OfType<JsonObject>().Select(key => ("Secret", (string)key["name"]!, (string?)key["key"]));
        IEnumerable<(string, string, string?)> secrets = KubernetesObject.Items(spec["volumes"]).Select(volume => volume["secret"]).OfType<JsonObject>()
            .SelectMany(secret => KubernetesObject.Items(secret["items"]).Select(key => (string?)key["key"]).DefaultIfEmpty(null).Select(key => ("Secret", (string)secret["secretName"]!, key)));
        IEnumerable<(string, string, string?)> maps = KubernetesObject.Items(spec["volumes"]).Select(volume => volume["configMap"]).OfType<JsonObject>().Select(map => ("ConfigMap", (string)map["name"]!, (string?)null));
        IEnumerable<(string, string, string?)> accounts = spec["serviceAccountName"] is { } account ? [("ServiceAccount", (string)account!, null)] : [];
        return variables.Concat(secrets).Concat(maps).Concat(accounts);
    }

    // Secrets that the values say are the user's.
    private static string[] UserSecrets(JsonObject values) =>
    [
        .. new[] { values["database"]!["secretName"], values["postgresql"]!["existingSecret"], values["gateway"]!["tokens"]!["secretName"], values["gateway"]!["tls"]!["secretName"] }
            .Select(name => (string)name!).Where(name => name.Length > 0),
        .. new[] { "silo", "gateway" }.SelectMany(component => KubernetesObject.Items(values[component]!["extraVolumes"])).Select(volume => (string?)volume["secret"]?["secretName"]).OfType<string>(),
        .. new[] { "silo", "gateway" }.SelectMany(component => KubernetesObject.Items(values[component]!["extraEnv"])).Select(variable => (string?)variable["valueFrom"]?["secretKeyRef"]?["name"]).OfType<string>(),
    ];

    private static JsonNode? AccountOf(Release release, KubernetesObject item) => release.Values[(string)item.PodLabels!["app.kubernetes.io/component"]!]?["serviceAccount"]?["name"];

    private static IEnumerable<string> Scaling(Release release)
    {
        foreach (KubernetesObject scaler in release.Objects.Where(item => item.Kind is "HorizontalPodAutoscaler" or "ScaledObject"))
        {
            JsonNode target = scaler.Body["spec"]!["scaleTargetRef"]!;
            KubernetesObject? found = release.Objects.SingleOrDefault(item => item.ApiVersion == (string?)target["apiVersion"] && item.Kind == (string?)target["kind"] && item.Name == (string?)target["name"]);
            if (found is null)
            {
                yield return $"{scaler.Title}: the target {target.ToJsonString()} is not there";
            }
            else if (found.Body["spec"]!["replicas"] is not null)
            {
                yield return $"{scaler.Title}: the target states its replicas, and an upgrade would set them";
            }
        }
    }

    private static IEnumerable<string> Monitors(Release release)
    {
        foreach (KubernetesObject monitor in release.OfKind("ServiceMonitor"))
        {
            KubernetesObject[] services = [.. release.OfKind("Service").Where(service => KubernetesObject.Matches(monitor.Body["spec"]!["selector"]!["matchLabels"], service.Labels))];
            if (services.Length != 1)
            {
                yield return $"{monitor.Title}: finds {services.Length} Services, expected one";
            }

            foreach (string port in KubernetesObject.Items(monitor.Body["spec"]!["endpoints"]).Select(endpoint => (string)endpoint["port"]!))
            {
                if (services.Any(service => KubernetesObject.Items(service.Body["spec"]!["ports"]).All(known => (string)known["name"]! != port)))
                {
                    yield return $"{monitor.Title}: the Service has no port {port}";
                }
            }
        }
    }

    private static IEnumerable<string> Tests(Release release)
    {
        foreach (KubernetesObject pod in release.OfKind("Pod"))
        {
            Uri address = new((string)pod.Containers.Single()["args"]![1]!);
            KubernetesObject? service = release.OfKind("Service").SingleOrDefault(service => service.Name == address.Host);
            if (service is null || KubernetesObject.Items(service.Body["spec"]!["ports"]).All(port => (int)port["port"]! != address.Port))
            {
                yield return $"{pod.Title}: asks {address}, where no Service is";
            }
        }
    }

    internal static KubernetesObject[] Selected(Release release, JsonNode? labels) => [.. release.Workloads.Where(item => KubernetesObject.Matches(labels, item.PodLabels))];

    /// <summary>The number of a pod's port that is named or numbered; null: it has none.</summary>
    internal static int? PortOf(KubernetesObject pod, JsonNode port) => pod.Containers.SelectMany(container => KubernetesObject.Items(container["ports"]))
        .Where(known => port.GetValueKind() == JsonValueKind.String ? (string?)known["name"] == (string)port! : (double)known["containerPort"]! == (double)port)
        .Select(known => (int?)known["containerPort"]).FirstOrDefault();
}
