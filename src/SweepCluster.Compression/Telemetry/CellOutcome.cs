namespace SweepCluster.Compression.Telemetry;

/// <summary>What became of a cell that was asked for.</summary>
public enum CellOutcome
{
    /// <summary>It was made.</summary>
    Made,

    /// <summary>An earlier sweep had made it.</summary>
    TakenOver,

    /// <summary>Its weight cannot take its scheme.</summary>
    Failed,
}
