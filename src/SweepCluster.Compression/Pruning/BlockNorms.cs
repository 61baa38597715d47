using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Pruning;

/// <summary>L2 norms of runs of consecutive channels, each position of the other axes on its own, and of whole output channels.</summary>
/// <remarks>By default sums are taken in float64, channel by channel, and the norm is rounded once, to float32: nothing overflows or vanishes. By the profile of coremltools squares, sums and norms
/// are rounded to the weight's own type, added in the order in which NumPy adds: one channel after the other, except where the channels lie side by side in memory; there in float32, pairwise.</remarks>
internal static class BlockNorms
{
    /// <summary>The norm of its block for every element, as float32 bytes, so that its percentile is one over the elements.</summary>
    internal static byte[] Map(Weight weight, int axis, int blockSize, bool asReference)
    {
        AxisView view = AxisView.Of(weight.Shape, axis);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)weight.Shape.ElementCount * sizeof(float)));
        Span<float> map = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        if (view.Inner == 1 && !asReference)
        {
            MapAdjacent(weight, view, blockSize, map);
            return bytes;
        }

        float[] block = new float[Math.Min(blockSize, view.Channels) * view.Inner];
        double[] sums = new double[view.Inner];
        float[] norms = new float[view.Inner];
        for (int outer = 0; outer < view.Outer; outer++)
        {
            for (int channel = 0; channel < view.Channels; channel += blockSize)
            {
                int start = ((outer * view.Channels) + channel) * view.Inner, channels = Math.Min(blockSize, view.Channels - channel);
                Span<float> values = block.AsSpan(0, channels * view.Inner);
                Read(weight, start, values);
                if (asReference)
                {
                    ReferenceNorms(values, blockSize, weight.Type, norms);
                }
                else
                {
                    Norms(values, sums, norms);
                }

                for (int i = 0; i < channels; i++)
                {
                    norms.CopyTo(map[(start + (i * view.Inner))..]);
                }
            }
        }

        return bytes;
    }

    /// <summary>Sum of the squares of each output channel, in float64, in the order of the elements.</summary>
    internal static double[] OfChannels(Weight weight)
    {
        BlockRuns runs = BlockRuns.Along(weight.Shape, weight.OutputAxis, 1);
        double[] sums = new double[runs.BlockCount];
        float[] values = new float[runs.RunLength];
        foreach ((int start, int channel) in runs)
        {
            Read(weight, start, values);
            double sum = sums[channel];
            foreach (float value in values)
            {
                sum += (double)value * value;
            }

            sums[channel] = sum;
        }

        return sums;
    }

    // Blocks that lie in one piece each, a row of them at a time.
    private static void MapAdjacent(Weight weight, AxisView view, int blockSize, Span<float> map)
    {
        float[] row = new float[view.Channels];
        for (int start = 0; start < map.Length; start += row.Length)
        {
            Read(weight, start, row);
            for (int first = 0; first < row.Length; first += blockSize)
            {
                int size = Math.Min(blockSize, row.Length - first);
                double sum = 0;
                foreach (float value in row.AsSpan(first, size))
                {
                    sum += (double)value * value;
                }

                float norm = (float)Math.Sqrt(sum);
                foreach (ref float place in map.Slice(start + first, size))
                {
                    place = norm;
                }
            }
        }
    }

    private static void Read(Weight weight, int start, Span<float> values)
    {
        TensorData source = SparsePacker.Source(weight);
        if (source.Type == ElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(SparsePacker.Numbers<Half>(source).Slice(start, values.Length), values);
            return;
        }

        SparsePacker.Numbers<float>(source).Slice(start, values.Length).CopyTo(values);
    }

    private static void Norms(ReadOnlySpan<float> values, double[] sums, float[] norms)
    {
        Array.Clear(sums);
        for (int channel = 0; channel < values.Length; channel += sums.Length)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                double value = values[channel + i];
                sums[i] += value * value;
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            norms[i] = (float)Math.Sqrt(sums[i]);
        }
    }

    // A block that the channels do not fill has zeros behind; they change no sum, but pairwise they change which parts are added first.
    private static void ReferenceNorms(ReadOnlySpan<float> values, int blockSize, ElementType type, float[] norms)
    {
        if (norms.Length == 1)
        {
            float[] squares = new float[blockSize];
            for (int i = 0; i < values.Length; i++)
            {
                squares[i] = StoredValue.Cast(type, values[i] * values[i]);
            }

            norms[0] = StoredValue.Cast(type, MathF.Sqrt(StoredValue.Cast(type, PairwiseSum(squares))));
            return;
        }

        norms.AsSpan().Clear();
        for (int channel = 0; channel < values.Length; channel += norms.Length)
        {
            for (int i = 0; i < norms.Length; i++)
            {
                float value = values[channel + i];
                norms[i] = StoredValue.Cast(type, norms[i] + StoredValue.Cast(type, value * value));
            }
        }

        for (int i = 0; i < norms.Length; i++)
        {
            norms[i] = StoredValue.Cast(type, MathF.Sqrt(norms[i]));
        }
    }

    // NumPy's sum over adjacent elements: up to 8 in order, up to 128 in eight partial sums, above that halves at a multiple of 8.
    private static float PairwiseSum(ReadOnlySpan<float> values)
    {
        if (values.Length < 8)
        {
            float sum = 0;
            foreach (float value in values)
            {
                sum += value;
            }

            return sum;
        }

        if (values.Length > 128)
        {
            int half = values.Length / 2 / 8 * 8;
            return PairwiseSum(values[..half]) + PairwiseSum(values[half..]);
        }

        Span<float> parts = stackalloc float[8];
        int end = values.Length / 8 * 8;
        for (int i = 0; i < end; i++)
        {
            parts[i & 7] += values[i];
        }

        float total = ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));
        foreach (float value in values[end..])
        {
            total += value;
        }

        return total;
    }
}
