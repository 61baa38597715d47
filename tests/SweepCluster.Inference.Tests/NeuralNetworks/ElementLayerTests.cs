using SweepCluster.Formats.CoreMl.Protos;
using static SweepCluster.Inference.Tests.NeuralNetworks.SmallNetwork;
using Operation = SweepCluster.Formats.CoreMl.Protos.UnaryFunctionLayerParams.Types.Operation;

namespace SweepCluster.Inference.Tests.NeuralNetworks;

/// <summary>Layers that work element by element, against their formulas in double precision.</summary>
public sealed class ElementLayerTests
{
    private static readonly float[] s_values = [-4f, -1.5f, -0.75f, -0.1f, 0f, 0.2f, 0.6f, 1f, 2.5f, 7f];

    [Fact]
    public void Activation_EachKind_IsItsFormula()
    {
        Check(new ActivationParams { Linear = new() { Alpha = 2, Beta = -3 } }, x => (2 * x) - 3);
        Check(new ActivationParams { ReLU = new() }, x => Math.Max(0, x));
        Check(new ActivationParams { LeakyReLU = new() { Alpha = 0.2f } }, x => x >= 0 ? x : 0.2f * x);
        Check(new ActivationParams { ThresholdedReLU = new() { Alpha = 0.5f } }, x => x >= 0.5 ? x : 0);
        Check(new ActivationParams { Tanh = new() }, Math.Tanh);
        Check(new ActivationParams { ScaledTanh = new() { Alpha = 1.5f, Beta = 0.5f } }, x => 1.5 * Math.Tanh(0.5 * x));
        Check(new ActivationParams { Sigmoid = new() }, x => 1 / (1 + Math.Exp(-x)));
        Check(new ActivationParams { SigmoidHard = new() { Alpha = 0.2f, Beta = 0.5f } }, x => Math.Min(Math.Max((0.2 * x) + 0.5, 0), 1));
        Check(new ActivationParams { ELU = new() { Alpha = 0.7f } }, x => x >= 0 ? x : 0.7 * (Math.Exp(x) - 1));
        Check(new ActivationParams { Softsign = new() }, x => x / (1 + Math.Abs(x)));
        Check(new ActivationParams { Softplus = new() }, x => Math.Log(1 + Math.Exp(x)));
    }

    [Fact]
    public void Activation_WithAChannelsNumbers_TakesEachChannelsOwn()
    {
        float[] input = [-2, 3, -4, 5], alpha = [0.5f, 2f], beta = [1f, 0.25f];
        Assert.Equal([-1f, 3, -8, 5], Run([2, 1, 2], new NeuralNetworkLayer { Activation = new() { PReLU = new() { Alpha = Values(alpha) } } }, input));
        Assert.Equal([-0.5f, 3, -1, 5], Run([2, 1, 2], new NeuralNetworkLayer { Activation = new() { PReLU = new() { Alpha = Values(0.25f) } } }, input));
        float[] softplus = Run([2, 1, 2], new NeuralNetworkLayer { Activation = new() { ParametricSoftplus = new() { Alpha = Values(alpha), Beta = Values(beta) } } }, input);
        Near([.. input.Select((x, i) => alpha[i / 2] * Math.Log(1 + Math.Exp(beta[i / 2] * x)))], softplus);
    }

    [Fact]
    public void Unary_EachKind_IsItsFormulaOfTheShiftedAndScaledValue()
    {
        double Moved(double x) => (0.5 * x) + 3;
        Check(Unary(Operation.Sqrt), x => Math.Sqrt(Moved(x)));
        Check(Unary(Operation.Rsqrt), x => 1 / Math.Sqrt(Moved(x) + 0.25));
        Check(Unary(Operation.Inverse), x => 1 / (Moved(x) + 0.25));
        Check(Unary(Operation.Power, 1.7f), x => Math.Pow(Moved(x), 1.7f));
        Check(Unary(Operation.Exp), x => Math.Exp(Moved(x)));
        Check(Unary(Operation.Log), x => Math.Log(Moved(x)));
        Check(Unary(Operation.Abs), x => Math.Abs(Moved(x)));
        Check(Unary(Operation.Threshold, 2.9f), x => Math.Max(2.9f, Moved(x)));
        Check(new NeuralNetworkLayer { Unary = new() { Type = Operation.Inverse } }, x => 1 / (x + 1e-6f)); // scale 1 and epsilon 1e-6 where the file has none
    }

