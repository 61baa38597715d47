using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class PictureFolderDatasetTests : IDisposable
{
    // 2 x 2 grey: 0, 255 / 7, 128; and 3 x 1 with a palette: (255, 0, 0) (0, 255, 0) (1, 2, 3).
    private const string GreyPng = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNg+M/A3gAABJABhzewxYwAAAAASUVORK5CYII=";
    private const string PalettePng = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABBAMAAADpzgmHAAAACVBMVEX/AAAA/wABAgOqtXsIAAAAC0lEQVR42mNgVAAAACUAIumCh+UAAAAASUVORK5CYII=";

    private readonly string _root = Directory.CreateTempSubdirectory("sweep-pictures-").FullName;
    private readonly string _folder;

    public PictureFolderDatasetTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root, "images")).FullName;
        File.WriteAllBytes(Path.Combine(_folder, "grey.png"), Convert.FromBase64String(GreyPng));
        File.WriteAllBytes(Path.Combine(_folder, "palette.png"), Convert.FromBase64String(PalettePng));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Open_FolderWithLabelsBeside_ReadsPicturesAndLabels()
    {
        WriteLabels("file,label,name\ngrey.png,3,\"a, b\"\npalette.png,-1,\"two\nlines\"\n");

        Dataset data = Open(Input(2, 2));

        Assert.Equal(2, data.Count);
        Assert.Equal([3, -1], data.Labels.ToArray());
        Assert.Equal(new Shape(3, 2, 2), data.SampleShape);
        Assert.Equal([0f, 255, 7, 128, 0, 255, 7, 128, 0, 255, 7, 128], Read(data, 0));
        Assert.Equal(Read(data, 1)[..2], Read(data, 1)[2..4]); // one row, resized to two
    }

    [Fact]
    public void Open_ColumnsByName_ReadsThose()
    {
        WriteLabels("class,n,path\r\n5,1,grey.png\r\n");

        Dataset data = Open(Input(2, 2), spec => spec with { FileColumn = "path", LabelColumn = "class", Labels = "../labels.csv" });

        Assert.Equal([5], data.Labels.ToArray());
    }

    [Fact]
    public void Read_BudgetOfNothing_GivesTheSameAsWithCache()
    {
        WriteLabels("file,label\ngrey.png,0\npalette.png,1\n");
        Dataset kept = Open(Input(5, 3)), decoded = Open(Input(5, 3), budget: 0);

        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(Read(kept, 0), Read(decoded, 0));
            Assert.Equal(Read(kept, 1), Read(decoded, 1));
        }

        File.Delete(Path.Combine(_folder, "grey.png"));
        Assert.Equal(45, Read(kept, 0).Length); // does not read the file again
        Assert.Throws<BadInputException>(() => Read(decoded, 0));
    }

    [Fact]
    public void Open_ModelThatLeavesTheSizeOpen_TakesThatOfTheFirst()
    {
        WriteLabels("file,label\npalette.png,0\ngrey.png,1\n");

        Dataset data = Open(new(new("image", ElementType.Float32, new Shape(1, 3, -1, -1)), null));

        Assert.Equal(new Shape(3, 1, 3), data.SampleShape);
        Assert.Equal([255f, 0, 1, 0, 255, 2, 0, 0, 3], Read(data, 0));
        Assert.Equal(
            $"{Path.Combine(_folder, "grey.png")}: found 2 x 2 pixels, expected 3 x 1 as in palette.png: the model states no size to resize to.",
            Assert.Throws<BadInputException>(() => Read(data, 1)).Message);
    }

    [Fact]
    public void Hash_MovedFolder_IsTheSame_ChangedPictureIsNot()
    {
        WriteLabels("file,label\ngrey.png,0\npalette.png,1\n");
        string before = Open(Input(2, 2)).Hash;
        string moved = Path.Combine(_root, "moved");
        Directory.CreateDirectory(moved);
        foreach (string file in new[] { "grey.png", "palette.png" })
        {
            File.Copy(Path.Combine(_folder, file), Path.Combine(moved, file));
        }

        string there = Open(Input(2, 2), spec => spec with { Path = moved }).Hash;
        File.WriteAllBytes(Path.Combine(moved, "grey.png"), Convert.FromBase64String(PalettePng));
        string changed = Open(Input(2, 2), spec => spec with { Path = moved }).Hash;

        Assert.Equal(before, there);
        Assert.NotEqual(before, changed);
    }

    [Theory]
    [InlineData("file,label\nno.png,1\n", "labels.csv, line 2: found the file name 'no.png', expected a file in FOLDER.")]
    [InlineData("file,label\n\ngrey.png,cat\n", "labels.csv, line 3: found the label 'cat', expected an integer.")]
    [InlineData("file,label\ngrey.png,1,2\n", "labels.csv, line 2: found 3 fields, expected 2 as in line 1.")]
    [InlineData("grey.png,1\npalette.png,2\n", "labels.csv, line 1: found '1', expected the names of the columns.")]
    [InlineData("file\ngrey.png\n", "labels.csv, line 1: found the columns file, expected one named 'label'.")]
    [InlineData("file,label\n", "labels.csv: found 1 lines, expected a header line and one line for each sample.")]
    [InlineData("file,label\n\"grey.png,1\n", "labels.csv, line 2: found a quote that nothing closes, expected '\"' at the end of the field.")]
    public void Open_LabelsFileWithAFault_NamesTheLine(string text, string message)
    {
        string path = WriteLabels(text);

        string expected = Path.Combine(Path.GetDirectoryName(path)!, message.Replace("FOLDER", _folder, StringComparison.Ordinal));
        Assert.Equal(expected, Assert.Throws<BadInputException>(() => Open(Input(2, 2))).Message);
    }

    [Fact]
    public void Open_MissingLabelsColumnOrFile_SaysSo()
    {
        string path = WriteLabels("file,label\ngrey.png,0\n");

        Assert.Equal(
            $"{path}, line 1: found the columns file, label, expected one named 'class'.",
            Assert.Throws<BadInputException>(() => Open(Input(2, 2), spec => spec with { LabelColumn = "class" })).Message);
        File.Delete(path);
        Assert.Equal(
            $"{Path.Combine(_folder, "labels.csv")}: no such file.",
            Assert.Throws<BadInputException>(() => Open(Input(2, 2))).Message);
    }

    [Fact]
    public void Open_ModelThatTakesNoPicture_IsRefused()
    {
        WriteLabels("file,label\ngrey.png,0\n");

        Assert.Equal(
            $"{_folder}: found a folder of pictures, expected an array (.npz or .npy): the model's input is no picture.",
            Assert.Throws<BadInputException>(() => Open(new(new("x", ElementType.Float32, new Shape(1, 12)), null))).Message);
    }

    [Fact]
    public void Parse_QuotesInQuotes_AreTakenApart()
    {
        List<CsvRecord> records = CsvRecord.Parse("\"a \"\"b\"\", c\",d\r\n,\"\"\n\nlast", "x.csv");

        Assert.Equal([1, 2, 4], records.Select(record => record.Line));
        Assert.Equal(["a \"b\", c", "d"], records[0].Fields);
        Assert.Equal(["", ""], records[1].Fields);
        Assert.Equal(["last"], records[2].Fields);
    }

    private static GraphInput Input(int width, int height) =>
        new(new("image", ElementType.Float32, new Shape(1, 3, height, width)), new(width, height, ColorOrder.Rgb));

    private static float[] Read(Dataset data, int index)
    {
        float[] values = new float[data.SampleShape.ElementCount];
        data.Read(index, values);
        return values;
    }

    private string WriteLabels(string text)
    {
        string path = Path.Combine(_root, "labels.csv");
        File.WriteAllText(path, text);
        return path;
    }

    private Dataset Open(GraphInput input, Func<DataSpec, DataSpec>? change = null, long budget = DatasetReader.DefaultBudgetBytes)
    {
        DataSpec spec = new(_folder, "images", "labels", null, null, null, null, [], []);
        return DatasetReader.Open(change is null ? spec : change(spec), input, budget);
    }
}
