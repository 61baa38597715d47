using System.Runtime.CompilerServices;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.MatrixProducts;

/// <summary>Rows times a matrix: <c>output[s, o] = bias[o] + sum over i of input[s, i] * weight[o, i]</c>.</summary>
public static unsafe class Linear
{
    /// <summary>Computes some rows.</summary>
    /// <param name="weights">The packed matrix.</param>
    /// <param name="bias">One value for each output, filled up with zeros to whole panels.</param>
    /// <param name="input">Rows of at least <see cref="LinearWeights.Inputs"/> floats.</param>
    /// <param name="inputPitch">Floats from one input row to the next.</param>
    /// <param name="output">Receives rows of <see cref="LinearWeights.Outputs"/> floats, filled up to a multiple of 16 with zeros.</param>
    /// <param name="outputPitch">Floats from one output row to the next; at least the outputs rounded up to a multiple of 16.</param>
    /// <param name="rows">How many, 0 or more.</param>
    /// <param name="rectify">Whether values below 0 become 0; NaN and -0 stay.</param>
    /// <param name="path">Width of the vectors; has no effect on the result.</param>
    /// <exception cref="ArgumentException">A span or a pitch is too short.</exception>
    /// <remarks>Sums in float32 with fused multiply-add, from the bias on, in the order of the inputs. The spans must not overlap.</remarks>
    public static void Run(
        LinearWeights weights, AlignedFloats bias, ReadOnlySpan<float> input, int inputPitch, Span<float> output, int outputPitch, int rows, bool rectify, VectorPath path)
    {
        int filled = (weights.Outputs + FeatureMap.BlockLanes - 1) / FeatureMap.BlockLanes * FeatureMap.BlockLanes;
        if (rows < 0 || bias.Length != weights.Panels * LinearWeights.PanelLanes || inputPitch < weights.Inputs || outputPitch < filled || input.Length < (long)rows * inputPitch || output.Length < (long)rows * outputPitch)
        {
            throw new ArgumentException($"{rows} rows with pitches {inputPitch} and {outputPitch} do not fit {input.Length} inputs and {output.Length} outputs.");
        }

        fixed (float* from = input, to = output, values = weights.Values.Span, biases = bias.Span)
        {
            Call call = new()
            {
                Input = from,
                Output = to,
                Weights = values,
                Bias = biases,
                InputPitch = inputPitch,
                OutputPitch = outputPitch,
                Inputs = weights.Inputs,
                Panels = weights.Panels,
                OutputBlocks = filled / FeatureMap.BlockLanes,
                Rows = rows,
                Rectify = rectify,
            };
            switch (path)
            {
                case VectorPath.Vector512:
                    Run<Lanes512>(call);
                    break;
                case VectorPath.Vector256:
                    Run<Lanes256>(call);
                    break;
                case VectorPath.Vector128:
                    Run<Lanes128>(call);
                    break;
                default:
                    Run<LanesScalar>(call);
                    break;
            }
        }
    }

    private static void Run<TLanes>(in Call call)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int panel = 0; panel < call.Panels; panel++)
        {
            int row = 0;
            for (; row <= call.Rows - 4; row += 4)
            {
                RunFour<TLanes>(call, panel, row);
            }

            for (; row < call.Rows; row++)
            {
                RunOne<TLanes>(call, panel, row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFour<TLanes>(in Call call, int panel, int row)
        where TLanes : struct, ILanes<TLanes>
    {
        float* weights = call.Weights + (panel * (nint)LinearWeights.PanelLanes * call.Inputs);
        float* x0 = call.Input + (row * call.InputPitch), x1 = x0 + call.InputPitch, x2 = x1 + call.InputPitch, x3 = x2 + call.InputPitch;
        TLanes w0 = TLanes.Load(call.Bias + (panel * LinearWeights.PanelLanes)), w1 = TLanes.Load(call.Bias + (panel * LinearWeights.PanelLanes) + FeatureMap.BlockLanes);
        TLanes a0 = w0, a1 = w1, b0 = w0, b1 = w1, c0 = w0, c1 = w1, d0 = w0, d1 = w1;
        nint inputs = call.Inputs;
        for (nint i = 0; i < inputs; i++, weights += LinearWeights.PanelLanes)
        {
            w0 = TLanes.Load(weights);
            w1 = TLanes.Load(weights + FeatureMap.BlockLanes);
            TLanes x = TLanes.Broadcast(x0[i]);
            a0 = TLanes.MultiplyAdd(x, w0, a0);
            a1 = TLanes.MultiplyAdd(x, w1, a1);
            x = TLanes.Broadcast(x1[i]);
            b0 = TLanes.MultiplyAdd(x, w0, b0);
            b1 = TLanes.MultiplyAdd(x, w1, b1);
            x = TLanes.Broadcast(x2[i]);
            c0 = TLanes.MultiplyAdd(x, w0, c0);
            c1 = TLanes.MultiplyAdd(x, w1, c1);
            x = TLanes.Broadcast(x3[i]);
            d0 = TLanes.MultiplyAdd(x, w0, d0);
            d1 = TLanes.MultiplyAdd(x, w1, d1);
        }

        Store(call, panel, row, a0, a1);
        Store(call, panel, row + 1, b0, b1);
        Store(call, panel, row + 2, c0, c1);
        Store(call, panel, row + 3, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOne<TLanes>(in Call call, int panel, int row)
        where TLanes : struct, ILanes<TLanes>
    {
        float* weights = call.Weights + (panel * (nint)LinearWeights.PanelLanes * call.Inputs);
        float* from = call.Input + (row * call.InputPitch);
        TLanes a0 = TLanes.Load(call.Bias + (panel * LinearWeights.PanelLanes));
        TLanes a1 = TLanes.Load(call.Bias + (panel * LinearWeights.PanelLanes) + FeatureMap.BlockLanes);
        nint inputs = call.Inputs;
        for (nint i = 0; i < inputs; i++, weights += LinearWeights.PanelLanes)
        {
            TLanes x = TLanes.Broadcast(from[i]);
            a0 = TLanes.MultiplyAdd(x, TLanes.Load(weights), a0);
            a1 = TLanes.MultiplyAdd(x, TLanes.Load(weights + FeatureMap.BlockLanes), a1);
        }

        Store(call, panel, row, a0, a1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes>(in Call call, int panel, int row, TLanes first, TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0f);
        float* to = call.Output + (row * call.OutputPitch) + (panel * LinearWeights.PanelLanes);
        TLanes.Store(to, call.Rectify ? TLanes.Larger(zero, first) : first);
        if ((2 * panel) + 1 < call.OutputBlocks)
        {
            TLanes.Store(to + FeatureMap.BlockLanes, call.Rectify ? TLanes.Larger(zero, second) : second);
        }
    }

    private struct Call
    {
        public float* Input, Output, Weights, Bias;
        public nint InputPitch, OutputPitch, Inputs;
        public int Panels, OutputBlocks, Rows;
        public bool Rectify;
    }
}
