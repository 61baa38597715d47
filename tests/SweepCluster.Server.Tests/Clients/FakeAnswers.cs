using System.Text.Json;
using SweepCluster.Server.Api;
using SweepCluster.Server.Api.Contracts;

namespace SweepCluster.Server.Tests.Clients;

/// <summary>What a server could say of a sweep.</summary>
internal static class FakeAnswers
{
    internal const string Id = "0123456789abcdef";

    internal static SweepResource Sweep(string phase = "running", long results = 3, string id = Id, string name = "tiny") => new(
        id, name, phase, phase == "stopped" ? "no room" : null, 12, phase == "finished" ? 12 : results, 1, 0, 2, 5, 600, "0.1.0", "aa", "bb", new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.Zero));

    internal static ProgressResource Progress(long results, string phase = "running") => new(
        phase, phase == "stopped" ? "no room" : null, "uniform", 12, results, 1, 2, results / 12.0, 100.5, 30, 4, Point(1), [Point(0), Point(1)])
    {
        Metric = "top1",
        MaxDrop = 0.05,
    };

    internal static SiloResource Silo { get; } = new(
        "box", "0.1.0", 4, 1 << 30, true, new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.Zero), 1.5, [new HeldJobResource(Id, "probe", "conv1", 2.5)]);

    /// <summary>An event as it goes over the line.</summary>
    internal static string Event<T>(string name, string? number, T body) =>
        $"event: {name}\n{(number is null ? "" : $"id: {number}\n")}data: {JsonSerializer.Serialize(body, typeof(T), ApiJson.Default)}\n\n";

    private static PointResource Point(int number) => new($"id{number}", $"pal{number}", 1000 * (number + 1), 8.0 / (number + 1), new EstimateResource(0.02 - (0.01 * number), 0, 0.05, 200));
}
