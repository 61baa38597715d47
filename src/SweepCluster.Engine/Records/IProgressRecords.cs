using System.Collections.Immutable;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Records;

/// <summary>What progress is told from: a fold over what a store has recorded of one sweep.</summary>
internal interface IProgressRecords
{
    /// <summary>Jobs and results that were read so far, failed results among them.</summary>
    (int Jobs, int Results, int Failures) Counts { get; }

    /// <summary>Stage of the round that was proposed last; null before the first.</summary>
    string? Stage { get; }

    /// <summary>Work proposed and recorded so far.</summary>
    (double Proposed, double Done, long Samples) Work { get; }

    /// <summary>Mixed plans proposed so far.</summary>
    int MixedPlans { get; }

    /// <summary>Reads what is new in the store.</summary>
    Task CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>Trials over the choice samples that were completed after the first <paramref name="seen"/>, in the order in which they were: another one in every run. What was passed over is not asked for again.</summary>
    ImmutableArray<(Plan Plan, TrialResult Result)> CompletedAfter(int seen);

    /// <summary>Finished trials over the confirmation samples, by plan id, the baseline's among them.</summary>
    IReadOnlyDictionary<string, TrialResult> Confirmations();
}
