using System.Text;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores;

/// <summary>Text that others said, as stores keep it: on one line, in whole characters (<see cref="OneLine"/>).</summary>
internal static class StoredText
{
    /// <summary>Whether PostgreSQL takes a text as it is.</summary>
    internal static bool IsStorable(string text) => !text.Contains('\0') && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    /// <summary>A result whose failure is on one line.</summary>
    internal static JobResult OnOneLine(this JobResult result) => result.Failure is null ? result : result with { Failure = OneLine.Of(result.Failure) };

    /// <summary>A control whose reason is on one line.</summary>
    internal static SweepControl OnOneLine(this SweepControl control) => control.Reason is null ? control : control with { Reason = OneLine.Of(control.Reason) };
}
