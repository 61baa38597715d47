using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Takes a sweep's model and data to other machines, as blobs; given plans stand in the spec itself.</summary>
internal static class Bundles
{
    private const int PartBytes = 16 << 20;
    private const int AtOnce = 4;
    private const string ModelRoot = "model", DataRoot = "data", LabelsRoot = "labels";

    /// <summary>Stores the files that a spec names.</summary>
    /// <returns>The request that another machine opens.</returns>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    internal static async Task<string> PackAsync(SweepSpec spec, IBlobStore blobs, CancellationToken cancellationToken)
    {
        SortedDictionary<string, Func<Stream>> files = new(StringComparer.Ordinal);
        SweepSpec moved = Collect(spec, files);
        ImmutableArray<BundleFile> packed = await PackAsync(spec.Name, files, blobs.PutAsync, cancellationToken);
        string content = await blobs.PutAsync(JsonSerializer.SerializeToUtf8Bytes(new BundleContent(packed), EngineJson.Default.BundleContent), cancellationToken);
        return JsonSerializer.Serialize(new SweepBundle(moved, content) { Trace = SweepTrace.Current }, EngineJson.Default.SweepBundle);
    }

    /// <summary>Cuts files into parts of 16 MiB at most and hands each to somebody who stores it, several at once.</summary>
    /// <param name="name">What messages call the sweep.</param>
    /// <param name="files">The files, by their paths in the bundle.</param>
    /// <param name="put">Stores a part and gives its SHA-256; the memory is used again afterwards.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    internal static async Task<ImmutableArray<BundleFile>> PackAsync(
        string name, SortedDictionary<string, Func<Stream>> files, Func<ReadOnlyMemory<byte>, CancellationToken, Task<string>> put, CancellationToken cancellationToken)
    {
        BundleFile[] packed = new BundleFile[files.Count];
        try
        {
            await Parallel.ForEachAsync(
                files.Select((file, index) => (file.Key, file.Value, Index: index)),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (file, token) => packed[file.Index] = await PackAsync(file.Key, file.Value, put, token));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{name}: cannot be sent to the store ({error.Message.TrimEnd('.')}).", error);
        }

        return [.. packed];
    }

    /// <summary>The spec of a request; its paths start from the bundle's root.</summary>
    /// <exception cref="BadInputException">The request is none of this version.</exception>
    internal static SweepSpec SpecOf(string request) => EngineJson.Read(request, EngineJson.Default.SweepBundle).Spec;

    /// <summary>The span in which a request was handed in; null: none was recorded.</summary>
    /// <exception cref="BadInputException">The request is none of this version.</exception>
    internal static string? TraceOf(string request) => EngineJson.Read(request, EngineJson.Default.SweepBundle).Trace;

    /// <summary>Whether a path of a bundle belongs to the model.</summary>
    internal static bool IsOfModel(string path) => path.StartsWith($"{ModelRoot}/", StringComparison.Ordinal);

    /// <summary>Writes a bundle's files into an empty folder.</summary>
    /// <returns>The spec, its paths in that folder.</returns>
    /// <exception cref="BlobUnavailableException">A blob is missing or damaged.</exception>
    /// <exception cref="BadInputException">The request is none of this version.</exception>
    internal static Task<SweepSpec> UnpackAsync(string request, IBlobStore blobs, string folder, CancellationToken cancellationToken) =>
        UnpackAsync(request, blobs, folder, static _ => true, cancellationToken);

    /// <summary>Writes some of a bundle's files into an empty folder.</summary>
    /// <param name="request">The request.</param>
    /// <param name="blobs">Where the files are.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="wants">Says of a path whether the file is wanted.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The spec, its paths in that folder.</returns>
    /// <exception cref="BlobUnavailableException">A blob is missing or damaged.</exception>
    /// <exception cref="BadInputException">The request is none of this version.</exception>
    internal static async Task<SweepSpec> UnpackAsync(string request, IBlobStore blobs, string folder, Func<string, bool> wants, CancellationToken cancellationToken)
    {
        (SweepSpec spec, ImmutableArray<BundleFile> files) = await ReadAsync(request, blobs, cancellationToken);
        await Parallel.ForEachAsync(
            files.Where(file => wants(file.Path)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            (file, token) => UnpackAsync(file, blobs, folder, token));
        return Place(spec, folder);
    }

    /// <summary>Bytes of the files that a spec names.</summary>
    /// <exception cref="BadInputException">The labels file of a folder of pictures cannot be read.</exception>
    internal static long SizeOf(SweepSpec spec)
    {
        SortedDictionary<string, Func<Stream>> files = new(StringComparer.Ordinal);
        Collect(spec, files);
        return SizeOf(files);
    }

    /// <summary>Bytes of files.</summary>
    internal static long SizeOf(SortedDictionary<string, Func<Stream>> files) => files.Values.Sum(open =>
    {
        using Stream file = open();
        return file.Length;
    });

    /// <summary>The blobs that a request refers to.</summary>
    /// <exception cref="BlobUnavailableException">The list of files is missing or damaged.</exception>
    internal static async Task<IReadOnlyList<string>> BlobsOfAsync(string request, IBlobStore blobs, CancellationToken cancellationToken)
    {
        SweepBundle bundle = EngineJson.Read(request, EngineJson.Default.SweepBundle);
        return [bundle.Content, .. (await ReadContentAsync(bundle, blobs, cancellationToken)).Files.SelectMany(file => file.Parts)];
    }

    /// <summary>The files of a request, and its spec, whose paths start from the bundle's root.</summary>
    /// <exception cref="BlobUnavailableException">The list of files is missing or damaged.</exception>
    /// <exception cref="BadInputException">The request is none of this version.</exception>
    internal static async Task<(SweepSpec Spec, ImmutableArray<BundleFile> Files)> ReadAsync(string request, IBlobStore blobs, CancellationToken cancellationToken)
    {
        SweepBundle bundle = EngineJson.Read(request, EngineJson.Default.SweepBundle);
        return (bundle.Spec, (await ReadContentAsync(bundle, blobs, cancellationToken)).Files);
    }

    private static async Task<BundleContent> ReadContentAsync(SweepBundle bundle, IBlobStore blobs, CancellationToken cancellationToken) => EngineJson.Read(
        Encoding.UTF8.GetString((await blobs.GetAsync(bundle.Content, cancellationToken)).Span), EngineJson.Default.BundleContent);

    /// <summary>Finds the files that a spec names, each with its path in the bundle.</summary>
    /// <returns>The spec, its paths from the bundle's root.</returns>
    /// <exception cref="BadInputException">The labels file of a folder of pictures cannot be read.</exception>
    internal static SweepSpec Collect(SweepSpec spec, SortedDictionary<string, Func<Stream>> files)
    {
        string model = AddAll($"{ModelRoot}/{NameOf(spec.Model)}", spec.Model, files);
        DataSpec? data = spec.Data;
        if (data is not null)
        {
            DataFiles found = DatasetReader.Locate(data);
            string root = $"{DataRoot}/{NameOf(data.Path)}";
            foreach ((string name, string path) in found.Pictures)
            {
                files[$"{root}/{name}"] = () => File.OpenRead(path);
            }

            if (found.Pictures.IsEmpty)
            {
                files[root] = () => File.OpenRead(spec.Data!.Path);
            }

            data = data with { Path = root };
            if (found.Labels is { } labels)
            {
                data = data with { Labels = $"{LabelsRoot}/{NameOf(labels)}" };
                files[data.Labels] = found.LabelsText is { } text ? () => new MemoryStream(Encoding.UTF8.GetBytes(text)) : () => File.OpenRead(labels);
            }
        }

        return spec with { Model = model, Data = data };
    }

    /// <summary>A bundle's spec with its paths in a folder. Labels that are no file of their own are the name of an array.</summary>
    internal static SweepSpec Place(SweepSpec spec, string folder) => spec with
    {
        Model = Path.Combine(folder, spec.Model),
        Data = spec.Data is not { } data ? null : data with
        {
            Path = Path.Combine(folder, data.Path),
            Labels = data.Labels.StartsWith($"{LabelsRoot}/", StringComparison.Ordinal) ? Path.Combine(folder, data.Labels) : data.Labels,
        },
    };

    private static string AddAll(string name, string path, SortedDictionary<string, Func<Stream>> files)
    {
        if (!Directory.Exists(path))
        {
            files[name] = () => File.OpenRead(path);
            return name;
        }

        foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            files[$"{name}/{Path.GetRelativePath(path, file).Replace('\\', '/')}"] = () => File.OpenRead(file);
        }

        return name;
    }

    private static async Task<BundleFile> PackAsync(string name, Func<Stream> open, Func<ReadOnlyMemory<byte>, CancellationToken, Task<string>> put, CancellationToken cancellationToken)
    {
        ImmutableArray<string>.Builder parts = ImmutableArray.CreateBuilder<string>();
        await using Stream file = open();
        byte[] buffer = new byte[Math.Min(PartBytes, file.Length)];
        for (int read; (read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            parts.Add(await put(buffer.AsMemory(0, read), cancellationToken));
        }

        return new BundleFile(name, parts.ToImmutable());
    }

    private static async ValueTask UnpackAsync(BundleFile file, IBlobStore blobs, string folder, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(Path.Combine(folder, file.Path));
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BadInputException($"stored sweep: found the file name '{file.Path}', expected one that stays in its folder.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        foreach (string part in file.Parts)
        {
            await stream.WriteAsync(await blobs.GetAsync(part, cancellationToken), cancellationToken);
        }
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
