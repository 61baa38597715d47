namespace SweepCluster.Reports.Findings;

/// <summary>How many trials a page shows of a large sweep.</summary>
/// <param name="Most">A sweep of so many trials is shown whole.</param>
/// <param name="Steps">Equal steps of the logarithm of bytes that a larger one is divided into.</param>
/// <param name="MarkedInStep">Of the frontier and of what was confirmed, in each step.</param>
/// <param name="OthersInStep">Of the others, in each step.</param>
internal sealed record PageBound(int Most, int Steps, int MarkedInStep, int OthersInStep)
{
    /// <summary>What a person can open as a file.</summary>
    internal static PageBound Report { get; } = new(PageTrials.Most, 200, 20, 10);

    /// <summary>What can be drawn anew every second.</summary>
    internal static PageBound Live { get; } = new(600, 80, 4, 3);
}
