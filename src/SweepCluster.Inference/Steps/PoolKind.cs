namespace SweepCluster.Inference.Steps;

/// <summary>What becomes of a window.</summary>
internal enum PoolKind
{
    /// <summary>Its largest value.</summary>
    Max,

    /// <summary>Its average, padding counted as zeros.</summary>
    Average,

    /// <summary>The average of what lies inside the input.</summary>
    AverageInside,

    /// <summary>The root of the sum of its squares.</summary>
    L2,
}
