using System.Diagnostics.Metrics;

namespace SweepCluster.Formats.Telemetry;

/// <summary>Counts bytes of model files.</summary>
public static class FormatMetrics
{
    /// <summary>Name of this room's meter.</summary>
    public const string MeterName = "SweepCluster.Formats";

    internal const string Read = "read", Written = "written";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_bytes = s_meter.CreateCounter<long>("sweepcluster.model", "By", "Bytes of model files.");

    /// <summary>Shows every count at 0 to who listens from now on.</summary>
    public static void Prime()
    {
        foreach (string format in ModelFormats.Names)
        {
            Add(Read, format, 0);
            Add(Written, format, 0);
        }
    }

    /// <summary>Counts a model's files.</summary>
    /// <param name="operation"><see cref="Read"/> or <see cref="Written"/>.</param>
    /// <param name="format">Name of the format.</param>
    /// <param name="path">A file, or a folder of files.</param>
    internal static void Count(string operation, string format, string path)
    {
        if (s_bytes.Enabled)
        {
            Add(operation, format, BytesOf(path));
        }
    }

    private static void Add(string operation, string format, long bytes) =>
        s_bytes.Add(bytes, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("format", format));

    private static long BytesOf(string path)
    {
        try
        {
            return Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : new FileInfo(path).Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0; // gone since: what is counted is for a graph
        }
    }
}
