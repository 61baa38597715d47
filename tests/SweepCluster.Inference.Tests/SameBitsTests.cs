using System.Security.Cryptography;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Numerics.Vectors;
using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>A result's bits depend on model, weights and sample alone.</summary>
public sealed class SameBitsTests
{
    private const int Samples = 8;

    // Of the 8 samples' scores on every machine. A change to the order of a sum changes it: say so in the commit.
    private const string ScoresHash = "6859d5ef1faaa6f8";
    private const string OtherOperationsHash = "d56e231e184a0b97";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_AnyBatch_GivesTheSameBits(int batch)
    {
        TestModel model = TestModel.ResNet20();

        Assert.Equal(ScoresHash, Hash(model.Run(model.Compile(), Samples, batch)));
    }

    [Theory]
    [InlineData(VectorPath.Vector128)]
    [InlineData(VectorPath.Vector256)]
    [InlineData(VectorPath.Vector512)]
    public void Run_AnyVectorWidth_GivesTheSameBits(VectorPath path)
    {
        TestModel model = TestModel.ResNet20();

        Assert.Equal(ScoresHash, Hash(model.Run(model.Compile(path), Samples, 4)));
    }

    [Fact]
    public void Run_ScalarPath_GivesTheSameBits()
    {
        TestModel model = TestModel.ResNet20();
        float[] all = model.Run(model.Compile(), 2, 2);

        Assert.Equal(all, model.Run(model.Compile(VectorPath.Scalar), 2, 2));
    }

    [Fact]
    public void Run_SeveralThreads_GivesTheSameBits()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();
        int length = model.Input.Length / model.Samples;
        float[] output = new float[Samples * network.OutputSize];

        Parallel.For(0, 4, part =>
        {
            Workspace workspace = network.CreateWorkspace(Samples / 4);
            float[] scores = new float[Samples / 4 * network.OutputSize];
            network.Run(model.Input.AsSpan(part * (Samples / 4) * length, Samples / 4 * length), Samples / 4, scores, workspace);
            scores.CopyTo(output, part * scores.Length);
        });

        Assert.Equal(ScoresHash, Hash(output));
    }

    // What ResNet-20 has not: interpolation, neighbouring channels, reductions, values of other extents, products of values, functions of each element.
    [Fact]
    public void Run_OtherOperations_GivesTheSameBitsOnEveryMachine()
    {
        const int Inputs = 6 * 5 * 4;
        Graph graph = OtherOperations();
        float[] input = [.. Enumerable.Range(0, 2 * Inputs).Select(i => (i * 37 % 101 / 16f) - 3f)];
        foreach (VectorPath path in VectorPaths.All)
        {
            Network network = Network.Compile(graph, Weights.Dense, graph.Outputs[0], path);
            float[] output = new float[2 * network.OutputSize];
            network.Run(input, 2, output, network.CreateWorkspace(2));

            Assert.All(output, value => Assert.True(float.IsFinite(value)));
            Assert.Equal(OtherOperationsHash, Hash(output));
        }
    }

    private static Graph OtherOperations() => new GraphBuilder(1, 6, 5, 4)
        .Add("upsample_bilinear", "u", new(1, 6, 10, 12), ("x", Value("x")), ("scale_factor_height", Number(2)), ("scale_factor_width", Number(3)), ("align_corners", Flag(false)))
        .Add("local_response_norm", "l", new(1, 6, 10, 12), ("x", Value("u")), ("size", Integers(4)), ("alpha", Number(0.3f)), ("beta", Number(0.6f)))
        .Add("reduce_log_sum_exp", "p", new(1, 1, 10, 12), ("x", Value("l")), ("axes", Integers(1)), ("keep_dims", Flag(true)))
        .Add("reduce_l2_norm", "c", new(1, 6, 1, 1), ("x", Value("l")), ("axes", Integers(2, 3)), ("keep_dims", Flag(true)))
        .Add("sub", "o", new(1, 6, 10, 12), ("x", Value("c")), ("y", Value("p")))
        .Add("real_div", "d", new(1, 6, 10, 12), ("x", Value("l")), ("y", Value("o")))
        .Add("reshape", "r", new(1, 6, 120), ("x", Value("d")), ("shape", Integers(1, 6, 120)))
        .Add("matmul", "m", new(1, 6, 6), ("x", Value("r")), ("y", Value("r")), ("transpose_y", Flag(true)))
        .Add("softmax", "a", new(1, 6, 6), ("x", Value("m")), ("axis", Integers(1)))
        .Add("matmul", "n", new(1, 6, 120), ("x", Value("a")), ("y", Value("r")))
        .Add("layer_norm", "z", new(1, 6, 120), ("x", Value("n")), ("axes", Integers(-1)))
        .Add("silu", "s", new(1, 6, 120), ("x", Value("z")))
        .Add("gelu", "g", new(1, 6, 120), ("x", Value("s")))
        .Add("clip", "k", new(1, 6, 120), ("x", Value("g")), ("alpha", Number(-0.1f)), ("beta", Number(0.75f)))
        .Add("reduce_sum_square", "q", new(1, 120), ("x", Value("k")), ("axes", Integers(1)))
        .Add("tanh", "y", new(1, 120), ("x", Value("q")))
        .Build("y");

    [Fact]
    public void Run_Twice_AllocatesNothing()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();
        Workspace workspace = network.CreateWorkspace(8);
        float[] output = new float[8 * network.OutputSize];
        network.Run(model.Input, 8, output, workspace);

        Assert.Equal(0, LeastAllocated(() => network.Run(model.Input, 8, output, workspace)));
    }

    [Fact]
    public void RunFrom_Twice_AllocatesNothing()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();
        Workspace workspace = network.CreateWorkspace(8);
        Checkpoint checkpoint = network.RunUpTo(model.Graph.Weights[^1].Name, model.Input, 8, workspace);
        float[] output = new float[8 * network.OutputSize];
        network.RunFrom(checkpoint, output, workspace);

        Assert.Equal(0, LeastAllocated(() => network.RunFrom(checkpoint, output, workspace)));
    }

    // Of three: the runtime, which compiles methods anew while they run, may allocate once on this thread.
    private static long LeastAllocated(Action run) => Enumerable.Range(0, 3).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    private static string Hash(float[] scores) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(scores)))[..16];
}
