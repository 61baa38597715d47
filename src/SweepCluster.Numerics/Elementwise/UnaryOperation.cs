namespace SweepCluster.Numerics.Elementwise;

/// <summary>An operation on one value. Those without a remark on NaN keep it.</summary>
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

    /// <summary><c>|x|</c>.</summary>
    Abs,

    /// <summary>The angle in 0..pi whose cosine is x.</summary>
    Acos,

    /// <summary>The angle in -pi/2..pi/2 whose sine is x.</summary>
    Asin,

    /// <summary>The angle in -pi/2..pi/2 whose tangent is x.</summary>
    Atan,

    /// <summary>The number whose hyperbolic tangent is x.</summary>
    Atanh,

    /// <summary>The next whole number, upwards.</summary>
    Ceil,

    /// <summary><c>min(x, beta)</c> where x is 0 or more, else <c>min(alpha * x, beta)</c>.</summary>
    ClampedRelu,

    /// <summary><c>cos x</c>.</summary>
    Cos,

    /// <summary><c>cosh x</c>.</summary>
    Cosh,

    /// <summary><c>x</c> where it is 0 or more, else <c>alpha * (e^x - 1)</c>.</summary>
    Elu,

    /// <summary>The error function.</summary>
    Erf,

    /// <summary><c>e^x</c>.</summary>
    Exp,

    /// <summary><c>2^x</c>.</summary>
    Exp2,

    /// <summary>The next whole number, downwards.</summary>
    Floor,

    /// <summary><c>x / 2 * (1 + erf(x / sqrt 2))</c>.</summary>
    GeluExact,

    /// <summary><c>x / (1 + e^(-1.702 x))</c>.</summary>
    GeluSigmoid,

    /// <summary><c>x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))</c>.</summary>
    GeluTanh,

    /// <summary><c>1 / (x + alpha)</c>.</summary>
    Inverse,

    /// <summary><c>alpha * x + beta</c>, rounded once.</summary>
    Linear,

    /// <summary><c>ln(x + alpha)</c>.</summary>
    Log,

    /// <summary>1 where x is 0, else 0.</summary>
    LogicalNot,

    /// <summary>The nearest whole number, halves to the even one.</summary>
    Round,

    /// <summary><c>1 / sqrt(x + alpha)</c>.</summary>
    Rsqrt,

    /// <summary><c>alpha * tanh(beta * x)</c>.</summary>
    ScaledTanh,

    /// <summary>-1, 0 or 1.</summary>
    Sign,

    /// <summary><c>sin x</c>.</summary>
    Sin,

    /// <summary><c>sinh x</c>.</summary>
    Sinh,

    /// <summary><c>ln(1 + e^x)</c>.</summary>
    Softplus,

    /// <summary><c>x / (1 + |x|)</c>.</summary>
    Softsign,

    /// <summary><c>sqrt x</c>.</summary>
    Sqrt,

    /// <summary><c>x * x</c>.</summary>
    Square,

    /// <summary><c>tan x</c>.</summary>
    Tan,

    /// <summary><c>x</c> where it is alpha or more, else 0; NaN stays.</summary>
    ThresholdedRelu,
}
