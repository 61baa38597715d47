using System.Runtime.CompilerServices;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Convolution;

/// <summary>One convolution, planned for one width of vectors: cut into tiles once, run any number of times by any number of threads.</summary>
public sealed unsafe class Convolver
{
    private readonly ConvolutionGeometry _geometry;
    private readonly VectorPath _path;
    private readonly Tile[] _tiles = [];
    private readonly Reduction _reduction;
    private readonly WeightLayout _layout;

    /// <summary>Plans a convolution.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="path">Width of the vectors; has no effect on the result.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other.</exception>
    public Convolver(ConvolutionGeometry geometry, VectorPath path)
    {
        geometry.Check();
        _geometry = geometry;
        _path = path;
        _reduction = Reduction.Of(geometry);
        _layout = geometry.WeightLayout;
        if (path != VectorPath.Scalar && geometry.Kind == ConvolutionKind.Direct)
        {
            int pitch = geometry.StrideX * geometry.Input.Lanes;
            _tiles = [.. TilePlan.Cut(geometry.Output.Height, geometry.Output.Width, TileKernels.MaxSegment(path, pitch)).Select(span => Place(span, pitch))];
        }
    }

    /// <summary>The convolution.</summary>
    public ConvolutionGeometry Geometry => _geometry;

    /// <summary><c>output = bias + sum of input * weight (+ residual)</c>, then 0 for what is below 0 if <paramref name="rectify"/>.</summary>
    /// <param name="weights">Packed for this geometry.</param>
    /// <param name="bias">One value for each output channel, filled up with zeros to whole blocks.</param>
    /// <param name="input">Samples of the input map; its margin holds zeros.</param>
    /// <param name="output">Receives samples of the output map; its margin is untouched.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="residual">Samples of <paramref name="residualMap"/>, added to the sums; empty for none.</param>
    /// <param name="residualMap">Map of the residual: the output's channels, height and width.</param>
    /// <param name="rectify">Whether values below 0 become 0; NaN and -0 stay.</param>
    /// <exception cref="ArgumentException">A span is too short, the maps differ in size, or the weights were packed for another convolution.</exception>
    /// <remarks>
    /// Sums in float32 with fused multiply-add, from the bias on: input block, kernel row, kernel column, channel in the block; for a planar input: channel, kernel row, kernel column.
    /// The spans must not overlap. Safe for calls on several threads with different outputs.
    /// </remarks>
    public void Run(
        ConvolutionWeights weights,
        AlignedFloats bias,
        ReadOnlySpan<float> input,
        Span<float> output,
        int samples,
        ReadOnlySpan<float> residual,
        FeatureMap residualMap,
        bool rectify)
    {
        _geometry.Input.Check(input.Length, samples, nameof(input));
        _geometry.Output.Check(output.Length, samples, nameof(output));
        if (weights.Layout != _layout)
        {
            throw new ArgumentException($"Weights packed for {weights.Layout} do not fit {_layout}.", nameof(weights));
        }

        if (bias.Length != _geometry.Output.Blocks * FeatureMap.BlockLanes)
        {
            throw new ArgumentException($"{bias.Length} biases do not fit an output {_geometry.Output}.", nameof(bias));
        }

        if (!residual.IsEmpty)
        {
            residualMap.Check(residual.Length, samples, nameof(residual));
            if (residualMap.WithoutMargin() != _geometry.Output.WithoutMargin())
            {
                throw new ArgumentException($"A residual {residualMap} does not fit an output {_geometry.Output}.", nameof(residualMap));
            }
        }

        fixed (float* inputs = input, outputs = output, residuals = residual, values = weights.Values.Span, biases = bias.Span)
        {
            ConvolutionCall call = new(_geometry, inputs, outputs, residuals, residualMap, values, biases, samples, rectify);
            switch (_geometry.Kind)
            {
                case ConvolutionKind.Direct when _path == VectorPath.Scalar:
                    ScalarConvolution.RunDirect(call, _reduction);
                    break;
                case ConvolutionKind.Direct:
                    RunTiles(call);
                    break;
                case ConvolutionKind.Depthwise:
                    DepthwiseConvolution.Run(call, _path);
                    break;
                default:
                    ScalarConvolution.RunGrouped(call);
                    break;
            }
        }
    }

