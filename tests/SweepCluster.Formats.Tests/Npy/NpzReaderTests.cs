using System.IO.Compression;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Npy;

public sealed class NpzReaderTests : IDisposable
{
    private readonly string _scratch = Path.Combine(Path.GetTempPath(), $"sweep-{Guid.NewGuid():n}.npz");

    public void Dispose() => File.Delete(_scratch);

    [Theory]
    [InlineData("stored.npz", 2)]
    [InlineData("deflated.npz", 3)]
    public void Read_ArchiveThatNumPyWrote_GivesItsArrays(string name, int count)
    {
        using NpzReader reader = new(Fixtures.PathOf("Npy", name));

        Assert.Equal(count, reader.Names.Count);
        Assert.Equal(["images", "labels"], reader.Names.Take(2));
        Assert.Equal([7, 3], reader.Read("labels").ToInt32());
        NpyArray images = reader.Read("images");
        Assert.Equal(new Shape(2, 2, 2, 3), images.Shape);
        Assert.Equal(Enumerable.Range(0, 24), images.ToInt32());
    }

    [Fact]
    public void Read_QuickstartData_HasTheStatedArrays()
    {
        string path = Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz");
        using NpzReader reader = new(path);

        NpyArray labels = reader.Read("labels");

        Assert.Equal(["images", "labels"], reader.Names);
        Assert.Equal(new Shape(2000), labels.Shape);
        Assert.Equal(10, labels.ToInt32().Distinct().Count());
        Assert.Equal(new Shape(2000, 32, 32, 3), reader.Read("images").Shape);
    }

    [Fact]
    public void Read_UnknownName_ListsTheArrays()
    {
        string path = Fixtures.PathOf("Npy", "stored.npz");

        BadInputException error = Assert.Throws<BadInputException>(() => NpzReader.Read(path, "samples"));

        Assert.Equal($"{path}, directory: found the arrays images, labels, expected one named 'samples'.", error.Message);
    }

    [Fact]
    public void Open_FileThatIsNoZip_IsRefused()
    {
        string path = Fixtures.PathOf("Npy", "le_i4.npy");

        BadInputException error = Assert.Throws<BadInputException>(() => new NpzReader(path));

        Assert.Equal($"{path}, directory: found no readable zip directory, expected an npz file.", error.Message);
    }

    [Fact]
    public void Read_OneBitFlippedInAStoredArray_FailsTheChecksum()
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.PathOf("Npy", "stored.npz"));
        int at = bytes.AsSpan().IndexOf(new byte[] { 8, 9, 10, 11, 12 });
        bytes[at] ^= 1;
        File.WriteAllBytes(_scratch, bytes);

        BadInputException error = Assert.Throws<BadInputException>(() => NpzReader.Read(_scratch, "images"));

        Assert.Matches($@"^{_scratch}\(images\), checksum: found CRC-32 [0-9a-f]{{8}}, expected [0-9a-f]{{8}} as the zip directory states\.$", error.Message);
        Assert.Equal([7, 3], NpzReader.Read(_scratch, "labels").ToInt32()); // the other array is whole
    }

    [Fact]
    public void Read_DeflatedArrayOverwritten_IsRefusedInOneLine()
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.PathOf("Npy", "deflated.npz"));
        bytes.AsSpan(60, 20).Fill(0xFF); // inside the first array's compressed bytes
        File.WriteAllBytes(_scratch, bytes);

        BadInputException error = Assert.Throws<BadInputException>(() => NpzReader.Read(_scratch, "images"));

        Assert.StartsWith($"{_scratch}(images), compressed bytes: found what cannot be decompressed (", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(400)]
    public void Open_TruncatedArchive_IsRefused(int length)
    {
        File.WriteAllBytes(_scratch, File.ReadAllBytes(Fixtures.PathOf("Npy", "stored.npz"))[..length]);

        BadInputException error = Assert.Throws<BadInputException>(() => new NpzReader(_scratch));

        Assert.Equal($"{_scratch}, directory: found no readable zip directory, expected an npz file.", error.Message);
    }

    [Fact]
    public void Open_TwoArraysOfOneName_IsRefused()
    {
        using (ZipArchive zip = ZipFile.Open(_scratch, ZipArchiveMode.Create))
        {
            zip.CreateEntry("a.npy");
            zip.CreateEntry("a.npy");
        }

        BadInputException error = Assert.Throws<BadInputException>(() => new NpzReader(_scratch));

        Assert.Equal($"{_scratch}, directory: found two arrays named 'a', expected one of each name.", error.Message);
    }

    [Fact]
    public void Read_BytesAfterTheElements_IsRefused()
    {
        using (ZipArchive zip = ZipFile.Open(_scratch, ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("a.npy").Open();
            NpyWriter.Write(entry, TensorData.FromFloat32(new Shape(2), [1, 2]));
            entry.WriteByte(0);
        }

        BadInputException error = Assert.Throws<BadInputException>(() => NpzReader.Read(_scratch, "a"));

        Assert.Equal($"{_scratch}(a), elements: found more bytes after them, expected the end of the array.", error.Message);
    }
}
