using System.Text.Json.Nodes;

namespace SweepCluster.Deploy.Tests.Chart.Rendering;

/// <summary>One object of a release, as the API server would read it.</summary>
internal sealed record KubernetesObject(string File, JsonObject Body)
{
    internal string ApiVersion => (string)Body["apiVersion"]!;

    internal string Kind => (string)Body["kind"]!;

    internal string Name => (string)Body["metadata"]!["name"]!;

    internal string Title => $"{File}: {Kind}/{Name}";

    /// <summary>The pod that it is or makes: metadata and spec; null for what makes none.</summary>
    internal JsonObject? Pod => Kind switch
    {
        "Pod" => Body,
        "Deployment" or "StatefulSet" => Body["spec"]!["template"]!.AsObject(),
        _ => null,
    };

    internal JsonObject? PodLabels => Pod?["metadata"]?["labels"]?.AsObject();

    internal IEnumerable<JsonObject> Containers => Pod is null ? [] : Items(Pod["spec"]!["containers"]);

    internal JsonObject Labels => Body["metadata"]!["labels"]!.AsObject();

    /// <summary>The objects of a list; none where it is absent.</summary>
    internal static IEnumerable<JsonObject> Items(JsonNode? list) => list?.AsArray().Select(item => item!.AsObject()) ?? [];

    /// <summary>Whether every label that a selector wants is there.</summary>
    internal static bool Matches(JsonNode? wanted, JsonObject? labels) =>
        wanted is JsonObject { Count: > 0 } pairs && labels is not null && pairs.All(pair => labels[pair.Key] is { } value && (string)value! == (string)pair.Value!);
}
