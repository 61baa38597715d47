using System.Globalization;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Stores;

/// <summary>What events say, the same from every store.</summary>
internal static class EventText
{
    /// <summary>A sweep was handed in.</summary>
    internal static string Submitted(string name, SweepControl control) =>
        control == SweepControl.Default ? $"'{name}' was handed in" : $"'{name}' was handed in: {Changes(SweepControl.Default, control)}";

    /// <summary>What is asked of a sweep was changed.</summary>
    internal static string Changed(string name, SweepControl before, SweepControl after) => $"'{name}': {Changes(before, after)}";

    /// <summary>The last job has its result.</summary>
    internal static string Finished(string name, long jobs) => string.Create(CultureInfo.InvariantCulture, $"'{name}' is finished: {jobs} jobs");

    /// <summary>A sweep was removed.</summary>
    internal static string Removed(string name) => $"'{name}' was removed with its jobs and results";

    /// <summary>An attempt ended without a result.</summary>
    internal static string AttemptFailed(long sequence, string silo, int attempt, string reason) =>
        string.Create(CultureInfo.InvariantCulture, $"job {sequence}, attempt {attempt} on {silo}: {reason}");

    /// <summary>A job was given its failure as result.</summary>
    internal static string SetAside(long sequence, JobResult result) => string.Create(CultureInfo.InvariantCulture, $"job {sequence}: {result.Failure}");

    /// <summary>A silo came.</summary>
    internal static string Joined(SiloRecord silo) => string.Create(
        CultureInfo.InvariantCulture, $"{silo.Name} joined: version {silo.Version}, {silo.Capacity.Slots} slots, {ByteSize.Write(silo.Capacity.MemoryBytes)} of memory");

    /// <summary>A silo went in order.</summary>
    internal static string Left(string silo) => $"{silo} left";

    /// <summary>A silo was not heard of for longer than it said.</summary>
    internal static string Lost(string silo) => $"{silo} was lost: it was not heard of for longer than it said";

    private static string Changes(SweepControl before, SweepControl after)
    {
        List<string> parts = [];
        Add("phase", SweepListing.NameOf(before.Phase), SweepListing.NameOf(after.Phase));
        Add("priority", before.Priority, after.Priority);
        Add("attempts", before.MaxAttempts, after.MaxAttempts);
        Add("time limit", DurationText.Write(before.TimeLimit), DurationText.Write(after.TimeLimit));
        if (after.Reason is not null && after.Reason != before.Reason)
        {
            parts.Add(after.Reason);
        }

        return string.Join(", ", parts);

        void Add<T>(string name, T from, T to)
        {
            if (!EqualityComparer<T>.Default.Equals(from, to))
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {from} -> {to}"));
            }
        }
    }
}
