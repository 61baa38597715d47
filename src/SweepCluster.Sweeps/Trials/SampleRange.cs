namespace SweepCluster.Sweeps.Trials;

/// <summary>A named part of the shuffled samples.</summary>
public enum SampleRange
{
    /// <summary>What every trial is measured on, and what choices rest on.</summary>
    Choice,

    /// <summary>What no choice has seen.</summary>
    Confirm,
}