    [SkipLocalsInit]
    private void RunTiles(in ConvolutionCall call)
    {
        FeatureMap input = _geometry.Input, output = _geometry.Output, residual = call.ResidualMap;
        int groupOutputBlocks = output.Blocks / _geometry.Groups, groupInputBlocks = input.Blocks / _geometry.Groups;
        int maxBlocks = TileKernels.MaxBlocks(_path);
        TileCall tileCall = _reduction.Start(call.Rectify);
        tileCall.OutputBlock = output.BlockPitch;
        tileCall.ResidualBlock = residual.BlockPitch;
        float* panel = call.Weights;
        for (int group = 0; group < _geometry.Groups; group++)
        {
            float* inputs = call.Input + (group * groupInputBlocks * (nint)input.BlockPitch);
            for (int panelBlock = 0; panelBlock < groupOutputBlocks; panelBlock += 2)
            {
                int panelBlocks = Math.Min(2, groupOutputBlocks - panelBlock);
                tileCall.WeightStep = panelBlocks * FeatureMap.BlockLanes;
                for (int within = 0; within < panelBlocks; within += maxBlocks)
                {
                    int block = (group * groupOutputBlocks) + panelBlock + within;
                    bool two = maxBlocks == 2 && panelBlocks == 2;
                    tileCall.Weights = panel + (within * FeatureMap.BlockLanes);
                    tileCall.Bias = call.Bias + (block * FeatureMap.BlockLanes);
                    for (int sample = 0; sample < call.Samples; sample++)
                    {
                        float* from = inputs + (sample * (nint)input.SampleLength);
                        float* to = call.Output + (sample * (nint)output.SampleLength) + (block * (nint)output.BlockPitch);
                        float* add = call.Residual is null ? null
                            : call.Residual + (sample * (nint)residual.SampleLength) + (block * (nint)residual.BlockPitch) + residual.Origin;
                        foreach (ref readonly Tile tile in _tiles.AsSpan())
                        {
                            tileCall.InputA = from + tile.InputA;
                            tileCall.InputB = from + tile.InputB;
                            tileCall.OutputA = to + tile.OutputA;
                            tileCall.OutputB = to + tile.OutputB;
                            tileCall.ResidualA = add is null ? null : add + (tile.Span.RowA * residual.RowPitch) + (tile.Span.ColumnA * FeatureMap.BlockLanes);
                            tileCall.ResidualB = add is null ? null : add + (tile.Span.RowB * residual.RowPitch) + (tile.Span.ColumnB * FeatureMap.BlockLanes);
                            (two ? tile.TwoBlocks : tile.OneBlock)(&tileCall);
                        }
                    }
                }

                panel += _reduction.Terms * panelBlocks * FeatureMap.BlockLanes;
            }
        }
    }

    private Tile Place(TileSpan span, int pitch)
    {
        FeatureMap input = _geometry.Input, output = _geometry.Output;
        int From(int row, int column) => _geometry.FirstTap + (row * _geometry.StrideY * input.RowPitch) + (column * pitch);
        int To(int row, int column) => output.Origin + (row * output.RowPitch) + (column * output.Lanes);
        return new()
        {
            Span = span,
            InputA = From(span.RowA, span.ColumnA),
            InputB = From(span.RowB, span.ColumnB),
            OutputA = To(span.RowA, span.ColumnA),
            OutputB = To(span.RowB, span.ColumnB),
            OneBlock = TileKernels.Pick(_path, span.CountA, span.CountB, 1, pitch),
            TwoBlocks = TileKernels.MaxBlocks(_path) < 2 ? null : TileKernels.Pick(_path, span.CountA, span.CountB, 2, pitch),
        };
    }

    private struct Tile
    {
        public TileSpan Span;
        public int InputA, InputB, OutputA, OutputB;
        public delegate*<TileCall*, void> OneBlock, TwoBlocks;
    }
}
