namespace SweepCluster.Numerics.Elementwise;

/// <summary>An operation on two values. Comparisons and logic give 1 or 0, and take what is not 0 for true.</summary>
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

    /// <summary><c>floor(a / b)</c>.</summary>
    FloorDivide,

    /// <summary><c>a - floor(a / b) * b</c>, with the sign of b.</summary>
    Modulo,

    /// <summary>a to the power b.</summary>
    Power,

    /// <summary>a where it is 0 or more, else <c>b * a</c>.</summary>
    PRelu,

    /// <summary><c>ln(1 + e^(b a))</c>.</summary>
    SoftplusOfProduct,

    /// <summary><c>a == b</c>.</summary>
    Equal,

    /// <summary><c>a != b</c>.</summary>
    NotEqual,

    /// <summary><c>a &lt; b</c>.</summary>
    Less,

    /// <summary><c>a &lt;= b</c>.</summary>
    LessEqual,

    /// <summary><c>a &gt; b</c>.</summary>
    Greater,

    /// <summary><c>a &gt;= b</c>.</summary>
    GreaterEqual,

    /// <summary>Both.</summary>
    And,

    /// <summary>One or both.</summary>
    Or,

    /// <summary>One alone.</summary>
    Xor,
}
