using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.Sweeps;

/// <summary>Time limits as requests have them.</summary>
internal static class TimeLimits
{
    private const double MostSeconds = 366 * 86_400.0;

    /// <summary>A limit of so many seconds.</summary>
    /// <exception cref="ProblemException">It is none that can be.</exception>
    internal static TimeSpan Read(double seconds) => seconds is >= 0.001 and <= MostSeconds ? TimeSpan.FromSeconds(seconds)
        : throw new ProblemException(ProblemKind.Unusable, FormattableString.Invariant($"timeLimitSeconds: found {seconds}, expected more than 0 and at most {MostSeconds}."));
}
