using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>The memory of a silo, as the sweeps that are open on it share it: each keeps what it takes on all slots, also while it has no job, because its jobs leave their buffers behind for the next ones. The program itself counts once.</summary>
/// <param name="slots">Jobs at the same time.</param>
/// <param name="bytes">All there is.</param>
internal sealed class SiloMemory(int slots, long bytes)
{
    private readonly Dictionary<IOpenedSweep, long> _taken = new(ReferenceEqualityComparer.Instance);

    /// <summary>Bytes that are not taken.</summary>
    internal long Free => bytes - MemoryNeeds.ProgramBytes - _taken.Values.Sum();

    /// <summary>Bytes that open sweeps may take, the program's own not counted.</summary>
    internal long Limit => bytes - MemoryNeeds.ProgramBytes;

    /// <summary>Whether a sweep fits beside those that are open.</summary>
    internal bool Fits(SweepNeeds needs) => BytesOf(needs) <= Free;

    /// <summary>Whether a sweep fits alone.</summary>
    internal bool FitsAlone(SweepNeeds needs) => BytesOf(needs) <= bytes - MemoryNeeds.ProgramBytes;

    /// <summary>Takes what a sweep needs.</summary>
    internal void Take(IOpenedSweep sweep) => _taken[sweep] = BytesOf(sweep.Needs);

    /// <summary>Gives it back.</summary>
    internal void Return(IOpenedSweep sweep) => _taken.Remove(sweep);

    private long BytesOf(SweepNeeds needs) => Math.Max(0, needs.BytesOn(slots) - MemoryNeeds.ProgramBytes);
}
