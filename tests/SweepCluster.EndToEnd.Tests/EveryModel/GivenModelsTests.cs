using SweepCluster.Testing;

namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>The models that others published or trained, through the schemes.</summary>
/// <remarks>What is small takes the whole list, at its own target and at iOS 18. SqueezeNet and the networks of some millions of weights take one scheme of every form; ResNet-34, whose 43 MB are written twice for each,
/// takes one of every family, by forms that cost little to find: what a form's layout can get wrong does not depend on the size, what offsets and mapped files can get wrong does.</remarks>
[Trait("Needs", "shared")]
public sealed class GivenModelsTests
{
    private static readonly string[] s_oneOfEveryFamily =
    [
        "palettize(mode=uniform, nbits=4)", "quantize(dtype=int8, mode=linear_symmetric, granularity=per_channel)", "prune(target_sparsity=0.5)", "prune(target_sparsity=0.5)+quantize(dtype=int8)",
    ];

    [Theory]
    [InlineData("resnet20-cifar10/ResNet20.mlpackage", "iOS18", 90)]
    [InlineData("resnet20-cifar10/ResNet20_fp32.mlpackage", null, 40)]
    [InlineData("resnet20-cifar10/ResNet20_fp32.mlpackage", "iOS18", 90)]
    [InlineData("native/basic-pitch-nmp/nmp.mlpackage", null, 40)]
    [InlineData("native/basic-pitch-nmp/nmp.mlpackage", "iOS18", 90)]
    public void Write_SmallModelUnderEveryScheme_HoldsWhatWasSimulated(string model, string? target, int least) => Carry(model, SchemeCatalog.All, target, least);

    [Theory]
    [InlineData("squeezenet11-imagenet/SqueezeNet11.mlpackage", "iOS18", 18)]
    [InlineData("squeezenet11-imagenet/SqueezeNet11.mlpackage", null, 10)]
    [InlineData("squeezenet11-imagenet/neural-network/SqueezeNet11_nn.mlmodel", null, 9)]
    [InlineData("native/dtln-aec-128-part1/DTLN_AEC_128_Part1.mlpackage", "iOS18", 12)]
    [InlineData("native/mnist-ph1ps/MNIST.mlmodel", null, 9)]
    public void Write_ModelUnderEveryForm_HoldsWhatWasSimulated(string model, string? target, int least) => Carry(model, SchemeCatalog.OfEveryForm, target, least);

    [Fact]
    public void Write_ResNet34UnderEveryFamily_HoldsWhatWasSimulated() =>
        Carry("resnet34-imagenet/DlibResNet34.mlpackage", [.. SchemeCatalog.All.Where(entry => s_oneOfEveryFamily.Contains(entry.Text))], "iOS18", s_oneOfEveryFamily.Length);

    private static void Carry(string model, IReadOnlyList<SchemeCase> cases, string? target, int least)
    {
        using RoundTrip trip = new(SharedData.PathOf(["data", .. model.Split('/')]));
        trip.Carry(cases, target);
        Assert.InRange(trip.Trips, least, cases.Count);
    }
}
