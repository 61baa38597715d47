using System.Collections.Immutable;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Jobs;

/// <summary>What a job is to do, by kind.</summary>
internal static class JobPayloads
{
    /// <summary>Propose a round.</summary>
    /// <param name="Round">From 0.</param>
    internal sealed record Coordinate(int Round);

    /// <summary>Make cells.</summary>
    /// <param name="Weight">Name of a weight; others of the model may be equal to it.</param>
    /// <param name="Schemes">Canonical schemes, in the order of the result.</param>
    internal sealed record Layer(string Weight, ImmutableArray<string> Schemes);

    /// <summary>Measure one layer's cells, one at a time in the uncompressed model.</summary>
    /// <param name="Layer">Name of the weight.</param>
    /// <param name="Schemes">Canonical schemes, in the order of the result.</param>
    /// <param name="Start">First of the choice samples.</param>
    /// <param name="Count">Number of samples.</param>
    internal sealed record Probe(string Layer, ImmutableArray<string> Schemes, int Start, int Count);

    /// <summary>Measure a plan.</summary>
    /// <param name="Plan">The plan.</param>
    /// <param name="Range">Which samples.</param>
    /// <param name="Start">First sample of the range.</param>
    /// <param name="Count">Number of samples; 0 where a command measures.</param>
    internal sealed record Trial(Plan Plan, SampleRange Range, int Start, int Count);
}
