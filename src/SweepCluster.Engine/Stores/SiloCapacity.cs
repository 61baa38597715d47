namespace SweepCluster.Engine.Stores;

/// <summary>What a silo has for sweeps.</summary>
/// <param name="Slots">Jobs at the same time.</param>
/// <param name="MemoryBytes">Memory that one sweep may take.</param>
/// <param name="AllowsCommands">Whether sweeps may run commands of their own there.</param>
public sealed record SiloCapacity(int Slots, long MemoryBytes, bool AllowsCommands)
{
    /// <summary>Whether a sweep fits.</summary>
    public bool Holds(SweepNeeds needs) => needs.BytesOn(Slots) <= MemoryBytes && (AllowsCommands || !needs.RunsCommand);
}
