namespace SweepCluster.Engine.Jobs;

/// <summary>What a silo can claim.</summary>
public enum JobKind
{
    /// <summary>Reads what is recorded and proposes the next round. Claimable when every job before it is recorded.</summary>
    Coordinate,

    /// <summary>Makes the missing cells of one weight.</summary>
    Layer,

    /// <summary>Puts each cell of one layer into the model, alone, and measures it over a range of samples.</summary>
    Probe,

    /// <summary>Measures a plan over a range of samples.</summary>
    Trial,
}
