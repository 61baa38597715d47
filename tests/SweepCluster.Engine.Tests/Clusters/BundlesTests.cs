using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Tests.Runs;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Clusters;

public sealed class BundlesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;

    public BundlesTests()
    {
        _blobs = new FolderBlobStore(_folder["blobs"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unpack_PackageAndArchive_OpensTheSameSweep()
    {
        SweepSpec spec = SampleSweep.Spec(_folder);

        SweepSpec moved = await MoveAsync(spec);

        Assert.Equal(SweepSession.Open(spec).Record.Id, SweepSession.Open(moved).Record.Id);
        Assert.StartsWith(_folder["there"], moved.Model, StringComparison.Ordinal);
        Assert.StartsWith(_folder["there"], moved.Data!.Path, StringComparison.Ordinal);
        Assert.Equal("labels", moved.Data.Labels); // the name of an array stays
    }

    [Fact]
    public async Task Unpack_FolderOfPicturesWithLabelsBesideIt_HasThePicturesThatCountAndTheLabels()
    {
        Directory.CreateDirectory(_folder["pictures/a"]);
        await File.WriteAllTextAsync(_folder["pictures/a/1.png"], "one");
        await File.WriteAllTextAsync(_folder["pictures/2.png"], "two");
        await File.WriteAllTextAsync(_folder["pictures/unlisted.png"], "three");
        await File.WriteAllTextAsync(_folder["labels.csv"], "file,label\na/1.png,0\n2.png,1\n");
        SweepSpec spec = SampleSweep.Spec(_folder);
        spec = spec with { Data = spec.Data! with { Path = _folder["pictures"], Labels = "labels" } };

        SweepSpec moved = await MoveAsync(spec);

        Assert.Equal(["2.png", "a/1.png"], Directory.EnumerateFiles(moved.Data!.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(moved.Data.Path, file)).Order());
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(moved.Data.Path, "a", "1.png")));
        Assert.Equal("file,label\na/1.png,0\n2.png,1\n", await File.ReadAllTextAsync(moved.Data.Labels));
    }

    [Fact]
    public async Task Unpack_LabelsThatNamePicturesOutsideOfTheFolder_BringsThemInsideWithTheSameHash()
    {
        byte[] picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNg+M/A3gAABJABhzewxYwAAAAASUVORK5CYII="); // 2 x 2, grey
        foreach (string file in new[] { "pictures/a.png", "beside/b, c.png", "elsewhere/d.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            await File.WriteAllBytesAsync(_folder[file], picture);
        }

        await File.WriteAllTextAsync(
            _folder["labels.csv"],
            $"n,class,path\n1,7,../pictures/a.png\n2,8,\"../beside/b, c.png\"\n3,9,{_folder["elsewhere/d.png"]}\n4,6,{_folder["pictures/a.png"]}\n");
        SweepSpec spec = SampleSweep.Spec(_folder);
        spec = spec with { Data = spec.Data! with { Path = _folder["pictures"], Labels = "labels", FileColumn = "path", LabelColumn = "class" } };
        GraphInput input = new(new("image", ElementType.Float32, new Shape(1, 1, -1, -1)), null);
        string before = DatasetReader.Open(spec.Data!, input).Hash;

        SweepSpec moved = await MoveAsync(spec);
        Directory.Delete(_folder["pictures"], recursive: true);
        Directory.Delete(_folder["elsewhere"], recursive: true);
        Dataset there = DatasetReader.Open(moved.Data!, input);

        Assert.Equal(before, there.Hash);
        Assert.Equal([7, 8, 9, 6], there.Labels.ToArray());
        Assert.Equal(3, Directory.EnumerateFiles(moved.Data!.Path, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task Pack_FileLargerThanAPart_IsPutTogetherAgain()
    {
        byte[] content = new byte[(16 << 20) + 3];
        new Random(16).NextBytes(content);
        await File.WriteAllBytesAsync(_folder["large.npy"], content);
        SweepSpec spec = SampleSweep.Spec(_folder);
        spec = spec with { Data = spec.Data! with { Path = _folder["large.npy"], Labels = "" } };

        Assert.Equal(content, await File.ReadAllBytesAsync((await MoveAsync(spec)).Data!.Path));
    }

    [Fact]
    public async Task Unpack_FileNameThatLeadsElsewhere_IsRefused()
    {
        string content = await _blobs.PutAsync("{\"files\":[{\"path\":\"../outside\",\"parts\":[]}]}"u8.ToArray(), default);
        string request = (await Bundles.PackAsync(SampleSweep.Spec(_folder), _blobs, default)).Replace(
            await ContentOfAsync(), content, StringComparison.Ordinal);

        await Assert.ThrowsAsync<BadInputException>(() => Bundles.UnpackAsync(request, _blobs, _folder["there"], default));

        Assert.False(File.Exists(_folder["outside"]));

        async Task<string> ContentOfAsync() => System.Text.Json.JsonDocument.Parse(await Bundles.PackAsync(SampleSweep.Spec(_folder), _blobs, default))
            .RootElement.GetProperty("content").GetString()!;
    }

    private async Task<SweepSpec> MoveAsync(SweepSpec spec) =>
        await Bundles.UnpackAsync(await Bundles.PackAsync(spec, _blobs, default), _blobs, _folder["there"], default);
}
