namespace SweepCluster.Orleans.Jobs;

/// <summary>What a grain knows of a job that it is asked to run.</summary>
public enum JobState
{
    /// <summary>The silo on which the grain is does not hold the job: it has ended there, or the grain is on another silo than the one that claimed it.</summary>
    NotHere,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended, one way or another; the silo that holds it has its outcome.</summary>
    Ended,
}
