using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.Sweeps;

/// <summary>How many items a page may have.</summary>
internal static class PageLimits
{
    internal const int Usual = 100;
    internal const int Most = 1_000;

    /// <summary>The number that was asked for.</summary>
    /// <exception cref="ProblemException">It is none that can be.</exception>
    internal static int Check(int? limit) => limit is null ? Usual : limit is >= 1 and <= Most ? limit.Value
        : throw new ProblemException(ProblemKind.Malformed, $"limit: found {limit}, expected 1 to {Most}.");

    /// <summary>The problem of a place to go on from that is not there, or no longer.</summary>
    internal static ProblemException NoSuchPlace(string after) =>
        new(ProblemKind.Malformed, $"after: found '{(after.Length <= 64 ? after : after[..64] + "..")}', expected the value of 'next' of an earlier page; begin again without it.");
}
