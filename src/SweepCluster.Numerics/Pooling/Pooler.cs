using System.Runtime.CompilerServices;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Pooling;

/// <summary>Largest value, average, or sum of squares of windows of each channel.</summary>
public static unsafe class Pooler
{
    /// <summary><c>output = max of the window</c>; padding does not take part. NaN where one is in the window.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="input">Samples of the input map.</param>
    /// <param name="output">Receives samples of the output map; its margin is untouched. Must not overlap the input.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="path">Width of the vectors; has no effect on the result.</param>
    /// <exception cref="ArgumentException">A span is too short, or the maps do not fit each other.</exception>
    public static void Max(PoolGeometry geometry, ReadOnlySpan<float> input, Span<float> output, int samples, VectorPath path) =>
        Run(geometry, input, output, samples, path, PoolMode.Max);

    /// <summary><c>output = sum of the window / count</c>, the sum in order of rows, then columns.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="input">Samples of the input map.</param>
    /// <param name="output">Receives samples of the output map; its margin is untouched. Must not overlap the input.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="excludePadding">Whether the count leaves padding out. Where it does not, it counts the window's part inside the padded input.</param>
    /// <param name="path">Width of the vectors; has no effect on the result.</param>
    /// <exception cref="ArgumentException">A span is too short, or the maps do not fit each other.</exception>
    public static void Average(PoolGeometry geometry, ReadOnlySpan<float> input, Span<float> output, int samples, bool excludePadding, VectorPath path) =>
        Run(geometry, input, output, samples, path, excludePadding ? PoolMode.AverageInside : PoolMode.Average);

    /// <summary><c>output = sum of the squares in the window</c>, with fused multiply-add, in order of rows, then columns.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="input">Samples of the input map.</param>
    /// <param name="output">Receives samples of the output map; its margin is untouched. Must not overlap the input.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="path">Width of the vectors; has no effect on the result.</param>
    /// <exception cref="ArgumentException">A span is too short, or the maps do not fit each other.</exception>
    public static void SumOfSquares(PoolGeometry geometry, ReadOnlySpan<float> input, Span<float> output, int samples, VectorPath path) =>
        Run(geometry, input, output, samples, path, PoolMode.SumOfSquares);

    private static void Run(PoolGeometry geometry, ReadOnlySpan<float> input, Span<float> output, int samples, VectorPath path, PoolMode mode)
    {
        geometry.Check();
        geometry.Input.Check(input.Length, samples, nameof(input));
        geometry.Output.Check(output.Length, samples, nameof(output));
        fixed (float* from = input, to = output)
        {
            switch (path)
            {
                case VectorPath.Vector512:
                    Run<Lanes512>(geometry, from, to, samples, mode);
                    break;
                case VectorPath.Vector256:
                    Run<Lanes256>(geometry, from, to, samples, mode);
                    break;
                case VectorPath.Vector128:
                    Run<Lanes128>(geometry, from, to, samples, mode);
                    break;
                default:
                    Run<LanesScalar>(geometry, from, to, samples, mode);
                    break;
            }
        }
    }

    private static void Run<TLanes>(PoolGeometry geometry, float* from, float* to, int samples, PoolMode mode)
        where TLanes : struct, ILanes<TLanes>
    {
        FeatureMap input = geometry.Input, output = geometry.Output;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int block = 0; block < output.Blocks; block++)
            {
                float* source = from + (sample * (nint)input.SampleLength) + (block * (nint)input.BlockPitch) + input.Origin;
                float* target = to + (sample * (nint)output.SampleLength) + (block * (nint)output.BlockPitch) + output.Origin;
                for (int row = 0; row < output.Height; row++)
                {
                    RunRow<TLanes>(geometry, source, target + (row * output.RowPitch), row, mode);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunRow<TLanes>(PoolGeometry geometry, float* source, float* target, int row, PoolMode mode)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Lanes = FeatureMap.BlockLanes;
        int rowPitch = geometry.Input.RowPitch, height = geometry.Input.Height, width = geometry.Input.Width, kernelWidth = geometry.KernelWidth;
        int outputs = geometry.Output.Width, stride = geometry.StrideX, padLeft = geometry.PadLeft, padRight = geometry.PadRight;
        int top = (row * geometry.StrideY) - geometry.PadTop;
        int firstRow = Math.Max(top, 0), endRow = Math.Min(top + geometry.KernelHeight, height);
        int paddedRows = Math.Min(top + geometry.KernelHeight, height + geometry.PadBottom) - top;
        for (int column = 0; column < outputs; column++)
        {
            int left = (column * stride) - padLeft;
            int firstColumn = Math.Max(left, 0), endColumn = Math.Min(left + kernelWidth, width);
            TLanes result = mode == PoolMode.Max ? TLanes.Load(source + (firstRow * rowPitch) + (firstColumn * Lanes)) : TLanes.Broadcast(0f);
            for (int y = firstRow; y < endRow; y++)
            {
                float* at = source + (y * rowPitch) + (firstColumn * Lanes), end = source + (y * rowPitch) + (endColumn * Lanes);
                if (mode == PoolMode.Max)
                {
                    for (; at < end; at += Lanes)
                    {
                        result = TLanes.Maximum(TLanes.Load(at), result);
                    }
                }
                else if (mode == PoolMode.SumOfSquares)
                {
                    for (; at < end; at += Lanes)
                    {
                        result = TLanes.MultiplyAdd(TLanes.Load(at), TLanes.Load(at), result);
                    }
                }
                else
                {
                    for (; at < end; at += Lanes)
                    {
                        result = TLanes.Add(result, TLanes.Load(at));
                    }
                }
            }

            if (mode is PoolMode.Average or PoolMode.AverageInside)
            {
                long count = mode == PoolMode.AverageInside
                    ? (long)(endRow - firstRow) * (endColumn - firstColumn)
                    : (long)paddedRows * (Math.Min(left + kernelWidth, width + padRight) - left);
                result = TLanes.Divide(result, TLanes.Broadcast(count));
            }

            TLanes.Store(target + (column * Lanes), result);
        }
    }

    private enum PoolMode
    {
        Max,
        Average,
        AverageInside,
        SumOfSquares,
    }
}
