namespace SweepCluster.Numerics.Elementwise;

/// <summary>An operation on two values.</summary>
public enum BinaryOperation
{
    /// <summary><c>a + b</c>.</summary>
    Add,

    /// <summary><c>a - b</c>.</summary>
    Subtract,

    /// <summary><c>a * b</c>.</summary>
    Multiply,

    /// <summary><c>a / b</c>.</summary>
    Divide,

    /// <summary>The larger; NaN where either is, and 0 is larger than -0.</summary>
    Maximum,

    /// <summary>The smaller; NaN where either is, and -0 is smaller than 0.</summary>
    Minimum,
}
