namespace SweepCluster.Engine.Stores;

/// <summary>Whether silos take jobs of a sweep. A sweep whose jobs all have results is finished, whatever its phase.</summary>
public enum SweepPhase
{
    /// <summary>Silos take its jobs.</summary>
    Running,

    /// <summary>Somebody paused it: running jobs end and are recorded, no others begin.</summary>
    Paused,

    /// <summary>Somebody cancelled it: running jobs are stopped at their next lease renewal. What is recorded stays until the sweep is removed.</summary>
    Cancelled,

    /// <summary>It cannot go on without a person: its coordination or the uncompressed model failed again and again. <see cref="SweepControl.Reason"/> says why.</summary>
    Stopped,
}
