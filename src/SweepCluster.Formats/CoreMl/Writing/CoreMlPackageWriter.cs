using System.Collections.Immutable;
using System.Text;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Writes a planned package: into a folder beside the target, flushed, read back and compared, then renamed.</summary>
internal static class CoreMlPackageWriter
{
    /// <summary>Writes a package.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <exception cref="BadInputException">The path exists, or nothing can be made there.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun, or what was read back differs.</exception>
    internal static void Write(WritePlan plan, string path, CancellationToken cancellationToken)
    {
        using TemporarySibling sibling = TemporarySibling.CreateFolder(path);
        try
        {
            SortedDictionary<string, byte[]> hashes = WriteFiles(plan, sibling.Path, cancellationToken);
            Compare(plan, hashes, sibling.Path, cancellationToken);
            sibling.MoveToTarget();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadInputException)
        {
            throw sibling.Failed(exception);
        }
    }

    /// <summary>Writes the files, and gives the hash of each but the manifest, by its path under <c>Data</c>.</summary>
    internal static SortedDictionary<string, byte[]> WriteFiles(WritePlan plan, string folder, CancellationToken cancellationToken)
    {
        string data = Path.Combine(folder, "Data");
        SortedDictionary<string, byte[]> hashes = new(StringComparer.Ordinal)
        {
            [plan.ModelPath] = WriteFile(Path.Combine(data, plan.ModelPath), plan.Model.WriteTo, cancellationToken),
        };
        foreach (PlannedWeightFile file in plan.WeightFiles)
        {
            hashes.Add(file.RelativePath, WriteFile(Path.Combine(data, file.RelativePath), file.Layout.WriteTo, cancellationToken));
        }

        foreach (PackageExtra extra in plan.Extras)
        {
            hashes.Add(extra.RelativePath, WriteFile(Path.Combine(data, extra.RelativePath), stream =>
            {
                using FileStream source = new(PackageFile.OpenUnder(extra.Path[..^extra.RelativePath.Length], extra.RelativePath, "a file of the package"), FileAccess.Read);
                source.CopyTo(stream);
            }, cancellationToken));
        }

        byte[] manifest = Identified(plan.Manifest, hashes).ToBytes();
        WriteFile(Path.Combine(folder, PackageManifest.FileName), stream => stream.Write(manifest), cancellationToken);
        foreach (PackageItem item in plan.Manifest.Items.Where(item => !hashes.ContainsKey(item.Path)))
        {
            Directory.CreateDirectory(Path.Combine(data, item.Path));
        }

        return hashes;
    }

    private static byte[] WriteFile(string path, Action<Stream> write, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using HashingStream hashing = new(file, cancellationToken);
        write(hashing);
        file.Flush(flushToDisk: true);
        return hashing.Finish();
    }

    private static PackageManifest Identified(PackageManifest manifest, SortedDictionary<string, byte[]> hashes)
    {
        PackageItem Identify(PackageItem item)
        {
            StringBuilder content = new($"{item.Path}\n{item.Author}\n{item.Name}\n{item.Description}\n");
            foreach ((string path, byte[] hash) in hashes)
            {
                if (path == item.Path || path.StartsWith(item.Path + "/", StringComparison.Ordinal))
                {
                    content.Append(path).Append(' ').Append(Convert.ToHexStringLower(hash)).Append('\n');
                }
            }

            return item with { Identifier = PackageIdentifier.Of(Encoding.UTF8.GetBytes(content.ToString())) };
        }

        ImmutableArray<PackageItem> items = [.. manifest.Items.Select(Identify)];
        return manifest with { Items = items, Root = items.First(item => item.Path == manifest.Root.Path) };
    }

    /// <summary>Reads what was written as any package is read: it must hold the planned program, the planned weights, and files that are carried through as they passed.</summary>
    /// <exception cref="IOException">It does not.</exception>
    internal static void Compare(WritePlan plan, SortedDictionary<string, byte[]> hashes, string folder, CancellationToken cancellationToken)
    {
        CoreMlOrigin written = (CoreMlOrigin)CoreMlReader.ReadBack(folder).Origin!;
        using ModelContainer content = written.Document.Container;
        bool same = plan.Model.IsSame(written.Document.Model, cancellationToken) && PackageFile.FilesUnder(folder).Sum(file => new FileInfo(file).Length) == plan.SizeBytes;
        foreach (PlannedWeightFile planned in plan.WeightFiles)
        {
            BlobFile file = content.BlobFile(planned.Name, "reading back");
            same &= planned.Layout.Blobs.All(blob =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return IsSame(blob.Blob, file.Read((ulong)blob.Offset, "reading back"));
            });
        }

        foreach (PackageExtra extra in plan.Extras)
        {
            cancellationToken.ThrowIfCancellationRequested();
            same &= HashOf(Path.Combine(folder, "Data"), extra.RelativePath, cancellationToken).AsSpan().SequenceEqual(hashes[extra.RelativePath]);
        }

        if (!same)
        {
            throw new IOException("what was read back differs from what was written");
        }
    }

    private static byte[] HashOf(string data, string relative, CancellationToken cancellationToken)
    {
        using FileStream file = new(PackageFile.OpenUnder(data, relative, "a file of the package"), FileAccess.Read);
        using HashingStream hashing = new(Stream.Null, cancellationToken);
        file.CopyTo(hashing);
        return hashing.Finish();
    }

    private static bool IsSame(Blob planned, Blob read) =>
        read.Type == planned.Type && read.PaddingBits == planned.PaddingBits && read.Data.Length == planned.Data.Length
        && FileMemory.Pieces(read.Data).Zip(FileMemory.Pieces(planned.Data)).All(pieces => pieces.First.Span.SequenceEqual(pieces.Second.Span));
}
