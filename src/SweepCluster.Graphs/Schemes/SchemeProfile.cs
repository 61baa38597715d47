namespace SweepCluster.Graphs.Schemes;

/// <summary>Whose arithmetic a scheme follows.</summary>
public enum SchemeProfile
{
    /// <summary>Ours: float32 and wider, rounded once when stored.</summary>
    Exact,

    /// <summary>That of coremltools, in the weight's own type, bit for bit.</summary>
    CoreMlTools,
}
