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

    /// <summary><c>a &gt; b ? a : b</c>.</summary>
    Maximum,

    /// <summary><c>a &lt; b ? a : b</c>.</summary>
    Minimum,
}
