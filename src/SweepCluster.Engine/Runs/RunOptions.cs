using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Runs;

/// <summary>How a sweep is run on this machine. None of it changes a result.</summary>
public sealed record RunOptions
{
    /// <summary>Folder that receives the sweep: its journal and blobs under <c>.sweep</c>, its reports beside them.</summary>
    public required string ResultFolder { get; init; }

    /// <summary>Whether to go on with the sweep that the folder holds. False: the folder must be empty or absent.</summary>
    public bool Resume { get; init; }

    /// <summary>Jobs that run at the same time, each on one thread. Default: the number of processors.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory that the sweep may take, in bytes. Default: what this process may use on this machine.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What is asked of the sweep where it is handed in to a store and is new there.</summary>
    public SweepControl Control { get; init; } = SweepControl.Default;

    /// <summary>Result folders whose measurements are taken over where they are about the same subject.</summary>
    public ImmutableArray<string> Grow { get; init; } = [];

    /// <summary>Shortest time between two reports of progress. Default: 200 ms.</summary>
    public TimeSpan ProgressPeriod { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The clock: for leases, progress and timings only.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
