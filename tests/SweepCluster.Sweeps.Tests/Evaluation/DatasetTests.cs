using System.IO.Compression;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class DatasetTests : IDisposable
{
    private static readonly DataSpec s_usual = new("", "images", "labels", null, null, null, null, [], []);
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_InterleavedPictures_GivesPlanes()
    {
        // Two pictures of one row and two pixels: (1, 2, 3) (4, 5, 6) and (7, 8, 9) (10, 11, 12).
        Dataset data = Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(4, 2)), Picture(2, 1));

        Assert.Equal(2, data.Count);
        Assert.Equal(new Shape(3, 1, 2), data.SampleShape);
        Assert.Equal([1f, 4, 2, 5, 3, 6], Read(data, 0));
        Assert.Equal([7f, 10, 8, 11, 9, 12], Read(data, 1));
        Assert.True(data.HasLabels);
        Assert.Equal([4, 2], data.Labels.ToArray());
        Assert.Equal([2, 4, 2], data.LabelsOf([1, 0, 1]));
    }

    [Fact]
    public void MemoryBytes_BytesAndFloats_CountsTheCopyThatFloatsAreHeldIn()
    {
        float[] values = [.. Enumerable.Range(1, 12).Select(value => (float)value)];
        NpyArray floats = new(ElementType.Float32, new Shape(2, 1, 2, 3), TensorData.FromFloat32(new Shape(12), values).Bytes);

        Assert.Equal(12, Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(4, 2)), Picture(2, 1)).MemoryBytes);
        File.Delete(Written());
        Assert.Equal(12 * (4 + 4), Open(WriteNpz(floats, Labels(0, 1)), Picture(2, 1)).MemoryBytes);
    }

    [Fact]
    public void Open_PlanarPictures_GivesTheSamePlanes()
    {
        Dataset data = Open(WriteNpz(Bytes(new Shape(2, 3, 1, 2), 1), Labels(4, 2)), Picture(2, 1));

        Assert.Equal([1f, 2, 3, 4, 5, 6], Read(data, 0));
        Assert.Equal([5f, 6, 3, 4, 1, 2], Read(Open(s_usual with { Path = Written(), Color = "bgr" }, Picture(2, 1)), 0));
    }

    [Fact]
    public void Open_FloatsAndShortIntegers_GiveTheSameAsBytes()
    {
        float[] values = [.. Enumerable.Range(1, 12).Select(value => (float)value)];
        NpyArray floats = new(ElementType.Float32, new Shape(2, 1, 2, 3), TensorData.FromFloat32(new Shape(12), values).Bytes);
        Dataset data = Open(WriteNpz(floats, Labels(0, 1)), Picture(2, 1, ColorOrder.Bgr));

        Assert.Equal([9f, 12, 8, 11, 7, 10], Read(data, 1));
    }

    [Fact]
    public void Open_ScaleAndBias_ApplyToTheModelsPlanes()
    {
        string path = WriteNpz(Bytes(new Shape(1, 1, 2, 3), 1), Labels(0));
        DataSpec spec = s_usual with { Path = path, Color = "bgr", Scale = [0.5, 1, 2], Bias = [-104, -117, -123] };

        Dataset data = Open(spec, Picture(2, 1));

        // Planes blue (3, 6), green (2, 5), red (1, 4).
        Assert.Equal([(3 * 0.5f) - 104, (6 * 0.5f) - 104, 2f - 117, 5f - 117, 2f - 123, 8f - 123], Read(data, 0));
    }

    [Fact]
    public void Open_ColourForAGreyModel_GivesLuma()
    {
        NpyArray array = new(ElementType.UInt8, new Shape(1, 1, 4, 3), new byte[] { 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255 });
        Dataset data = Open(WriteNpz(array, Labels(0)), Picture(4, 1, ColorOrder.Grayscale));

        Assert.Equal(new Shape(1, 1, 4), data.SampleShape);
        Assert.Equal([76f, 150, 29, 255], Read(data, 0)); // 0.299 * 255 = 76.2, 0.587 * 255 = 149.7, 0.114 * 255 = 29.1
    }

    [Fact]
    public void Open_GreyForAColourModel_RepeatsThePlane()
    {
        Dataset data = Open(WriteNpz(Bytes(new Shape(1, 1, 2), 8), Labels(0)), Picture(2, 1));

        Assert.Equal([8f, 9, 8, 9, 8, 9], Read(data, 0));
    }

    [Fact]
    public void Open_PicturesOfAnotherSize_AreResized()
    {
        NpyArray array = new(ElementType.UInt8, new Shape(1, 1, 4, 1), new byte[] { 0, 70, 140, 210 });
        Dataset data = Open(WriteNpz(array, Labels(0)), Picture(2, 1, ColorOrder.Grayscale));

        Assert.Equal([50f, 160], Read(data, 0)); // worked out at the resizer's tests
    }

    [Fact]
    public void Open_TensorThatIsNoPicture_IsTakenAsItIs()
    {
        GraphInput input = new(new("x", ElementType.Float32, new Shape(1, 4)), null);
        Dataset data = Open(s_usual with { Path = WriteNpz(Bytes(new Shape(2, 2, 2), 1), Labels(0, 0)), Scale = [2], Bias = [1] }, input);

        Assert.Equal(new Shape(2, 2), data.SampleShape);
        Assert.Equal([11f, 13, 15, 17], Read(data, 1));
    }

    [Fact]
    public void Open_NpyWithLabelsBeside_ReadsBoth()
    {
        string samples = Path.Combine(_folder, "samples.npy");
        using (FileStream stream = File.Create(samples))
        {
            NpyWriter.Write(stream, Bytes(new Shape(2, 1, 2, 3), 1).ToTensor());
        }

        using (FileStream stream = File.Create(Path.Combine(_folder, "labels.npy")))
        {
            NpyWriter.Write(stream, Labels(3, 1).ToTensor());
        }

        Dataset beside = Open(samples, Picture(2, 1));
        Dataset none = Open(s_usual with { Path = samples, Labels = "" }, Picture(2, 1));

        Assert.Equal([3, 1], beside.Labels.ToArray());
        Assert.Equal([7f, 10, 8, 11, 9, 12], Read(beside, 1));
        Assert.False(none.HasLabels);
        Assert.Empty(none.LabelsOf([0, 1]));
        Assert.NotEqual(beside.Hash, none.Hash);
        Assert.Equal(beside.Hash, Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(3, 1)), Picture(2, 1)).Hash);
    }

    [Fact]
    public void Hash_OtherPathSameContent_IsTheSame_OtherContentIsNot()
    {
        string first = Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(3, 1), "a.npz"), Picture(2, 1)).Hash;
        string second = Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(3, 1), "b.npz"), Picture(2, 1)).Hash;
        string otherLabel = Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(3, 2), "c.npz"), Picture(2, 1)).Hash;
        string otherPixels = Open(WriteNpz(Bytes(new Shape(2, 1, 2, 3), 2), Labels(3, 1), "d.npz"), Picture(2, 1)).Hash;

        Assert.Equal(64, first.Length);
        Assert.Equal(first, second);
        Assert.NotEqual(first, otherLabel);
        Assert.NotEqual(first, otherPixels);
    }

    [Fact]
    public void Open_LabelsOfAnotherCount_SaysBothCounts()
    {
        string path = WriteNpz(Bytes(new Shape(3, 1, 2, 3), 1), Labels(3, 1));

        Assert.Equal(
            $"{path}(labels): found 2 labels and 3 samples, expected one label for each sample.",
            Assert.Throws<BadInputException>(() => Open(path, Picture(2, 1))).Message);
    }

    [Fact]
    public void CheckLabels_LabelThatIsNoClass_NamesTheSample()
    {
        string path = WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(3, 10));
        Dataset data = Open(path, Picture(2, 1));

        data.CheckLabels(11);
        Assert.Equal(
            $"{path}(labels), sample 1: found the label 10, expected 0 to 9, the classes of the model.",
            Assert.Throws<BadInputException>(() => data.CheckLabels(10)).Message);
    }

    [Fact]
    public void Open_LabelsThatAreNoIntegers_AreRefused()
    {
        string path = WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), new(ElementType.Float32, new Shape(2), new byte[8]));

        Assert.Equal(
            $"{path}(labels): found float32 [2], expected integers [samples].",
            Assert.Throws<BadInputException>(() => Open(path, Picture(2, 1))).Message);
    }

    [Fact]
    public void Open_ShapeThatIsNoPicture_NamesBothLayouts()
    {
        string path = WriteNpz(Bytes(new Shape(2, 2, 5, 4), 1), Labels(3, 1));

        Assert.Equal(
            $"{path}(images): found [2, 2, 5, 4], expected pictures [N, H, W, 1 or 3] or [N, 1 or 3, H, W].",
            Assert.Throws<BadInputException>(() => Open(path, Picture(2, 1))).Message);
    }

    [Fact]
    public void Open_FloatsOfAnotherSize_AreNotResized()
    {
        NpyArray floats = new(ElementType.Float32, new Shape(1, 1, 2, 3), new byte[24]);
        string path = WriteNpz(floats, Labels(3));

        Assert.Equal(
            $"{path}(images): found float32 pictures of 2 x 1 x 3, expected 4 x 4 x 3 (only uint8 pictures are resized or change their number of colours).",
            Assert.Throws<BadInputException>(() => Open(path, Picture(4, 4))).Message);
    }

    [Fact]
    public void Open_VectorsOfAnotherLength_NameTheInput()
    {
        GraphInput input = new(new("x", ElementType.Float32, new Shape(1, 5)), null);
        string path = WriteNpz(Bytes(new Shape(2, 4), 1), Labels(0, 0));

        Assert.Equal(
            $"{path}: found samples [4], expected [5] as the model's input 'x' declares.",
            Assert.Throws<BadInputException>(() => Open(path, input)).Message);
    }

    [Theory]
    [InlineData("grey", null, 0, "data, color: found 'grey', expected rgb, bgr or grayscale.")]
    [InlineData(null, "hwc", 0, "data, layout: found 'hwc', expected nhwc or nchw.")]
    [InlineData(null, null, 2, "data, scale: found 1, 1, expected 1 or 3 finite numbers.")]
    public void Open_SpecThatMakesNoSense_NamesTheKey(string? color, string? layout, int scales, string message)
    {
        DataSpec spec = s_usual with
        {
            Path = WriteNpz(Bytes(new Shape(2, 1, 2, 3), 1), Labels(3, 1)),
            Color = color,
            Layout = layout,
            Scale = [.. Enumerable.Repeat(1d, scales)],
        };

        Assert.Equal(message, Assert.Throws<BadInputException>(() => Open(spec, Picture(2, 1))).Message);
    }

    [Fact]
    public void Open_PathThatIsNoData_SaysSo()
    {
        string text = Path.Combine(_folder, "a.txt");
        File.WriteAllText(text, "");

        Assert.Equal($"{text}: found a file of another kind, expected a .npz, a .npy, an idx file or a folder of pictures.", Assert.Throws<BadInputException>(() => Open(text, Picture(2, 1))).Message);
        Assert.Equal($"{text}x: no such file or folder.", Assert.Throws<BadInputException>(() => Open(text + "x", Picture(2, 1))).Message);
    }

    private static GraphInput Picture(int width, int height, ColorOrder colors = ColorOrder.Rgb) =>
        new(new("image", ElementType.Float32, new Shape(1, colors == ColorOrder.Grayscale ? 1 : 3, height, width)), new(width, height, colors));

    private static NpyArray Bytes(Shape shape, int first) =>
        new(ElementType.UInt8, shape, Enumerable.Range(first, (int)shape.ElementCount).Select(value => (byte)value).ToArray());

    private static NpyArray Labels(params byte[] labels) => new(ElementType.UInt8, new Shape(labels.Length), labels);

    private static Dataset Open(string path, GraphInput input) => Open(s_usual with { Path = path }, input);

    private static Dataset Open(DataSpec spec, GraphInput input) => DatasetReader.Open(spec, input);

    private static float[] Read(Dataset data, int index)
    {
        float[] values = new float[data.SampleShape.ElementCount];
        data.Read(index, values);
        return values;
    }

    private string Written() => Path.Combine(_folder, "data.npz");

    private string WriteNpz(NpyArray images, NpyArray labels, string name = "data.npz")
    {
        string path = Path.Combine(_folder, name);
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string array, NpyArray content) in new[] { ("images.npy", images), ("labels.npy", labels) })
        {
            using Stream entry = zip.CreateEntry(array).Open();
            NpyWriter.Write(entry, content.ToTensor());
        }

        return path;
    }
}
