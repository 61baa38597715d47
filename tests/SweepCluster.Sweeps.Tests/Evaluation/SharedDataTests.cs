using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Sweeps.Tests.Evaluation;

/// <summary>The data that came with the models, read as the models take it.</summary>
public sealed class SharedDataTests
{
    private static readonly DataSpec s_usual = new("", "images", "labels", null, null, null, null, [], []);

    [Fact]
    public void Open_QuickstartPictures_GivesThePlanesOfTheReference()
    {
        string folder = Path.Combine(SharedData.Samples, "resnet20");
        GraphInput input = new(new("image", ElementType.Float32, new Shape(1, 3, 32, 32)), null);
        using NpzReader reference = new(Path.Combine(folder, "reference.npz"));
        byte[] pixels = reference.Read("pixels").Bytes.ToArray();
        int[] labels = reference.Read("labels").ToInt32();

        Dataset data = DatasetReader.Open(s_usual with { Path = Path.Combine(folder, "test-2000.npz") }, input);

        Assert.Equal(2000, data.Count);
        Assert.Equal(labels, data.Labels.ToArray().Take(labels.Length));
        float[] planes = new float[3 * 32 * 32];
        for (int i = 0; i < labels.Length; i += 51)
        {
            data.Read(i, planes);
            for (int at = 0; at < planes.Length; at++)
            {
                Assert.Equal(pixels[(i * planes.Length) + (at % 1024 * 3) + (at / 1024)], planes[at]);
            }
        }
    }

    [Theory]
    [Trait("Needs", "shared")]
    [InlineData("resnet34-imagenet", 227, ColorOrder.Rgb)]
    [InlineData("squeezenet11-imagenet", 224, ColorOrder.Bgr)]
    public void Open_Photographs_GivesTheReferencesPixelsInTheModelsOrder(string model, int size, ColorOrder colors)
    {
        GraphInput input = new(new("image", ElementType.Float32, new Shape(1, 3, size, size)), new(size, size, colors));
        using NpzReader reference = new(SharedData.PathOf("data", model, "reference.npz"));
        string[] files = reference.Read("files").ToStrings();
        byte[] pixels = reference.Read("pixels").Bytes.ToArray();
        int[] labels = reference.Read("labels").ToInt32();

        Dataset data = DatasetReader.Open(s_usual with { Path = SharedData.PathOf("data", "photos-1000", "images") }, input);

        Assert.Equal(1000, data.Count);
        Assert.Equal(430, data.Labels.ToArray().Distinct().Count()); // as its SOURCE.md states
        data.CheckLabels(1000);
        string[] names = [.. File.ReadLines(SharedData.PathOf("data", "photos-1000", "labels.csv")).Skip(1).Select(line => line.Split(',')[0])];
        float[] planes = new float[3 * size * size];
        for (int i = 0; i < files.Length; i += 5)
        {
            int index = Array.IndexOf(names, files[i]);
            Assert.Equal(labels[i], data.Labels.Span[index]);
            data.Read(index, planes);
            for (int at = 0; at < planes.Length; at++)
            {
                int plane = at / (size * size);
                int colour = colors == ColorOrder.Bgr ? 2 - plane : plane;
                Assert.Equal(pixels[(i * planes.Length) + (at % (size * size) * 3) + colour], planes[at]);
            }
        }
    }
}
