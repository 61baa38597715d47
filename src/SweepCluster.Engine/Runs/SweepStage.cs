namespace SweepCluster.Engine.Runs;

/// <summary>What a running sweep is at.</summary>
public enum SweepStage
{
    /// <summary>Reads model and data, and what was recorded before.</summary>
    Opening,

    /// <summary>Makes the cells and measures the uncompressed model.</summary>
    Cells,

    /// <summary>Measures uniform and given plans and probes the layers.</summary>
    Uniform,

    /// <summary>Measures mixed plans.</summary>
    Mixed,

    /// <summary>Measures the frontier on samples that the choice did not see.</summary>
    Confirming,

    /// <summary>Everything is recorded.</summary>
    Finished,
}
