using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Another process has a folder's journal open.</summary>
/// <param name="folder">The folder.</param>
/// <param name="owner">The process, as <c>process 4711</c>.</param>
/// <param name="inner">How it was noticed.</param>
internal sealed class JournalTakenException(string folder, string owner, Exception inner)
    : BadInputException($"{folder}: found a sweep that {owner} is running, expected one that nobody runs; wait for it or stop it.", inner)
{
    /// <summary>The process, as <c>process 4711</c>.</summary>
    internal string Owner { get; } = owner;
}
