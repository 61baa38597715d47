namespace SweepCluster.Numerics.Elementwise;

/// <summary>Operations on one or two values at a time, the same bits on every machine: float32 where IEEE operations suffice, else float64 rounded once.</summary>
internal static class ScalarFunctions
{
    private const double Ln2 = 0.69314718055994531;
    private const double GeluSlope = 0.79788456080286536; // sqrt(2 / pi)

    /// <summary>One value.</summary>
    internal static float Evaluate(UnaryOperation operation, float alpha, float beta, float x) => operation switch
    {
        UnaryOperation.Relu => 0f > x ? 0f : x,
        UnaryOperation.Clip => Clip(x, alpha, beta),
        UnaryOperation.LeakyRelu => x < 0f ? alpha * x : x,
        UnaryOperation.Sigmoid => DeterministicMath.Sigmoid(x),
        UnaryOperation.HardSigmoid => Clip(MathF.FusedMultiplyAdd(alpha, x, beta), 0f, 1f),
        UnaryOperation.Tanh => DeterministicMath.Tanh(x),
        UnaryOperation.Silu => x * DeterministicMath.Sigmoid(x),
        UnaryOperation.Abs => MathF.Abs(x),
        UnaryOperation.Ceil => MathF.Ceiling(x),
        UnaryOperation.ClampedRelu => Clip(x < 0f ? alpha * x : x, float.NegativeInfinity, beta),
        UnaryOperation.Elu => x < 0f ? (float)(alpha * (PortableMath.Exp(x) - 1)) : x,
        UnaryOperation.Exp => DeterministicMath.Exp(x),
        UnaryOperation.Floor => MathF.Floor(x),
        UnaryOperation.Inverse => 1f / (x + alpha),
        UnaryOperation.Linear => MathF.FusedMultiplyAdd(alpha, x, beta),
        UnaryOperation.LogicalNot => x == 0f ? 1f : 0f,
        UnaryOperation.Round => MathF.Round(x),
        UnaryOperation.Rsqrt => 1f / MathF.Sqrt(x + alpha),
        UnaryOperation.ScaledTanh => alpha * DeterministicMath.Tanh(beta * x),
        UnaryOperation.Sign => float.IsNaN(x) ? x : MathF.Sign(x),
        UnaryOperation.Softsign => float.IsInfinity(x) ? MathF.Sign(x) : x / (1f + MathF.Abs(x)),
        UnaryOperation.Sqrt => MathF.Sqrt(x),
        UnaryOperation.Square => x * x,
        UnaryOperation.ThresholdedRelu => x < alpha ? 0f : x,
        _ => (float)Transcendental(operation, alpha, x),
    };

    /// <summary>Two values.</summary>
    internal static float Evaluate(BinaryOperation operation, float a, float b) => operation switch
    {
        BinaryOperation.FloorDivide => MathF.Floor(a / b),
        BinaryOperation.Modulo => MathF.FusedMultiplyAdd(-MathF.Floor(a / b), b, a),
        BinaryOperation.Power => (float)PortableMath.Pow(a, b),
        BinaryOperation.PRelu => a < 0f ? b * a : a,
        BinaryOperation.SoftplusOfProduct => (float)PortableMath.Softplus((double)a * b),
        BinaryOperation.Equal => a == b ? 1f : 0f,
        BinaryOperation.NotEqual => a != b ? 1f : 0f,
        BinaryOperation.Less => a < b ? 1f : 0f,
        BinaryOperation.LessEqual => a <= b ? 1f : 0f,
        BinaryOperation.Greater => a > b ? 1f : 0f,
        BinaryOperation.GreaterEqual => a >= b ? 1f : 0f,
        BinaryOperation.And => a != 0f && b != 0f ? 1f : 0f,
        BinaryOperation.Or => a != 0f || b != 0f ? 1f : 0f,
        BinaryOperation.Xor => (a != 0f) != (b != 0f) ? 1f : 0f,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Done on whole rows."),
    };

    private static double Transcendental(UnaryOperation operation, double alpha, double x) => operation switch
    {
        UnaryOperation.Acos => PortableMath.ArcCosine(x),
        UnaryOperation.Asin => PortableMath.ArcSine(x),
        UnaryOperation.Atan => PortableMath.ArcTangent(x),
        UnaryOperation.Atanh => PortableMath.ArcTanh(x),
        UnaryOperation.Cos => PortableMath.Cos(x),
        UnaryOperation.Cosh => PortableMath.Cosh(x),
        UnaryOperation.Erf => PortableMath.Erf(x),
        UnaryOperation.Exp2 => PortableMath.Exp(x * Ln2),
        UnaryOperation.GeluExact => x / 2 * (1 + PortableMath.Erf(x / Math.Sqrt(2))),
        UnaryOperation.GeluSigmoid => x / (1 + PortableMath.Exp(-1.702 * x)),
        UnaryOperation.GeluTanh => x / 2 * (1 + PortableMath.Tanh(GeluSlope * (x + (0.044715 * x * x * x)))),
        UnaryOperation.Log => PortableMath.LogOf(x + alpha),
        UnaryOperation.Sin => PortableMath.Sin(x),
        UnaryOperation.Sinh => PortableMath.Sinh(x),
        UnaryOperation.Softplus => PortableMath.Softplus(x),
        UnaryOperation.Tan => PortableMath.Sin(x) / PortableMath.Cos(x),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No such operation."),
    };

    // min(max(x, low), high), whichever bound is the larger; NaN stays.
    internal static float Clip(float x, float low, float high)
    {
        float raised = x < low ? low : x;
        return raised > high ? high : raised;
    }
}
