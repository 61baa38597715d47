using System.Diagnostics.Metrics;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Counts bytes of blobs.</summary>
internal static class BlobMetrics
{
    internal const string Store = "store", Cache = "cache";
    private const string Read = "read", Written = "written";

    private static readonly Counter<long> s_bytes = EngineTelemetry.Meter.CreateCounter<long>("sweepcluster.blob", "By", "Blob content.");

    /// <summary>A blob was read.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="source"><see cref="Store"/> or <see cref="Cache"/>.</param>
    internal static void CountRead(long bytes, string source) => Add(Read, source, bytes);

    /// <summary>A blob was written.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="source"><see cref="Store"/> or <see cref="Cache"/>.</param>
    internal static void CountWritten(long bytes, string source) => Add(Written, source, bytes);

    /// <summary>Shows every count at 0 to who listens from now on.</summary>
    internal static void Prime()
    {
        foreach (string source in (ReadOnlySpan<string>)[Store, Cache])
        {
            Add(Read, source, 0);
            Add(Written, source, 0);
        }
    }

    private static void Add(string operation, string source, long bytes) =>
        s_bytes.Add(bytes, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("source", source));
}
