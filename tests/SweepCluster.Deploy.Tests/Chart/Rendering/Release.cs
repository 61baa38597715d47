using System.Text.Json.Nodes;

namespace SweepCluster.Deploy.Tests.Chart.Rendering;

/// <summary>What a chart renders to.</summary>
internal sealed record Release(JsonObject Values, string Notes, IReadOnlyList<KubernetesObject> Objects)
{
    internal static Release Parse(string json)
    {
        JsonObject answer = JsonNode.Parse(json)!.AsObject();
        JsonObject[] files = [.. KubernetesObject.Items(answer["files"])];
        return new Release(
            answer["values"]!.AsObject(),
            files.Where(file => (string)file["name"]! == "templates/NOTES.txt").Select(file => (string)file["text"]!).SingleOrDefault(string.Empty),
            [.. files.SelectMany(file => KubernetesObject.Items(file["documents"]).Select(body => new KubernetesObject((string)file["name"]!, body)))]);
    }

    internal IEnumerable<KubernetesObject> OfKind(string kind) => Objects.Where(item => item.Kind == kind);

    internal KubernetesObject One(string kind, string end) => Objects.Single(item => item.Kind == kind && item.Name.EndsWith(end, StringComparison.Ordinal));

    /// <summary>Objects that are pods or make pods.</summary>
    internal IEnumerable<KubernetesObject> Workloads => Objects.Where(item => item.Pod is not null);
}
