using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using static SweepCluster.Inference.Tests.NeuralNetworks.SmallNetwork;
using Colors = SweepCluster.Formats.CoreMl.Protos.ImageFeatureType.Types.ColorSpace;

namespace SweepCluster.Inference.Tests.NeuralNetworks;

/// <summary>What goes into a network, what comes out, and what stays as it is.</summary>
public sealed class WholeNetworkTests
{
    [Theory]
    [InlineData(ColorOrder.Rgb, new float[] { 0.5f + 1, 1 + 2, 1.5f + 3 })]
    [InlineData(ColorOrder.Bgr, new float[] { 0.5f + 3, 1 + 2, 1.5f + 1 })]
    [InlineData(ColorOrder.Grayscale, new float[] { 0.5f + 4 })]
    public void Preprocessing_ScaleAndBias_GoByTheOrderOfColours(ColorOrder colors, float[] expected)
    {
        NeuralNetworkPreprocessing scaler = new()
        {
            FeatureName = "x",
            Scaler = new() { ChannelScale = 0.5f, RedBias = 1, GreenBias = 2, BlueBias = 3, GrayBias = 4 },
        };
        SmallNetwork network = new SmallNetwork(1, 1, Enum.Parse<Colors>(colors.ToString()), scaler).Add(new NeuralNetworkLayer { Activation = new() { ReLU = new() } });

        Assert.Equal(expected, network.Run([.. Enumerable.Range(1, expected.Length).Select(value => (float)value)]));
        Assert.Equal(colors, network.Read().Inputs[0].Image?.Colors);
    }

    [Fact]
    public void Preprocessing_MeanImage_IsTakenAway()
    {
        NeuralNetworkPreprocessing mean = new() { MeanImage = new() { MeanImage = { 1, 10, 100, 1000 } } };
        SmallNetwork network = new SmallNetwork(2, 2, Colors.Grayscale, mean).Add(new NeuralNetworkLayer { Copy = new() });

        Assert.Equal([0f, -8, -97, -996], network.Run(1, 2, 3, 4));
    }

    [Theory]
    [InlineData("named", "scores")] // by the classifier's own field
    [InlineData("described", "scores")] // by the description
    [InlineData("last", "probabilities")] // else what the last layer gives
    public void Classifier_ScoresAndLabels_AreFound(string way, string expected)
    {
        Graph graph = new SmallNetwork([3])
            .Add(new NeuralNetworkLayer { Multiply = new() { Alpha = 2 }, Output = { "logits" } })
            .Add(new NeuralNetworkLayer { Softmax = new(), Output = { "scores" } })
            .Add(new NeuralNetworkLayer { Copy = new(), Output = { "probabilities" } }, "scores")
            .Read(model =>
            {
                NeuralNetworkClassifier classifier = new() { StringClassLabels = new() { Vector = { "cat", "dog", "owl" } }, LabelProbabilityLayerName = way == "named" ? "scores" : "" };
                classifier.Layers.Add(model.NeuralNetwork.Layers);
                model.NeuralNetworkClassifier = classifier;
                model.Description.PredictedFeatureName = "animal";
                model.Description.PredictedProbabilitiesName = way == "described" ? "scores" : "table";
            });

        Assert.Equal(["cat", "dog", "owl"], graph.ClassLabels);
        Assert.Equal(expected, graph.Outputs[0]);
        Assert.Equal("animal", graph.Outputs[^1]);
        Assert.Equal("logits", ClassifierScores.Find(graph));
        Assert.Equal([2f, 4, 6], SmallNetwork.Run(graph, null, [1, 2, 3]));
    }

    [Fact]
    public void Read_ConvolutionsAndSums_KnowEveryShape()
    {
        Graph graph = Residual().Read();

        Assert.All(graph.Nodes, node => Assert.All(node.Outputs, output => Assert.True(output.Shape.IsKnown, output.Name)));
        Assert.Equal(["conv", "batch_norm", "relu", "conv", "add", "reduce_mean", "reshape", "linear", "reshape", "softmax"], graph.Nodes.Select(node => node.OpType));
        Assert.Equal(new Shape(1, 2, 1, 1), graph.Nodes[^1].Outputs[0].Shape);
    }

