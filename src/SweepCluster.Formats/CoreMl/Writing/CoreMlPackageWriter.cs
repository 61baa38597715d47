using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Writes a planned package: into a folder beside the target, flushed, read back and compared, then renamed.</summary>
internal static class CoreMlPackageWriter
{
    /// <summary>Writes a package.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <exception cref="BadInputException">The path exists, or nothing can be made there.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun, or what was read back differs.</exception>
    internal static void Write(WritePlan plan, string path)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(target) || Directory.Exists(target))
        {
            throw new BadInputException($"{path}: found something that exists, expected a new path.");
        }

        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.writing");
        try
        {
            Directory.CreateDirectory(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written ({exception.Message.TrimEnd('.')}).", exception);
        }

        try
        {
            WriteFiles(plan, temporary);
            Compare(plan, temporary);
            Directory.Move(temporary, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadInputException)
        {
            Remove(temporary);
            throw new WriteFailedException($"{path}: writing failed ({exception.Message.TrimEnd('.')}).", exception);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void WriteFiles(WritePlan plan, string folder)
    {
        string data = Path.Combine(folder, "Data");
        SortedDictionary<string, byte[]> hashes = new(StringComparer.Ordinal)
        {
            [plan.ModelPath] = WriteFile(Path.Combine(data, plan.ModelPath), stream =>
            {
                using CodedOutputStream coded = new(stream, leaveOpen: true) { Deterministic = true };
                plan.Model.WriteTo(coded);
            }),
        };
        foreach (PlannedWeightFile file in plan.WeightFiles)
        {
            hashes.Add(file.RelativePath, WriteFile(Path.Combine(data, file.RelativePath), file.Layout.WriteTo));
        }

        foreach (PackageExtra extra in plan.Extras)
        {
            hashes.Add(extra.RelativePath, WriteFile(Path.Combine(data, extra.RelativePath), stream =>
            {
                using FileStream source = File.OpenRead(extra.Path);
                source.CopyTo(stream);
            }));
        }

        byte[] manifest = Identified(plan.Manifest, hashes).ToBytes();
        WriteFile(Path.Combine(folder, PackageManifest.FileName), stream => stream.Write(manifest));
        foreach (PackageItem item in plan.Manifest.Items.Where(item => !hashes.ContainsKey(item.Path)))
        {
            Directory.CreateDirectory(Path.Combine(data, item.Path));
        }
    }

    private static byte[] WriteFile(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using SHA256 hash = SHA256.Create();
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        using (CryptoStream hashing = new(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(hashing);
        }

        file.Flush(flushToDisk: true);
        return hash.Hash!;
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

    // What was written is read as any package is, and must hold the planned program and the planned weights.
    private static void Compare(WritePlan plan, string folder)
    {
        CoreMlOrigin written = (CoreMlOrigin)CoreMlReader.Read(folder).Origin!;
        bool same = written.Document.Model.Equals(plan.Model) && PackageFile.FilesUnder(folder).Sum(file => new FileInfo(file).Length) == plan.SizeBytes;
        foreach (PlannedWeightFile planned in plan.WeightFiles)
        {
            BlobFile file = written.Document.Container.BlobFile(planned.Name, "reading back");
            same &= planned.Layout.Blobs.All(blob =>
            {
                Blob read = file.Read((ulong)blob.Offset, "reading back");
                return read.Type == blob.Blob.Type && read.PaddingBits == blob.Blob.PaddingBits && read.Data.Span.SequenceEqual(blob.Blob.Data.Span);
            });
        }

        if (!same)
        {
            throw new IOException("what was read back differs from what was written");
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was never made, or the disk that failed us keeps it; the first error is the one to tell.
        }
    }
}
