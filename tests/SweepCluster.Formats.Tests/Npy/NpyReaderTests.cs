using System.IO.Compression;
using System.Text;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Tests.Npy;

// The files of Fixtures/ were written by NumPy 1.24.2: save(), save with versions 2 and 3, savez() and savez_compressed().
public sealed class NpyReaderTests
{
    [Theory]
    [InlineData("le_u1", ElementType.UInt8)]
    [InlineData("le_u2", ElementType.UInt16)]
    [InlineData("be_u2", ElementType.UInt16)]
    [InlineData("le_u4", ElementType.UInt32)]
    [InlineData("be_u4", ElementType.UInt32)]
    [InlineData("le_u8", ElementType.UInt64)]
    [InlineData("be_u8", ElementType.UInt64)]
    public void Read_UnsignedArray_GivesItsValues(string name, ElementType type)
    {
        NpyArray array = NpyReader.Read(Fixtures.PathOf("Npy", name + ".npy"));

        Assert.Equal(type, array.Type);
        Assert.Equal(new Shape(2, 3), array.Shape);
        Assert.Equal([2, 1, 0, 1, 2, 100], array.ToInt32());
        Assert.Equal([2d, 1, 0, 1, 2, 100], array.ToFloat64());
    }

    [Theory]
    [InlineData("le_i1", ElementType.Int8)]
    [InlineData("le_i2", ElementType.Int16)]
    [InlineData("be_i2", ElementType.Int16)]
    [InlineData("le_i4", ElementType.Int32)]
    [InlineData("be_i4", ElementType.Int32)]
    [InlineData("le_i8", ElementType.Int64)]
    [InlineData("be_i8", ElementType.Int64)]
    [InlineData("version2", ElementType.Int32)]
    [InlineData("version3", ElementType.Int32)]
    public void Read_SignedArray_GivesItsValues(string name, ElementType type)
    {
        NpyArray array = NpyReader.Read(Fixtures.PathOf("Npy", name + ".npy"));

        Assert.Equal(type, array.Type);
        Assert.Equal([-2, -1, 0, 1, 2, 100], array.ToInt32());
        Assert.Equal([-2f, -1, 0, 1, 2, 100], array.ToFloat32());
    }

    [Theory]
    [InlineData("le_f2", ElementType.Float16)]
    [InlineData("be_f2", ElementType.Float16)]
    [InlineData("le_f4", ElementType.Float32)]
    [InlineData("be_f4", ElementType.Float32)]
    [InlineData("le_f8", ElementType.Float64)]
    [InlineData("be_f8", ElementType.Float64)]
    public void Read_FloatArray_GivesItsValues(string name, ElementType type)
    {
        NpyArray array = NpyReader.Read(Fixtures.PathOf("Npy", name + ".npy"));

        Assert.Equal(type, array.Type);
        Assert.Equal([-1f, -0.5f, 0, 0.5f, 1, 50], array.ToFloat32());
        Assert.Equal([-1d, -0.5, 0, 0.5, 1, 50], array.ToFloat64());
    }

    [Fact]
    public void Read_BoolArray_GivesZeroAndOne()
    {
        NpyArray array = NpyReader.Read(Fixtures.PathOf("Npy", "le_b1.npy"));

        Assert.Equal(ElementType.Bool, array.Type);
        Assert.Equal([1, 1, 0, 1, 1, 1], array.ToInt32());
    }

    [Fact]
    public void Read_ScalarAndEmpty_KeepTheirShapes()
    {
        NpyArray scalar = NpyReader.Read(Fixtures.PathOf("Npy", "scalar.npy"));
        NpyArray empty = NpyReader.Read(Fixtures.PathOf("Npy", "empty.npy"));

        Assert.Equal(Shape.Scalar, scalar.Shape);
        Assert.Equal([2.5f], scalar.ToFloat32());
        Assert.Equal(new Shape(0, 3), empty.Shape);
        Assert.Empty(empty.ToFloat32());
    }

    [Theory]
    [InlineData("text.npy")]
    [InlineData("text_be.npy")]
    public void ToStrings_UnicodeArray_DropsThePadding(string name)
    {
        Assert.Equal(["cat.png", "Übung 😀", ""], NpyReader.Read(Fixtures.PathOf("Npy", name)).ToStrings());
    }

