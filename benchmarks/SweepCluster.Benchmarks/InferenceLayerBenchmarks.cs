using BenchmarkDotNet.Attributes;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Convolution;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Benchmarks;

/// <summary>One convolution, 64 to 64 channels, 3 x 3, on 14 x 14: 14.45 million floating-point operations, at every width.</summary>
[MemoryDiagnoser, InProcess, MinColumn, WarmupCount(5), IterationCount(60), InvocationCount(1)]
public class InferenceLayerBenchmarks
{
    private static readonly ConvolutionGeometry s_geometry = new(
        new(64, 14, 14, FeatureMap.BlockLanes, 1, 1, 1, 1), new(64, 14, 14, FeatureMap.BlockLanes), 3, 3, PadTop: 1, PadLeft: 1);

    private readonly Dictionary<VectorPath, Convolver> _convolvers = VectorPaths.All.ToDictionary(path => path, path => new Convolver(s_geometry, path));
    private readonly ConvolutionWeights _weights = ConvolutionWeights.Pack(s_geometry, Numbers((int)s_geometry.WeightCount));
    private readonly AlignedFloats _bias = AlignedFloats.CopyOf(Numbers(64));
    private readonly AlignedFloats _input = AlignedFloats.CopyOf(Numbers(s_geometry.Input.SampleLength));
    private readonly AlignedFloats _output = new(s_geometry.Output.SampleLength);

    [Benchmark(Baseline = true)]
    public void Scalar() => Run(VectorPath.Scalar);

    [Benchmark]
    public void Vector128() => Run(VectorPath.Vector128);

    [Benchmark]
    public void Vector256() => Run(VectorPath.Vector256);

    [Benchmark]
    public void Vector512() => Run(VectorPath.Vector512);

    private static float[] Numbers(int count)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private void Run(VectorPath path) => _convolvers[path].Run(_weights, _bias, _input.Span, _output.Span, 1, [], default, rectify: true);
}
