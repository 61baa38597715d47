using Microsoft.Win32.SafeHandles;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>A package on disk: its manifest and the weight files that its program names, each opened at most once. Small ones are read, as long as they are not too many.</summary>
internal sealed class PackageContent : ModelContainer
{
    private const string ModelFolder = "@model_path/";

    private readonly Dictionary<string, BlobFile> _blobFiles = new(StringComparer.Ordinal);
    private readonly string _dataPath;
    private long _readLimit = 64 << 20; // bytes of weight files that may still be read; the others are mapped

    /// <summary>Opens a package.</summary>
    /// <param name="path">Its folder.</param>
    /// <exception cref="BadInputException">There is no package, or its manifest is broken.</exception>
    internal PackageContent(string path)
    {
        Path = path;
        string manifestPath = System.IO.Path.Combine(path, PackageManifest.FileName);
        if (!Directory.Exists(path) || !File.Exists(manifestPath))
        {
            string found = File.Exists(path) ? "a file" : Directory.Exists(path) ? $"a folder without {PackageManifest.FileName}" : "nothing";
            throw new BadInputException($"{path}: found {found}, expected a Core ML package (a folder with {PackageManifest.FileName}).");
        }

        Manifest = PackageManifest.Read(manifestPath);
        _dataPath = PackagePath.Resolve(path, "Data", manifestPath);
        ModelPath = PackagePath.Resolve(_dataPath, Manifest.Root.Path, $"{manifestPath}, item {Manifest.Root.Identifier}");
    }

    private PackageContent(PackageContent source)
    {
        Path = source.Path;
        Manifest = source.Manifest;
        _dataPath = source._dataPath;
        ModelPath = source.ModelPath;
    }

    /// <summary>The package's folder.</summary>
    internal override string Path { get; }

    /// <summary>Its manifest.</summary>
    internal PackageManifest Manifest { get; }

    /// <summary>Its model file.</summary>
    internal override string ModelPath { get; }

    /// <summary>Length of all its files; those behind symbolic links do not count.</summary>
    internal override long SizeBytes => new DirectoryInfo(Path)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 32 })
        .Sum(file => file.Length);

    /// <summary>A weight file by the name that the program has for it, as <c>@model_path/weights/weight.bin</c>.</summary>
    /// <exception cref="BadInputException">The name leaves the package, or the file is missing or no weight file.</exception>
    internal override BlobFile BlobFile(string fileName, string place)
    {
        if (!_blobFiles.TryGetValue(fileName, out BlobFile? file))
        {
            file = Blobs.BlobFile.Open(PathOf(fileName, $"{ModelPath}, {place}"), _readLimit);
            _readLimit -= file.BytesRead;
            _blobFiles.Add(fileName, file);
        }

        return file;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (BlobFile file in _blobFiles.Values)
        {
            file.Dispose();
        }
    }

    /// <inheritdoc/>
    internal override ModelContainer With(IReadOnlyDictionary<string, Dictionary<ulong, Blob>> added)
    {
        PackageContent other = new(this);
        foreach ((string name, Dictionary<ulong, Blob> blobs) in added)
        {
            other._blobFiles.Add(name, BlobFile(name, "a value of the program").With(blobs));
        }

        return other;
    }

    /// <summary>The path of a weight file under <c>Data</c>, with forward slashes.</summary>
    internal string RelativePathOf(string fileName) => Relative(PathOf(fileName, ModelPath));

    /// <summary>Files that belong to items of the manifest, other than the model and the weight files that a program names; ordered by path.</summary>
    /// <param name="weightFiles">Names of weight files as the program has them.</param>
    /// <exception cref="BadInputException">An item is missing, leaves the package, or holds a symbolic link.</exception>
    internal override IReadOnlyList<PackageExtra> Extras(IEnumerable<string> weightFiles)
    {
        HashSet<string> known = new(weightFiles.Select(RelativePathOf), StringComparer.Ordinal) { Relative(ModelPath) };
        SortedDictionary<string, PackageExtra> extras = new(StringComparer.Ordinal);
        foreach (PackageItem item in Manifest.Items.DistinctBy(item => item.Path)) // however often an item is named, its files are looked at once
        {
            string place = $"{System.IO.Path.Combine(Path, PackageManifest.FileName)}, item {item.Identifier}";
            string root = PackagePath.Resolve(_dataPath, item.Path, place);
            if (!File.Exists(root) && !Directory.Exists(root))
            {
                throw new BadInputException($"{place}: found nothing at '{item.Path}', expected a file or folder.");
            }

            foreach (string file in File.Exists(root) ? [root] : PackageFile.FilesUnder(root))
            {
                string relative = Relative(file);
                if (!known.Contains(relative))
                {
                    using SafeFileHandle opened = PackageFile.Open(file, "a file of the package");
                    extras.TryAdd(relative, new PackageExtra(relative, file, RandomAccess.GetLength(opened)));
                }
            }
        }

        return [.. extras.Values];
    }

    // Whether the package was named by a relative or an absolute path makes no difference here.
    private string Relative(string file) => System.IO.Path.GetRelativePath(_dataPath, file).Replace('\\', '/');

    private string PathOf(string fileName, string place) => fileName.StartsWith(ModelFolder, StringComparison.Ordinal)
        ? PackagePath.Resolve(System.IO.Path.GetDirectoryName(ModelPath)!, fileName[ModelFolder.Length..], place)
        : throw new BadInputException($"{place}: found weight file '{fileName}', expected a path that starts with {ModelFolder}.");
}