    [Theory]
    [InlineData("fortran.npy", ", fortran_order: found an array in Fortran order, expected C order (save numpy.ascontiguousarray of it).")]
    [InlineData("complex.npy", ", descr: found the element type '<c16', expected u1, i1, b1, u2, i2, f2, u4, i4, f4, u8, i8, f8 or U.")]
    [InlineData("object.npy", ", descr: found the element type '|O', expected u1, i1, b1, u2, i2, f2, u4, i4, f4, u8, i8, f8 or U.")]
    [InlineData("struct.npy", ", header, character 10: found '[', expected a plain element type in quotes.")]
    [InlineData("missing.npy", ": no such file.")]
    public void Read_UnsupportedFile_SaysWhy(string name, string message)
    {
        string path = Fixtures.PathOf("Npy", name);

        BadInputException error = Assert.Throws<BadInputException>(() => NpyReader.Read(path));

        Assert.Equal(path + message, error.Message);
    }

    [Theory]
    [InlineData(0, "a.npy, byte 0: found an empty file, expected an npy file, which begins with 934E554D5059.")]
    [InlineData(5, "a.npy, byte 0: found the bytes 934E554D50, expected an npy file, which begins with 934E554D5059.")]
    [InlineData(9, "a.npy, header: found the end of the file after 1 bytes, expected 2 bytes.")]
    [InlineData(60, "a.npy, header: found the end of the file after 50 bytes, expected 118 bytes.")]
    [InlineData(151, "a.npy, elements: found 23 bytes, expected 24 for int32 [2, 3].")]
    public void Read_TruncatedFile_SaysWhereItEnds(int length, string message)
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.PathOf("Npy", "le_i4.npy"));

        using MemoryStream stream = new(bytes, 0, length);
        Assert.Equal(message, Assert.Throws<BadInputException>(() => NpyReader.Read(stream, "a.npy")).Message);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1000000000), }", "a.npy, shape: found (3, 1000000000) of 4-byte elements, expected at most 2147483591 bytes.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }", "a.npy, elements: found 0 bytes, expected 2000000000 for float32 [500000000].")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "a.npy, header, character 51: found '-', expected an extent of 0 or more.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "a.npy, header, character 40: found the end of the dictionary, expected the keys descr, fortran_order and shape.")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", "a.npy, header, character 34: found '0', expected True or False.")]
    [InlineData("{'name': 3}", "a.npy, header, character 8: found the key 'name', expected descr, fortran_order or shape.")]
    [InlineData("", "a.npy, header, character 0: found the end of the header, expected '{'.")]
    public void Read_BrokenHeader_SaysWhatWasExpected(string header, string message)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);

        using MemoryStream stream = new([0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text]);
        Assert.Equal(message, Assert.Throws<BadInputException>(() => NpyReader.Read(stream, "a.npy")).Message);
    }

    [Fact]
    public void Read_HeaderWithKeysInAnotherOrder_IsAccepted()
    {
        byte[] text = "{\"shape\":(2L,),\"fortran_order\":False,\"descr\":\"<u2\"}"u8.ToArray();

        using MemoryStream stream = new([0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, 5, 0, 1, 1]);
        Assert.Equal([5, 257], NpyReader.Read(stream, "a.npy").ToInt32());
    }

    [Fact]
    public void Read_UnknownVersionAndHugeHeader_AreRefused()
    {
        using MemoryStream version = new([0x93, .. "NUMPY"u8, 4, 0, 0, 0]);
        using MemoryStream huge = new([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255]);

        Assert.Equal(
            "a.npy, byte 6: found format version 4.0, expected 1.0, 2.0 or 3.0.",
            Assert.Throws<BadInputException>(() => NpyReader.Read(version, "a.npy")).Message);
        Assert.Equal(
            "a.npy, byte 8: found a header of 4294967295 bytes, expected at most 65536.",
            Assert.Throws<BadInputException>(() => NpyReader.Read(huge, "a.npy")).Message);
    }

    [Fact]
    public void Read_FileWithBytesAfterTheArray_IsRefused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sweep-{Guid.NewGuid():n}.npy");
        try
        {
            File.WriteAllBytes(path, [.. File.ReadAllBytes(Fixtures.PathOf("Npy", "le_i4.npy")), 1, 2, 3]);

            Assert.Equal(
                $"{path}, byte 152: found 3 more bytes, expected the end of the file.",
                Assert.Throws<BadInputException>(() => NpyReader.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Read_StreamWithoutLength_GrowsWithWhatArrives()
    {
        byte[] values = new byte[3_000_001]; // not a multiple of the first chunk
        values[^1] = 77;
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            NpyWriter.Write(zip, new TensorData(ElementType.UInt8, new Shape(values.Length), values));
        }

        packed.Position = 0;
        using GZipStream unzip = new(packed, CompressionMode.Decompress);
        Assert.Equal(values, NpyReader.Read(unzip, "a.npy").Bytes.ToArray());
    }
}
