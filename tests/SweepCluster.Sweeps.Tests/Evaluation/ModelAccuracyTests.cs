using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Inference;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Testing;

namespace SweepCluster.Sweeps.Tests.Evaluation;

/// <summary>Package, data, network and tally together: the accuracies that the data's authors measured with PyTorch and ONNX Runtime.</summary>
public sealed class ModelAccuracyTests
{
    private static readonly string s_sample = Path.Combine(SharedData.Samples, "resnet20");

    [Fact]
    public void Run_QuickstartModel_HasTheStatedAccuracy()
    {
        (Dataset data, float[] scores) = Run(Path.Combine(s_sample, "ResNet20.mlpackage"), Path.Combine(s_sample, "test-2000.npz"), 2);
        float[] reference = NpzReader.Read(Path.Combine(s_sample, "reference.npz"), "logits").ToFloat32();

        OutcomeTally tally = OutcomeTally.Compare(scores, scores, data.Labels.Span, 10, OutputKind.Logits);
        OutcomeTally first = OutcomeTally.Compare(scores.AsSpan(0, reference.Length), reference, data.Labels.Span[..256], 10, OutputKind.Logits);

        Assert.Equal(1746, tally.Top1.Variant); // 87.3 % of 2,000
        Assert.Equal((2000, 0), (tally.Agreeing, tally.Kl.Sum));
        Assert.Equal(256, first.Agreeing); // with the reference's own logits
        Assert.InRange(first.Kl.Sum, 0, 1e-6);
    }

    [Fact]
    public void Run_AnyThreadsAndBatch_GivesTheSameBits()
    {
        string data = Path.Combine(s_sample, "test-2000.npz"), model = Path.Combine(s_sample, "ResNet20.mlpackage");

        float[] one = Run(model, data, 1, batch: 1, samples: 70).Scores;
        float[] many = Run(model, data, 3, batch: 9, samples: 70).Scores;

        Assert.Equal(Array.ConvertAll(one, BitConverter.SingleToInt32Bits), Array.ConvertAll(many, BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Run_SamplesOfAnotherShape_IsRefused()
    {
        Graph graph = new CoreMlFormat().Read(Path.Combine(s_sample, "ResNet20.mlpackage"));
        Network network = Network.Compile(graph, weight => ((DenseWeight)weight.Stored).Values.ToFloat32());
        GraphInput small = new(new("image", ElementType.Float32, new Shape(1, 3, 16, 16)), null);
        Dataset data = DatasetReader.Open(new(Path.Combine(s_sample, "test-2000.npz"), "images", "labels", null, null, null, null, [], []), small);

        ArgumentException error = Assert.Throws<ArgumentException>(() => new Evaluator(data, 1).Run(network, new[] { 0 }, null, CancellationToken.None));

        Assert.StartsWith("The network takes [3, 32, 32], found samples [3, 16, 16].", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Needs", "shared")]
    [InlineData("resnet20-cifar10/ResNet20.mlpackage", "resnet20-cifar10/test-10000.npz", 8741, null)]
    [InlineData("squeezenet11-imagenet/SqueezeNet11.mlpackage", "photos-1000/images", 558, 802)]
    [InlineData("squeezenet11-imagenet/neural-network/SqueezeNet11_nn.mlmodel", "photos-1000/images", 558, 802)]
    [InlineData("resnet34-imagenet/DlibResNet34.mlpackage", "photos-1000/images", 859, 977)]
    [InlineData("native/mnist-ph1ps/MNIST.mlmodel", "native/mnist-test/t10k-images-idx3-ubyte.gz", 9887, 10000, "t10k-labels-idx1-ubyte.gz")]
    public void Run_GivenModel_HasTheStatedAccuracy(string model, string path, int top1, int? top5, string labels = "labels")
    {
        (Dataset data, float[] scores) = Run(SharedData.PathOf("data", model), SharedData.PathOf("data", path), 2, labels: labels);

        OutcomeTally tally = OutcomeTally.Compare(scores, scores, data.Labels.Span, scores.Length / data.Count, OutputKind.Logits);

        Assert.Equal((top1, top5 ?? tally.Top5.Variant), (tally.Top1.Variant, tally.Top5.Variant));
    }

    private static (Dataset Data, float[] Scores) Run(string model, string path, int threads, int batch = 8, int? samples = null, string labels = "labels")
    {
        Graph graph = new CoreMlFormat().Read(model);
        Network network = Network.Compile(graph, weight => ((DenseWeight)weight.Stored).Values.ToFloat32());
        Dataset data = DatasetReader.Open(new(path, "images", labels, null, null, null, null, [], []), graph.Inputs[0]);
        int[] order = [.. Enumerable.Range(0, samples ?? data.Count)];
        return (data, new Evaluator(data, threads, batch).Run(network, order, null, CancellationToken.None));
    }
}
