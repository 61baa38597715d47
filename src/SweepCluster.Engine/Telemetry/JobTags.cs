using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Labels that stand for jobs. Texts are made once.</summary>
internal static class JobTags
{
    private static readonly KeyValuePair<string, object?>[] s_kinds = [.. Enum.GetValues<JobKind>().Select(kind => new KeyValuePair<string, object?>("kind", NameOf(kind)))];

    /// <summary>The label of a kind.</summary>
    internal static KeyValuePair<string, object?> Of(JobKind kind) => s_kinds[(int)kind];

    /// <summary>A kind in a word.</summary>
    internal static string NameOf(JobKind kind) => kind switch
    {
        JobKind.Coordinate => "coordinate",
        JobKind.Layer => "layer",
        JobKind.Probe => "probe",
        _ => "trial",
    };
}
