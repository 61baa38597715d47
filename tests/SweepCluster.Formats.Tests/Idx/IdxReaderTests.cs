using System.IO.Compression;
using SweepCluster.Formats.Idx;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Idx;

public sealed class IdxReaderTests
{
    private static readonly byte[] s_pictures = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_Pictures_GivesThem(bool compressed)
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, s_pictures, compressed);

        NpyArray array = IdxReader.Read(path);

        Assert.True(IdxReader.Recognizes(path));
        Assert.Equal((ElementType.UInt8, new Shape(2, 1, 3)), (array.Type, array.Shape));
        Assert.Equal([1, 2, 3, 4, 5, 255], array.ToInt32());
    }

    [Fact]
    public void Read_WiderTypes_AreBigEndian()
    {
        using TemporaryFolder folder = new();

        Assert.Equal([1, -2], IdxReader.Read(Write(folder, [0, 0, 0x0B, 1, 0, 0, 0, 2, 0, 1, 0xFF, 0xFE])).ToInt32());
        Assert.Equal([1.5f], IdxReader.Read(Write(folder, [0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0])).ToFloat32());
    }

    [Theory]
    [InlineData("000008", "byte 0: found the bytes 000008, expected 0000, a type (08, 09, 0B to 0E) and 1 to 8 axes.")]
    [InlineData("00000A0100000001", "byte 0: found the bytes 00000A01, expected 0000, a type (08, 09, 0B to 0E) and 1 to 8 axes.")]
    [InlineData("0000080200000001", "extents: found the end of the file, expected 2 extents.")]
    [InlineData("00000801000000030102", "elements: found 2 bytes, expected 3 for uint8 [3].")]
    [InlineData("0000080100000001FFFF", "elements: found 2 bytes, expected 1 for uint8 [1].")]
    [InlineData("00000803FFFFFFFF0000000100000001", "extents: found 4294967295 elements on axis 0, expected at most 2147483591 bytes.")]
    [InlineData("000008037FFFFFFF7FFFFFFF7FFFFFFF", "extents: found 2147483647 elements on axis 0, expected at most 2147483591 bytes.")]
    public void Read_BrokenFile_SaysWhere(string bytes, string expected)
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, Convert.FromHexString(bytes));

        BadInputException error = Assert.Throws<BadInputException>(() => IdxReader.Read(path));

        Assert.Equal($"{path}, {expected}", error.Message);
    }

    [Fact]
    public void Read_CompressedFileThatEndsEarlyOrGoesOn_SaysWhatItHolds()
    {
        using TemporaryFolder folder = new();
        string early = Assert.Throws<BadInputException>(() => IdxReader.Read(Write(folder, s_pictures[..^1], true))).Message;
        string late = Assert.Throws<BadInputException>(() => IdxReader.Read(Write(folder, [.. s_pictures, 7], true))).Message;

        Assert.EndsWith("elements: found 5 bytes, expected 6 for uint8 [2, 1, 3].", early, StringComparison.Ordinal);
        Assert.EndsWith("elements: found more than 6 bytes, expected 6 for uint8 [2, 1, 3].", late, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognizes_OtherFiles_DoesNot()
    {
        using TemporaryFolder folder = new();

        Assert.False(IdxReader.Recognizes(folder["none"]));
        Assert.False(IdxReader.Recognizes(Write(folder, "PK\u0003\u0004"u8.ToArray())));
        Assert.False(IdxReader.Recognizes(Write(folder, [0x1F, 0x8B, 1, 2, 3])));
    }

    private static string Write(TemporaryFolder folder, byte[] bytes, bool compressed = false)
    {
        string path = folder["some-idx"];
        using FileStream file = File.Create(path);
        using Stream stream = compressed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(bytes);
        return path;
    }
}
