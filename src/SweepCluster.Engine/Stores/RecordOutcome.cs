namespace SweepCluster.Engine.Stores;

/// <summary>What became of a result.</summary>
public enum RecordOutcome
{
    /// <summary>It is the job's result, and it is on disk.</summary>
    Recorded,

    /// <summary>Another attempt was first, with a result that this one does not contradict.</summary>
    Superseded,
}