    [Fact]
    public void Run_FromACheckpoint_GivesTheBitsOfAWholeRun()
    {
        Graph graph = Residual().Read();
        Network network = Network.Compile(graph, Weights.Dense);
        float[] input = [.. Enumerable.Range(0, 2 * 48).Select(i => (i % 7) - 3f)], whole = new float[4], resumed = new float[4];
        Workspace workspace = network.CreateWorkspace(2);
        network.Run(input, 2, whole, workspace);

        foreach (Graphs.Weights.Weight weight in graph.Weights)
        {
            network.RunFrom(network.RunUpTo(weight.Name, input, 2, workspace), resumed, workspace);
            Assert.Equal(whole, resumed);
        }
    }

    [Fact]
    public void Compile_LayerWithoutAnOperation_SaysWhichInOneLine()
    {
        SmallNetwork network = new SmallNetwork([3]).Add(new NeuralNetworkLayer { Custom = new() { ClassName = "Mine" }, Output = { "mine" } })
            .Add(new NeuralNetworkLayer { Activation = new() { ReLU = new() }, Output = { "y" } });
        Graph graph = network.Read();

        Assert.Equal(["reshape", "custom", "relu"], graph.Nodes.Select(node => node.OpType));
        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph, Weights.Dense));
        Assert.EndsWith("layer 0: custom 'mine' is not supported by the evaluator.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_ExtentsThatMakeNoSense_KeepsTheLayer()
    {
        ConvolutionLayerParams window = new() { OutputChannels = 1, KernelChannels = 1, KernelSize = { 1, 1 }, Stride = { ulong.MaxValue, 1 }, Weights = Values(1f) };
        Graph graph = new SmallNetwork([1, 2, 2]).Add(new NeuralNetworkLayer { Convolution = window })
            .Add(new NeuralNetworkLayer { Upsample = new() { ScalingFactor = { 0, ulong.MaxValue } } }, "x")
            .Add(new NeuralNetworkLayer { ReshapeStatic = new() { TargetShape = { long.MinValue, -1, 0 } } }, "x")
            .Add(new NeuralNetworkLayer { SplitND = new() { Axis = long.MinValue } }, "x").Read();

        Assert.Equal(["convolution", "upsample", "reshapeStatic", "splitND"], graph.Nodes.Select(node => node.OpType));
    }

    [Fact]
    public void Read_MoreLayersThanSoFewBytesMayBecome_IsRefused()
    {
        SmallNetwork network = new([1]);
        for (int i = 0; i < 6_000; i++)
        {
            // Two operations each.
            network.Add(new NeuralNetworkLayer { Unary = new() { Type = UnaryFunctionLayerParams.Types.Operation.Abs, Shift = 1 }, Output = { "y" } });
        }

        BadInputException error = Assert.Throws<BadInputException>(() => network.Read());
        Assert.Contains(": found layers that become more than ", error.Message, StringComparison.Ordinal);
    }

    // A convolution, another one around which its own output goes, the mean of the picture, a product, softmax.
    private static SmallNetwork Residual() => new SmallNetwork([3, 4, 4])
        .Add(new NeuralNetworkLayer { Convolution = Kernel(3, 2), Output = { "c1" } })
        .Add(new NeuralNetworkLayer { Batchnorm = new() { Channels = 2, Gamma = Values(1f, 2f), Beta = Values(0f, 1f), Mean = Values(0.5f, 0.25f), Variance = Values(1f, 4f) } })
        .Add(new NeuralNetworkLayer { Activation = new() { ReLU = new() }, Output = { "r1" } })
        .Add(new NeuralNetworkLayer { Convolution = Kernel(2, 2), Output = { "c2" } })
        .Add(new NeuralNetworkLayer { Add = new() }, "c2", "r1")
        .Add(new NeuralNetworkLayer { Pooling = new() { Type = PoolingLayerParams.Types.PoolingType.Average, GlobalPooling = true, Valid = new() } })
        .Add(new NeuralNetworkLayer { InnerProduct = new() { InputChannels = 2, OutputChannels = 2, HasBias = true, Weights = Values(1f, -2f, 3f, 0.5f), Bias = Values(0.1f, 0.2f) } })
        .Add(new NeuralNetworkLayer { Softmax = new() });

    private static ConvolutionLayerParams Kernel(int inputs, int outputs) => new()
    {
        KernelChannels = (ulong)inputs,
        OutputChannels = (ulong)outputs,
        KernelSize = { 3, 3 },
        Same = new(),
        Weights = Values([.. Enumerable.Range(0, inputs * outputs * 9).Select(i => (i % 5) - 2f)]),
    };
}
