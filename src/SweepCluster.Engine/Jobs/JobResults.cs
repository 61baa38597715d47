using System.Collections.Immutable;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Engine.Jobs;

/// <summary>What a job came to, by kind.</summary>
internal static class JobResults
{
    /// <summary>A round was proposed.</summary>
    /// <param name="Stage">What the round is for.</param>
    /// <param name="Jobs">Number of jobs in it.</param>
    /// <param name="Digest">SHA-256 over their keys, so that two coordinators' rounds are compared with their results.</param>
    internal sealed record Coordinate(string Stage, int Jobs, string Digest);

    /// <summary>Cells, in the order of the job's schemes.</summary>
    internal sealed record Layer(ImmutableArray<CellResult> Cells);

    /// <summary>Measured cells, in the order of the job's schemes.</summary>
    internal sealed record Probe(ImmutableArray<ProbedCell> Cells);

    /// <summary>One measured cell.</summary>
    /// <param name="Tally">What the samples add up to; null where it failed.</param>
    /// <param name="Failure">Why it failed; null where it did not.</param>
    internal sealed record ProbedCell(OutcomeTally? Tally, string? Failure);

    /// <summary>A measured part of a range.</summary>
    /// <param name="SizeBytes">Bytes of the exported file; null except in the range's first part.</param>
    /// <param name="WeightsHash">SHA-256 of the measured weights; null except in the range's first part.</param>
    /// <param name="Tally">What the samples add up to; null where a command measured.</param>
    /// <param name="Metrics">What a command printed; null where none measured.</param>
    /// <param name="Outputs">For the uncompressed model: blob of its outputs, float32 <c>[samples, classes]</c>.</param>
    internal sealed record Trial(
        long? SizeBytes, string? WeightsHash, OutcomeTally? Tally, ImmutableSortedDictionary<string, Estimate>? Metrics, string? Outputs);
}
