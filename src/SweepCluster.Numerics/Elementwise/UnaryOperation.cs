namespace SweepCluster.Numerics.Elementwise;

/// <summary>An operation on one value.</summary>
public enum UnaryOperation
{
    /// <summary>0 for what is below 0; NaN and -0 stay.</summary>
    Relu,

    /// <summary><c>min(max(x, alpha), beta)</c>, which is beta where alpha is above it; NaN stays.</summary>
    Clip,

    /// <summary><c>x</c> where it is 0 or more, else <c>alpha * x</c>.</summary>
    LeakyRelu,

    /// <summary><c>1 / (1 + e^-x)</c>.</summary>
    Sigmoid,

    /// <summary><c>min(max(alpha * x + beta, 0), 1)</c>.</summary>
    HardSigmoid,

    /// <summary><c>tanh x</c>.</summary>
    Tanh,

    /// <summary><c>x / (1 + e^-x)</c>.</summary>
    Silu,
}
