using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Files;

public sealed class FileBytesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<long> Limits => [0, long.MaxValue]; // mapped and read

    [Theory, MemberData(nameof(Limits))]
    public void Slice_OfAFile_HasItsBytes(long readLimit)
    {
        byte[] content = Drawn(300_000);
        using FileBytes file = Open(content, readLimit);

        Assert.Equal((readLimit == 0, content.Length), (file.IsMapped, (int)file.Length));
        Assert.Equal(content, file.Slice(0, content.Length).ToArray());
        Assert.Equal(content[4097..4099], file.Slice(4097, 2).ToArray());
        Assert.Equal(content[^1..], file.Slice(0, content.Length)[^1..].ToArray());
        Assert.True(file.Slice(content.Length, 0).IsEmpty);
    }

    [Theory, MemberData(nameof(Limits))]
    public void Slice_OutsideTheFile_IsRefused(long readLimit)
    {
        using FileBytes file = Open(Drawn(1000), readLimit);

        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(999, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(5, int.MaxValue));
    }

    [Fact]
    public void Unload_OfBytes_KeepsThemReadable()
    {
        byte[] content = Drawn(300_000);
        using FileBytes file = Open(content, readLimit: 0);
        ReadOnlyMemory<byte> middle = file.Slice(5000, 200_000);
        ReadOnlySpan<byte> held = middle.Span;

        FileMemory.Unload(middle[100..90_000]);
        FileMemory.Unload(new byte[10]); // any memory may be unloaded

        Assert.True(held.SequenceEqual(content.AsSpan(5000, 200_000)));
        Assert.True(FileMemory.Pieces(middle).SelectMany(piece => piece.ToArray()).SequenceEqual(content[5000..205_000]));
    }

    [Fact]
    public void Span_OfAMappedFileThatWasCutShort_IsRefusedInWords()
    {
        using FileBytes file = Open(Drawn(300_000), readLimit: 0);
        ReadOnlyMemory<byte> end = file.Slice(299_000, 1000);
        using (FileStream cut = new(_folder.At("file"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(100);
        }

        SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(60)); // the length is looked at every 50 ms

        BadInputException fault = Assert.Throws<BadInputException>(() => end.Span.Length);
        Assert.Equal($"{_folder.At("file")}: found 100 bytes, expected 300000 as when it was opened; it was changed while it was in use.", fault.Message);
    }

    [Fact]
    public void Bytes_OfASmallFile_StayWhenTheFileIsCutShort()
    {
        byte[] content = Drawn(1000);
        using FileBytes file = Open(content, long.MaxValue);

        File.WriteAllText(_folder.At("file"), "");

        Assert.Equal(content, file.Slice(0, 1000).ToArray());
    }

    [Fact]
    public void Bytes_OfADeletedFile_StayAsLongAsTheyCanBeReached()
    {
        byte[] content = Drawn(300_000);
        ReadOnlyMemory<byte> bytes = Open(content, readLimit: 0).Slice(0, content.Length);

        File.Delete(_folder.At("file"));
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(content, bytes.ToArray());
    }

    [Fact]
    public void Span_AfterTheFileWasClosed_IsRefused()
    {
        FileBytes file = Open(Drawn(300_000), readLimit: 0);
        ReadOnlyMemory<byte> bytes = file.Slice(0, 10);

        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => bytes.Span.Length);
        FileMemory.Unload(bytes);
    }

    private FileBytes Open(byte[] content, long readLimit)
    {
        File.WriteAllBytes(_folder.At("file"), content);
        return PackageFile.OpenBytes(_folder.At("file"), "a file", readLimit);
    }

    private static byte[] Drawn(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
