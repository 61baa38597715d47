namespace SweepCluster.Engine.Stores;

/// <summary>What a <see cref="StoreEvent"/> tells.</summary>
public enum StoreEventKind
{
    /// <summary>A sweep was handed in.</summary>
    Submitted,

    /// <summary>Somebody, or the store's own rules, changed a sweep's <see cref="SweepControl"/>.</summary>
    Changed,

    /// <summary>The last job of a sweep has its result.</summary>
    Finished,

    /// <summary>A sweep was removed with all its results.</summary>
    Removed,

    /// <summary>An attempt at a job ended without a result.</summary>
    AttemptFailed,

    /// <summary>A job was given its failure as result after too many attempts: a result that <see cref="Jobs.JobResult.IsSetAside"/> was recorded.</summary>
    SetAside,

    /// <summary>A silo came.</summary>
    SiloJoined,

    /// <summary>A silo went in order.</summary>
    SiloLeft,

    /// <summary>A silo was not heard of for longer than it said.</summary>
    SiloLost,
}
