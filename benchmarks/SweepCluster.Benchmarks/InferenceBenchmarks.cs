using BenchmarkDotNet.Attributes;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Inference;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Benchmarks;

/// <summary>Whole networks on one thread. Divide by the batch for the time of a picture. One run an iteration, so that the fastest one is free of what else the machine does.</summary>
[MemoryDiagnoser, InProcess, MinColumn, WarmupCount(5), IterationCount(60), InvocationCount(1)]
public class InferenceBenchmarks
{
    private Network _network = null!;
    private Network _narrow = null!;
    private Workspace _workspace = null!;
    private Workspace _narrowWorkspace = null!;
    private float[] _input = [];
    private float[] _output = [];

    public static IEnumerable<InferenceCase> Cases
    {
        get
        {
            string root = Repository(), shared = Environment.GetEnvironmentVariable("SWEEP_SHARED") ?? Path.Combine(root, "..", "shared");
            string small = Path.Combine(root, "samples", "resnet20", "ResNet20.mlpackage");
            yield return new("ResNet-20", small, 1);
            yield return new("ResNet-20", small, 64);
            string squeeze = Path.Combine(shared, "data", "squeezenet11-imagenet", "SqueezeNet11.mlpackage");
            string large = Path.Combine(shared, "data", "resnet34-imagenet", "DlibResNet34.mlpackage");
            if (Directory.Exists(large) && Directory.Exists(squeeze))
            {
                yield return new("SqueezeNet 1.1", squeeze, 1);
                yield return new("ResNet-34", large, 1);
                yield return new("ResNet-34", large, 8);
            }
        }
    }

    [ParamsSource(nameof(Cases))]
    public InferenceCase Case { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        Graph graph = new CoreMlFormat().Read(Case.Package);
        static ReadOnlyMemory<float> Dense(Weight weight) => ((DenseWeight)weight.Stored).Values.ToFloat32();
        _network = Network.Compile(graph, Dense);
        _narrow = Network.Compile(graph, Dense, null, VectorPath.Vector128);
        _workspace = _network.CreateWorkspace(Case.Batch);
        _narrowWorkspace = _narrow.CreateWorkspace(Case.Batch);
        Random random = new(1);
        _input = [.. Enumerable.Range(0, checked(Case.Batch * (int)_network.InputShape.ElementCount)).Select(_ => (float)random.Next(256))];
        _output = new float[Case.Batch * _network.OutputSize];
    }

    /// <summary>Four floats at a time, as a machine without wider vectors would.</summary>
    [Benchmark(Baseline = true)]
    public void Vector128() => _narrow.Run(_input, Case.Batch, _output, _narrowWorkspace);

    /// <summary>As wide as this machine goes.</summary>
    [Benchmark]
    public void Widest() => _network.Run(_input, Case.Batch, _output, _workspace);

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SweepCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No SweepCluster.sln above {AppContext.BaseDirectory}.");
    }
}
