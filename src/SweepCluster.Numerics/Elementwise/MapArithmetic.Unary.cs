using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace SweepCluster.Numerics.Elementwise;

/// <content>Operations on one value, a row at a time. <see cref="ScalarFunctions"/> defines them; here the commonest are chosen once for a row.</content>
public static partial class MapArithmetic
{
    private interface IFunction
    {
        float Of(float x);
    }

    private interface IVectorFunction : IFunction
    {
        // The same operations in each lane, so the same bits.
        Vector<float> Of(Vector<float> x);
    }

    private static void ApplyRow(UnaryOperation operation, float alpha, float beta, ReadOnlySpan<float> from, Span<float> to)
    {
        switch (operation)
        {
            case UnaryOperation.Relu:
                ApplyVectors(default(ReluFunction), from, to);
                break;
            case UnaryOperation.LeakyRelu:
                ApplyVectors(new LeakyReluFunction(alpha), from, to);
                break;
            case UnaryOperation.Clip:
                ApplyVectors(new ClipFunction(alpha, beta), from, to);
                break;
            case UnaryOperation.Abs:
                TensorPrimitives.Abs(from, to);
                break;
            case UnaryOperation.Sqrt:
                TensorPrimitives.Sqrt(from, to);
                break;
            case UnaryOperation.Square:
                TensorPrimitives.Multiply(from, from, to);
                break;
            case UnaryOperation.HardSigmoid:
                ApplyEach(new HardSigmoidFunction(alpha, beta), from, to);
                break;
            case UnaryOperation.Sigmoid:
                ApplyEach(default(SigmoidFunction), from, to);
                break;
            case UnaryOperation.Silu:
                ApplyEach(default(SiluFunction), from, to);
                break;
            case UnaryOperation.Tanh:
                ApplyEach(default(TanhFunction), from, to);
                break;
            default:
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = ScalarFunctions.Evaluate(operation, alpha, beta, from[i]);
                }

                break;
        }
    }

    private static void ApplyEach<TFunction>(TFunction function, ReadOnlySpan<float> from, Span<float> to)
        where TFunction : struct, IFunction
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = function.Of(from[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyVectors<TFunction>(TFunction function, ReadOnlySpan<float> from, Span<float> to)
        where TFunction : struct, IVectorFunction
    {
        int i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            function.Of(new Vector<float>(from[i..])).CopyTo(to[i..]);
        }

        ApplyEach(function, from[i..], to[i..]);
    }

    private readonly struct ReluFunction : IVectorFunction
    {
        public float Of(float x) => 0f > x ? 0f : x;

        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(Vector<float>.Zero, x), Vector<float>.Zero, x);
    }

    private readonly struct LeakyReluFunction(float alpha) : IVectorFunction
    {
        public float Of(float x) => x < 0f ? alpha * x : x;

        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), alpha * x, x);
    }

    private readonly struct ClipFunction(float low, float high) : IVectorFunction
    {
        public float Of(float x) => ScalarFunctions.Clip(x, low, high);

        public Vector<float> Of(Vector<float> x)
        {
            Vector<float> lows = new(low), highs = new(high), raised = Vector.ConditionalSelect(Vector.LessThan(x, lows), lows, x);
            return Vector.ConditionalSelect(Vector.GreaterThan(raised, highs), highs, raised);
        }
    }

    private readonly struct HardSigmoidFunction(float alpha, float beta) : IFunction
    {
        public float Of(float x) => ScalarFunctions.Clip(MathF.FusedMultiplyAdd(alpha, x, beta), 0f, 1f);
    }

    private readonly struct SigmoidFunction : IFunction
    {
        public float Of(float x) => DeterministicMath.Sigmoid(x);
    }

    private readonly struct SiluFunction : IFunction
    {
        public float Of(float x) => x * DeterministicMath.Sigmoid(x);
    }

    private readonly struct TanhFunction : IFunction
    {
        public float Of(float x) => DeterministicMath.Tanh(x);
    }
}
