using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Lowering;

/// <summary>Takes additions and relus into the convolution or matrix product before them. The arithmetic stays what it was, in the same order; only the trip through memory goes.</summary>
internal static class Fusion
{
    /// <summary>Rewrites a list of steps.</summary>
    public static void Apply(List<Step> steps, Slot output)
    {
        Dictionary<Slot, int> reads = [];
        foreach (Slot input in steps.SelectMany(step => step.Inputs))
        {
            reads[input] = reads.GetValueOrDefault(input) + 1;
        }

        for (int i = 0; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case BinaryStep { Operation: BinaryOperation.Add, ConstantMap: null } add when TryFuse(steps, i, add, reads, output):
                    i--; // The convolution's old place, before this one, is gone.
                    break;
                case UnaryStep { Operation: UnaryOperation.Relu } relu when TryFuse(steps, relu, reads, output):
                    steps.RemoveAt(i--);
                    break;
            }
        }
    }

    // The convolution moves to where the addition was: there both operands are known.
    private static bool TryFuse(List<Step> steps, int index, BinaryStep add, Dictionary<Slot, int> reads, Slot output)
    {
        for (int i = index - 1; i >= 0; i--)
        {
            bool fits = steps[i] is ConvolutionStep { Rectify: false, Residual: null } convolution
                && add.Inputs.Contains(convolution.Output) && reads[convolution.Output] == 1 && convolution.Output != output
                && add.Inputs.All(input => SameSize(input.Map, convolution.Output.Map));
            if (fits)
            {
                ConvolutionStep taken = (ConvolutionStep)steps[i];
                taken.Inputs.Add(add.Inputs[0] == taken.Output ? add.Inputs[1] : add.Inputs[0]);
                taken.Output = add.Output;
                steps[index] = taken;
                steps.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    private static bool TryFuse(List<Step> steps, UnaryStep relu, Dictionary<Slot, int> reads, Slot output)
    {
        Slot between = relu.Inputs[0];
        Step? producer = reads[between] == 1 && between != output ? steps.Find(step => step.Output == between) : null;
        switch (producer)
        {
            case ConvolutionStep { Rectify: false } convolution:
                convolution.Rectify = true;
                break;
            case LinearStep { Rectify: false } linear:
                linear.Rectify = true;
                break;
            default:
                return false;
        }

        producer.Output = relu.Output;
        return true;
    }

    private static bool SameSize(FeatureMap a, FeatureMap b) => a.WithoutMargin() == b.WithoutMargin();
}
