using System.Security.Cryptography;
using System.Runtime.InteropServices;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Tests;

/// <summary>A result's bits depend on model, weights and sample alone.</summary>
public sealed class SameBitsTests
{
    private const int Samples = 8;

    // Of the 8 samples' scores on every machine. A change to the order of a sum changes it: say so in the commit.
    private const string ScoresHash = "6859d5ef1faaa6f8";

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

    [Fact]
    public void Run_Twice_AllocatesNothing()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();
        Workspace workspace = network.CreateWorkspace(8);
        float[] output = new float[8 * network.OutputSize];
        network.Run(model.Input, 8, output, workspace);

        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Run(model.Input, 8, output, workspace);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
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

        long before = GC.GetAllocatedBytesForCurrentThread();
        network.RunFrom(checkpoint, output, workspace);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Hash(float[] scores) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(scores)))[..16];
}
