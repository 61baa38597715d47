using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Tests.Fixtures;
using SweepCluster.Testing;

namespace SweepCluster.Sweeps.Tests.Specs;

public class SampleSpecTests
{
    [Fact]
    public void Quickstart_HasThirtyUniformTrialsOfThreeFamiliesAndTenMixedOnes()
    {
        SweepSpec spec = SpecReader.Read(Path.Combine(SharedData.Samples, "quickstart.yaml"), []);

        Assert.Equal(32, spec.Schemes.Length);
        Assert.Equal(["palettize", "quantize", "prune"], spec.Schemes.Select(scheme => scheme.Family).Distinct());
        Assert.True(spec.Search.GreedyPlans >= 10);
        Assert.Equal(new SamplesSpec(256, 1000, 1000), spec.Samples);

        // 18 weights of the network lie above the threshold; a probe costs about half a run; at most about 15 plans lie on the frontier.
        double pictures = (spec.Schemes.Length * 1000) + (18 * spec.Schemes.Length * 256 * 0.5) + (spec.Search.GreedyPlans * 1000) + (15 * 1000) + 2000;
        Assert.InRange(pictures, 0, 150_000);
    }

    [Fact]
    public void Full_HasThreeHundredTrialsOfEveryFamily()
    {
        SweepSpec spec = SpecReader.Read(Path.Combine(SharedData.Samples, "full.yaml"), []);

        Assert.Equal(SpecKeys.Families.Keys.Concat(["prune+palettize", "prune+quantize"]).Order(), spec.Schemes.Select(scheme => scheme.Family).Distinct().Order());
        Assert.True(spec.Schemes.Count(scheme => scheme.Family != "float16") + spec.Search.GreedyPlans >= 300);
    }

    [Fact]
    public void Imagenet_WithoutTheData_SaysWhatIsMissing()
    {
        using TemporarySpecs folder = new(File.ReadAllText(Path.Combine(SharedData.Samples, "imagenet.yaml")), "imagenet.yaml");

        string message = Assert.Throws<BadInputException>(() => SpecReader.Read(folder.Path, [])).Message;

        Assert.Equal(
            """
            imagenet.yaml, line 7: model: found nothing at 'imagenet/DlibResNet34.mlpackage', expected a model.
            imagenet.yaml, line 10: data.path: found nothing at 'imagenet/photos/images', expected a .npz, a .npy, an idx file or a folder of pictures.
            imagenet.yaml, line 11: data.labels: found no file 'imagenet/photos/labels.csv', expected a labels file (.csv).
            """.ReplaceLineEndings("\n"),
            message);
    }
}