    [Fact]
    public void Functions_EachLayer_IsItsFunction()
    {
        NoLayerParams none = new();
        Check(new NeuralNetworkLayer { Ceil = none }, Math.Ceiling);
        Check(new NeuralNetworkLayer { Floor = none }, Math.Floor);
        Check(new NeuralNetworkLayer { Sign = none }, x => Math.Sign(x));
        Check(new NeuralNetworkLayer { Round = none }, Math.Round);
        Check(new NeuralNetworkLayer { Exp2 = none }, x => Math.Pow(2, x));
        Check(new NeuralNetworkLayer { Sin = none }, Math.Sin);
        Check(new NeuralNetworkLayer { Cos = none }, Math.Cos);
        Check(new NeuralNetworkLayer { Tan = none }, Math.Tan);
        Check(new NeuralNetworkLayer { Atan = none }, Math.Atan);
        Check(new NeuralNetworkLayer { Sinh = none }, Math.Sinh);
        Check(new NeuralNetworkLayer { Cosh = none }, Math.Cosh);
        Check(new NeuralNetworkLayer { Tanh = none }, Math.Tanh);
        Check(new NeuralNetworkLayer { Clip = new() { MinVal = -1, MaxVal = 2 } }, x => Math.Clamp(x, -1, 2));
        Check(new NeuralNetworkLayer { ClampedReLU = new() { Alpha = 0.5f, Beta = 2 } }, x => Math.Min(2, x >= 0 ? x : 0.5 * x));
        Check(
            new NeuralNetworkLayer { Gelu = new() { Mode = GeluLayerParams.Types.GeluMode.TanhApproximation } },
            x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))));
        Check(new NeuralNetworkLayer { Gelu = new() { Mode = GeluLayerParams.Types.GeluMode.SigmoidApproximation } }, x => x / (1 + Math.Exp(-1.702 * x)));
        Near(
            [.. s_values.Where(x => Math.Abs(x) <= 1).Select(x => Math.Acos(x))],
            Run([1, 1, 6], new NeuralNetworkLayer { Acos = none }, [.. s_values.Where(x => Math.Abs(x) <= 1)]));
        Near(
            [.. s_values.Where(x => Math.Abs(x) < 1).Select(x => Math.Atanh(x))],
            Run([1, 1, 5], new NeuralNetworkLayer { Atanh = none }, [.. s_values.Where(x => Math.Abs(x) < 1)]));
    }

    // erf(0.5) and erf(1.5) from Abramowitz and Stegun, table 7.1.
    [Fact]
    public void ErfAndGelu_AgreeWithTheTable()
    {
        Near([0.5204998778, -0.9661051465], Run([2], new NeuralNetworkLayer { Erf = new() }, [0.5f, -1.5f]));
        float root = (float)(0.5 * Math.Sqrt(2));
        Near([root / 2 * 1.5204998778], Run([1], new NeuralNetworkLayer { Gelu = new() }, [root]));
    }

    [Fact]
    public void Arithmetic_OneNumberOrSeveralValues_GoesThroughThemInOrder()
    {
        Check(new NeuralNetworkLayer { Add = new() { Alpha = 2.5f } }, x => x + 2.5);
        Check(new NeuralNetworkLayer { Multiply = new() { Alpha = -2f } }, x => x * -2);
        NoLayerParams none = new();
        Assert.Equal([5f, 8, 11], Three(new NeuralNetworkLayer { Add = new() }));
        Assert.Equal([4f, 16, 36], Three(new NeuralNetworkLayer { Multiply = new() }));
        Near([5 / 3d, 8 / 3d, 11 / 3d], Three(new NeuralNetworkLayer { Average = none }));
        Assert.Equal([2f, 4, 6], Three(new NeuralNetworkLayer { Max = none }));
        Assert.Equal([1f, 2, 2], Three(new NeuralNetworkLayer { Min = none }));
    }

    [Fact]
    public void Arithmetic_ValuesOfOtherExtents_SpreadOverEachOther()
    {
        // [2, 1, 2] times what each of [2, 1, 1] and [1, 1, 2] has.
        float[] channels = new SmallNetwork([2, 1, 2])
            .Add(new NeuralNetworkLayer { Reduce = new() { Axis = ReduceLayerParams.Types.ReduceAxis.Hw }, Output = { "sums" } })
            .Add(new NeuralNetworkLayer { Multiply = new() }, "x", "sums").Run(1, 2, 3, 4);
        float[] columns = new SmallNetwork([2, 1, 2])
            .Add(new NeuralNetworkLayer { Reduce = new() { Axis = ReduceLayerParams.Types.ReduceAxis.C }, Output = { "sums" } })
            .Add(new NeuralNetworkLayer { SubtractBroadcastable = new() }, "x", "sums").Run(1, 2, 3, 4);

        Assert.Equal([3f, 6, 21, 28], channels);
        Assert.Equal([-3f, -4, -1, -2], columns);
    }

    [Fact]
    public void Broadcastable_EachLayer_IsItsOperation()
    {
        NoLayerParams none = new();
        Assert.Equal([-2f, 1, 1, 2], Two(new NeuralNetworkLayer { FloorDivBroadcastable = none }));
        Assert.Equal([1.5f, 1, 0, 1], Two(new NeuralNetworkLayer { ModBroadcastable = none }));
        Assert.Equal([6.25f, 9, -1 / 27f, 25], Two(new NeuralNetworkLayer { PowBroadcastable = none }), (a, b) => MathF.Abs(a - b) <= 1e-7f);
        Assert.Equal([0f, 1, 0, 1], Two(new NeuralNetworkLayer { GreaterThan = new() }));
        Assert.Equal([1f, 0, 1, 0], Two(new NeuralNetworkLayer { LessEqual = new() }));
        Assert.Equal([1f, 1, 1, 1], Two(new NeuralNetworkLayer { LogicalAnd = none }));
        Assert.Equal([0f, 0, 0, 0], Two(new NeuralNetworkLayer { LogicalXor = none }));
        Check(new NeuralNetworkLayer { LessThan = new() { Alpha = 0.6f } }, x => x < 0.6f ? 1 : 0);
        Check(new NeuralNetworkLayer { LogicalNot = none }, x => x == 0 ? 1 : 0);
    }

    [Fact]
    public void ScaleAndBias_EachShape_SpreadsAsTheShapeSays()
    {
        float[] input = [1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Equal([3f, 6, 9, 12, 15, 18, 21, 24], Scaled([1], [3]));
        Assert.Equal([1f, 2, 3, 4, 50, 60, 70, 80], Scaled([2], [1, 10]));
        Assert.Equal([1f, 20, 3, 40, 5, 60, 7, 80], Scaled([1, 2, 2], [1, 10, 1, 10]));
        Assert.Equal([1f, 4, 9, 16, 25, 36, 49, 64], Scaled([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]));
        NeuralNetworkLayer both = new() { Scale = new() { Scale = Values(2f), HasBias = true, Bias = Values(100f, 200f), ShapeScale = { 1 }, ShapeBias = { 2 } } };
        Assert.Equal([102f, 104, 106, 108, 210, 212, 214, 216], Run([2, 2, 2], both, input));
        NeuralNetworkLayer bias = new() { Bias = new() { Bias = Values(1f, 2f), Shape = { 2 } } };
        Assert.Equal([2f, 3, 4, 5, 7, 8, 9, 10], Run([2, 2, 2], bias, input));

        float[] Scaled(ulong[] shape, float[] values)
        {
            NeuralNetworkLayer layer = new() { Scale = new() { Scale = Values(values) } };
            layer.Scale.ShapeScale.AddRange(shape);
            return Run([2, 2, 2], layer, input);
        }
    }

    private static NeuralNetworkLayer Unary(Operation type, float alpha = 0f) =>
        new() { Unary = new() { Type = type, Alpha = alpha, Epsilon = 0.25f, Shift = 3, Scale = 0.5f } };

    private static void Check(ActivationParams activation, Func<double, double> formula) => Check(new NeuralNetworkLayer { Activation = activation }, formula);

    private static void Check(NeuralNetworkLayer layer, Func<double, double> formula) =>
        Near([.. s_values.Select(x => formula(x))], Run([2, 1, 5], layer, s_values));

    private static float[] Run(long[] shape, NeuralNetworkLayer layer, float[] input) => new SmallNetwork(shape).Add(layer).Run(input);

    // 1, 2, 3 and twice that and 2, 2, 2.
    private static float[] Three(NeuralNetworkLayer layer) => new SmallNetwork([3])
        .Add(new NeuralNetworkLayer { Multiply = new() { Alpha = 2 }, Output = { "twice" } })
        .Add(new NeuralNetworkLayer { Unary = new() { Type = Operation.Threshold, Alpha = 2, Scale = 1e-9f }, Output = { "two" } }, "x")
        .Add(layer, "x", "twice", "two").Run(1, 2, 3);

    private static float[] Two(NeuralNetworkLayer layer) => new SmallNetwork([4])
        .Add(new NeuralNetworkLayer { LoadConstant = new() { Shape = { 4, 1, 1 }, Data = Values(2f, 2f, -3f, 2f) }, Output = { "y" } })
        .Add(layer, "x", "y").Run(-2.5f, 3, -3, 5);

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (3e-7 * Math.Max(1, Math.Abs(pair.First))), pair.First + (3e-7 * Math.Max(1, Math.Abs(pair.First)))));
    }
}
