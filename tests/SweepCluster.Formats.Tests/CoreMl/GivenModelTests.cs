using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

[Trait("Needs", "shared")]
public class GivenModelTests
{
    [Fact]
    public void Read_ResNet20_HasItsLayersAndInput()
    {
        Graph graph = Read("data/resnet20-cifar10/ResNet20.mlpackage");

        Assert.Equal("Core ML package, ML program, iOS18", graph.FormatDescription);
        Assert.Equal(["logits"], graph.Outputs.ToArray());
        Assert.Null(graph.ClassLabels);
        GraphInput input = Assert.Single(graph.Inputs);
        Assert.Equal("image", input.Info.Name);
        Assert.Equal(ElementType.Float16, input.Info.Type);
        Assert.Equal("[1, 3, 32, 32]", input.Info.Shape.ToString());
        Assert.Null(input.Image);
        Assert.Equal(21, graph.Nodes.Count(node => node.OpType == "conv")); // 1 + 3 * 3 * 2, and two 1x1 shortcuts
        Weight last = graph.Weights.Single(weight => weight.Name == "m_fc_weight_to_fp16");
        Assert.Equal(new WeightUse("logits", "linear", "weight"), Assert.Single(last.Uses));
        Assert.Equal("[10, 64]", last.Shape.ToString());
    }

    [Fact]
    public void Read_SqueezeNet_HasBgrInputAndLabels()
    {
        Graph graph = Read("data/squeezenet11-imagenet/SqueezeNet11.mlpackage");

        Assert.Equal("Core ML package, ML program, iOS15", graph.FormatDescription);
        Assert.Equal(new ImageInput(224, 224, ColorOrder.Bgr), graph.Inputs[0].Image);
        Assert.Equal(1000, graph.ClassLabels!.Value.Length);
        Assert.StartsWith("tench", graph.ClassLabels!.Value[0], StringComparison.Ordinal);
        Assert.Equal(["classLabel", "classLabel_probs"], graph.Outputs.ToArray());
        Assert.Equal(1_235_496, graph.Weights.Where(weight => weight.Type == ElementType.Float16).Sum(weight => weight.Shape.ElementCount));
    }

    [Fact]
    public void Read_ResNet34_HasAllItsWeights()
    {
        Graph graph = Read("data/resnet34-imagenet/DlibResNet34.mlpackage");

        Assert.Equal(new ImageInput(227, 227, ColorOrder.Rgb), graph.Inputs[0].Image);
        Assert.Equal(21_616_232, graph.Weights.Where(weight => weight.Type == ElementType.Float16).Sum(weight => weight.Shape.ElementCount));
        Assert.All(graph.Weights, weight => Assert.Null(weight.Conflict));
    }

    [Fact]
    public void Read_EveryFixturePackage_HasTheSameOperationsAndLayers()
    {
        string[] packages = Directory.GetDirectories(SharedData.PathOf("fixtures", "coreml"), "*.mlpackage");
        Assert.Equal(111, packages.Length);
        foreach (string package in packages)
        {
            Graph graph = new CoreMlFormat().Read(package);

            Assert.Equal(
                ["conv", "relu", "conv", "relu", "conv", "conv_transpose", "avg_pool", "reshape", "transpose", "layer_norm", "linear", "gelu", "matmul", "linear", "add"],
                graph.Nodes.Select(node => node.OpType).Where(type => type != "cast"));
            Assert.Equal("[96, 128]", graph.Weights.Single(weight => weight.Uses[0] is { OpType: "matmul", Input: "y" }).Shape.ToString());
        }
    }

    private static Graph Read(string path) => new CoreMlFormat().Read(SharedData.PathOf(path.Split('/')));
}
