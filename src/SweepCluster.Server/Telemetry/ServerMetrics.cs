using System.Diagnostics.Metrics;

namespace SweepCluster.Server.Telemetry;

/// <summary>What a server counts about those who call it.</summary>
internal static class ServerMetrics
{
    internal const string MeterName = "SweepCluster.Server";

    /// <summary>Why a request was refused: nobody signed in, not enough allowed, too many, too large, from a page of elsewhere, a form that is none of this server's.</summary>
    internal const string SignIn = "sign_in", Scope = "scope", Rate = "rate", Size = "size", Origin = "origin", Form = "form";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly UpDownCounter<long> s_watchers = s_meter.CreateUpDownCounter<long>("sweepcluster.watchers", "{watcher}", "Open streams of server-sent events.");
    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>("sweepcluster.requests.refused", "{request}", "Requests that were refused before they were looked at.");
    private static readonly Counter<long> s_uploaded = s_meter.CreateCounter<long>("sweepcluster.uploaded", "By", "Bytes of blobs that were taken in.");

    /// <summary>Somebody opened a stream of events.</summary>
    internal static void WatcherCame() => s_watchers.Add(1);

    /// <summary>A stream of events ended.</summary>
    internal static void WatcherLeft() => s_watchers.Add(-1);

    /// <summary>A request was refused.</summary>
    /// <param name="reason"><see cref="SignIn"/>, <see cref="Scope"/>, <see cref="Rate"/>, <see cref="Size"/>, <see cref="Origin"/> or <see cref="Form"/>.</param>
    internal static void Refused(string reason) => s_refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Bytes of a blob came in.</summary>
    internal static void Uploaded(long bytes) => s_uploaded.Add(bytes);

    /// <summary>Shows every counter at 0 to who listens from now on, so that the first of anything is a change.</summary>
    internal static void Prime()
    {
        s_watchers.Add(0);
        s_uploaded.Add(0);
        foreach (string reason in (ReadOnlySpan<string>)[SignIn, Scope, Rate, Size, Origin, Form])
        {
            s_refused.Add(0, new KeyValuePair<string, object?>("reason", reason));
        }
    }
}
