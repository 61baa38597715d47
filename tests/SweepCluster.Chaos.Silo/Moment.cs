namespace SweepCluster.Chaos.Silo;

/// <summary>What a silo is in the middle of.</summary>
public enum Moment
{
    /// <summary>It claims jobs: the request is under way, or the answer has come.</summary>
    Claim,

    /// <summary>It computes a layer, probe or trial.</summary>
    Compute,

    /// <summary>It records the result of one: the request is under way, or committed and not acknowledged yet.</summary>
    Record,

    /// <summary>It writes a blob.</summary>
    BlobWrite,

    /// <summary>It coordinates the sweep: finds the next round, or records it.</summary>
    Coordinate,
}
