using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Npy;

public sealed class NpyWriterTests
{
    [Theory]
    [InlineData("le_u1")]
    [InlineData("le_b1")]
    [InlineData("le_i2")]
    [InlineData("le_f2")]
    [InlineData("le_i4")]
    [InlineData("le_f4")]
    [InlineData("le_u8")]
    [InlineData("le_f8")]
    [InlineData("scalar")]
    [InlineData("empty")]
    public void Write_ArrayThatNumPyWrote_GivesNumPysBytes(string name)
    {
        byte[] expected = File.ReadAllBytes(Fixtures.PathOf("Npy", name + ".npy"));
        using MemoryStream written = new();

        NpyWriter.Write(written, NpyReader.Read(Fixtures.PathOf("Npy", name + ".npy")).ToTensor());

        Assert.Equal(expected, written.ToArray());
    }

    [Fact]
    public void Write_TypeThatNumPyLacks_IsRefused()
    {
        TensorData packed = TensorData.FromCodes(ElementType.UInt4, new Shape(2), [1, 2]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => NpyWriter.Write(Stream.Null, packed));

        Assert.StartsWith("NumPy has no type for uint4.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FileThatFails_LeavesNothing()
    {
        using TemporaryFolder folder = new();

        Assert.Throws<ArgumentException>(() => NpyWriter.Write(folder.At("values.npy"), TensorData.FromCodes(ElementType.UInt4, new Shape(2), [1, 2])));

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_File_HoldsWhatAStreamGetsAndIsNotWrittenOver()
    {
        using TemporaryFolder folder = new();
        TensorData values = TensorData.FromFloat32(new Shape(2), [1, 2]);
        using MemoryStream expected = new();
        NpyWriter.Write(expected, values);

        NpyWriter.Write(folder.At("values.npy"), values);

        Assert.Equal(expected.ToArray(), File.ReadAllBytes(folder.At("values.npy")));
        Assert.Throws<BadInputException>(() => NpyWriter.Write(folder.At("values.npy"), values));
    }
}
