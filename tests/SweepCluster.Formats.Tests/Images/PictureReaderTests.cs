using SweepCluster.Formats.Images;
using SweepCluster.Formats.Npy;
using SweepCluster.Formats.Tests.Npy;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Tests.Images;

// The .jpg files and rgb.png were written by Pillow 9.4, and the .npy files hold what Pillow decodes them to;
// the small .png files were put together byte by byte, and their pixels stand here.
public sealed class PictureReaderTests
{
    private const int AfterHeader = 33; // signature 8, then the header chunk: length 4, type 4, content 13, checksum 4

    [Theory]
    [InlineData("rgb.png", "rgb.npy")]
    [InlineData("rgb444.jpg", "rgb444.npy")]
    [InlineData("rgb420.jpg", "rgb420.npy")]
    [InlineData("progressive.jpg", "progressive.npy")]
    [InlineData("grey.jpg", "greyjpg.npy")]
    public void Read_PictureThatPillowWrote_GivesPillowsPixels(string name, string expectedName)
    {
        NpyArray expected = NpyReader.Read(Fixtures.PathOf("Images", expectedName));

        Picture picture = PictureReader.Read(Fixtures.PathOf("Images", name));

        Assert.Equal((13, 9, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(expected.Bytes.ToArray(), picture.Pixels.ToArray());
    }

    [Theory]
    [InlineData("grey.png", 2, 2, new byte[] { 0, 0, 0, 255, 255, 255, 7, 7, 7, 128, 128, 128 })]
    [InlineData("rgba.png", 2, 1, new byte[] { 10, 20, 30, 40, 50, 60 })]
    [InlineData("greyalpha.png", 2, 1, new byte[] { 10, 10, 10, 40, 40, 40 })]
    [InlineData("palette4.png", 3, 1, new byte[] { 255, 0, 0, 0, 255, 0, 1, 2, 3 })]
    [InlineData("bits1.png", 3, 1, new byte[] { 255, 255, 255, 0, 0, 0, 255, 255, 255 })]
    [InlineData("gamma.png", 4, 1, new byte[] { 10, 10, 10, 64, 64, 64, 128, 128, 128, 200, 200, 200 })] // states gamma 1.0
    public void Read_Png_GivesItsPixels(string name, int width, int height, byte[] pixels)
    {
        Picture picture = PictureReader.Read(Fixtures.PathOf("Images", name));

        Assert.Equal((width, height, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(pixels, picture.Pixels.ToArray());
    }

    // What a file says of its colours, its background and its transparency does not touch the stored samples.
    [Theory]
    [InlineData("grey.png", "gAMA", "00 00 D9 04")] // 1 / 1.8
    [InlineData("grey.png", "gAMA", "00 01 86 A0", "cHRM", "00007A26 00008084 0000FA00 000080E8 00007530 0000EA60 00003A98 00001770")]
    [InlineData("grey.png", "sRGB", "00")]
    [InlineData("grey.png", "cICP", "01 08 00 01")] // linear
    [InlineData("rgb.png", "gAMA", "00 01 86 A0")]
    [InlineData("rgb.png", "tRNS", "0000 0000 0000")]
    [InlineData("rgba.png", "bKGD", "00FF 00FF 00FF")]
    [InlineData("rgba.png", "gAMA", "00 00 D9 04")]
    public void Decode_PngWithWordsOnItsColours_GivesTheStoredSamples(string name, params string[] chunks)
    {
        byte[] plain = File.ReadAllBytes(Fixtures.PathOf("Images", name));
        List<byte> told = [.. plain[..AfterHeader]];
        for (int i = 0; i < chunks.Length; i += 2)
        {
            told.AddRange(Chunk(chunks[i], Convert.FromHexString(chunks[i + 1].Replace(" ", "", StringComparison.Ordinal))));
        }

        told.AddRange(plain[AfterHeader..]);

        Assert.Equal(PictureReader.Decode(plain, "a").Pixels.ToArray(), PictureReader.Decode(told.ToArray(), "b").Pixels.ToArray());
    }

    [Theory]
    [InlineData("sixteen.png", ": found 16 bits a channel, expected at most 8.")]
    [InlineData("rgb.npy", ": found the bytes 934E554D50590100 at the start, expected a JPEG or PNG picture.")]
    [InlineData("missing.png", ": no such file.")]
    public void Read_UnsupportedFile_SaysWhy(string name, string message)
    {
        string path = Fixtures.PathOf("Images", name);

        Assert.Equal(path + message, Assert.Throws<BadInputException>(() => PictureReader.Read(path)).Message);
    }

    [Theory]
    [InlineData("rgb444.jpg", 250, "a.jpg: found a JPEG picture that cannot be decoded (", "), expected a whole one in RGB or grey.")]
    [InlineData("rgb444.jpg", 3, "a.jpg: found 0 x 0 pixels", "expected at least 1 x 1 and at most 100000000 in all.")]
    [InlineData("cmyk.jpg", int.MaxValue, "a.jpg: found a JPEG picture that cannot be decoded (", "), expected a whole one in RGB or grey.")]
    [InlineData("rgb.png", 60, "a.jpg: found a PNG picture that cannot be decoded (", "), expected a whole one.")]
    [InlineData("rgb.png", 20, "a.jpg: found a PNG picture that cannot be decoded (", "), expected a whole one.")]
    [InlineData("rgb.png", 8, "a.jpg: found a PNG picture that cannot be decoded (", "), expected a whole one.")]
    public void Decode_TruncatedOrForeign_SaysSoInOneLine(string name, int length, string start, string end)
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.PathOf("Images", name));

        BadInputException error = Assert.Throws<BadInputException>(() => PictureReader.Decode(bytes.AsSpan(0, Math.Min(length, bytes.Length)), "a.jpg"));

        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(end, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Decode_EveryTruncation_IsRefusedAndNeverCrashes()
    {
        foreach (string name in new[] { "rgb444.jpg", "progressive.jpg", "rgb.png", "palette4.png" })
        {
            byte[] bytes = File.ReadAllBytes(Fixtures.PathOf("Images", name));
            int endMark = name.EndsWith("png", StringComparison.Ordinal) ? 12 : 2; // what follows the picture itself may be missing unnoticed
            for (int length = 0; length < bytes.Length - endMark - 1; length++)
            {
                Assert.Throws<BadInputException>(() => PictureReader.Decode(bytes.AsSpan(0, length), "a"));
            }
        }
    }

    [Theory]
    [InlineData("rgb444.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("rgb.png")]
    [InlineData("palette4.png")]
    public void Decode_AnyByteChanged_GivesAPictureOrOneLine(string name)
    {
        byte[] whole = File.ReadAllBytes(Fixtures.PathOf("Images", name));
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte change in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] changed = [.. whole];
                changed[at] ^= change;
                try
                {
                    Assert.Equal(3, PictureReader.Decode(changed, "a").Channels);
                }
                catch (BadInputException error)
                {
                    refused++;
                    Assert.StartsWith("a: found ", error.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', error.Message);
                }
            }
        }

        Assert.InRange(refused, 10, 3 * whole.Length);
    }

    [Fact]
    public void Decode_HugeStatedExtents_AreRefusedBeforeAllocation()
    {
        byte[] png = File.ReadAllBytes(Fixtures.PathOf("Images", "grey.png"));
        new byte[] { 0, 0x0F, 0x42, 0x40, 0, 0x0F, 0x42, 0x40 }.CopyTo(png, 16); // 1,000,000 x 1,000,000
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));

        BadInputException error = Assert.Throws<BadInputException>(() => PictureReader.Decode(png, "a.png"));

        Assert.Equal("a.png: found 1000000 x 1000000 pixels, expected at least 1 x 1 and at most 100000000 in all.", error.Message);
    }

    [Fact]
    public void Load_NameThatNoSystemHas_IsReportedWithWhatToInstall()
    {
        nint library = NativeLibraries.Load("libsweep-no-such-library.so.0");

        BadInputException error = Assert.Throws<BadInputException>(() => NativeLibraries.Require(library, "cat.jpg", "JPEG", "libturbojpeg0", "jpeg-turbo"));

        Assert.Equal(
            "cat.jpg: the library that decodes JPEG pictures is not installed. Install it: 'apt-get install libturbojpeg0' (Debian, Ubuntu) or 'brew install jpeg-turbo' (macOS).",
            error.Message);
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Crc32(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
