namespace SweepCluster.Inference.Steps;

/// <summary>What becomes of a group of elements.</summary>
internal enum Reduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their average.</summary>
    Mean,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>The largest; NaN where one is.</summary>
    Max,

    /// <summary>The smallest; NaN where one is.</summary>
    Min,

    /// <summary>The sum of their sizes.</summary>
    L1,

    /// <summary>The root of the sum of their squares.</summary>
    L2,

    /// <summary>The sum of their squares.</summary>
    SumOfSquares,

    /// <summary>The logarithm of their sum plus a constant.</summary>
    LogOfSum,

    /// <summary>The logarithm of the sum of their exponentials.</summary>
    LogOfSumOfExp,

    /// <summary>The place of the first that is the largest.</summary>
    ArgMax,

    /// <summary>The place of the first that is the smallest.</summary>
    ArgMin,
}
