namespace SweepCluster.Engine.Stores;

/// <summary>What a silo must have to work on a sweep, estimated from the shapes when it is handed in.</summary>
/// <param name="SharedBytes">Memory for what its jobs share: program, model, data.</param>
/// <param name="SlotBytes">Memory for each job that runs.</param>
/// <param name="RunsCommand">Whether it measures by a command of the user's.</param>
public sealed record SweepNeeds(long SharedBytes, long SlotBytes, bool RunsCommand)
{
    /// <summary>Nothing that is known.</summary>
    public static SweepNeeds None { get; } = new(0, 0, false);

    /// <summary>Memory on so many slots, in bytes.</summary>
    public long BytesOn(int slots) => SharedBytes + (slots * SlotBytes);
}
