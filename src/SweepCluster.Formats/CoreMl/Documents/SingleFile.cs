using Microsoft.Win32.SafeHandles;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>A model that is one file (<c>.mlmodel</c>): it holds its weights itself.</summary>
/// <param name="path">The file.</param>
internal sealed class SingleFile(string path) : ModelContainer
{
    private const byte VersionTag = 0x08; // field 1, a number
    private const byte DescriptionTag = 0x12; // field 2, a message
    private const int LargestVersion = 63;

    /// <summary>Whether a file starts as a model does: with its version, then its description.</summary>
    internal static bool LooksLikeModel(string path)
    {
        try
        {
            using SafeFileHandle file = PackageFile.Open(path, "a Core ML model");
            Span<byte> start = stackalloc byte[3];
            return RandomAccess.Read(file, start, 0) == start.Length && start[0] == VersionTag && start[1] is >= 1 and <= LargestVersion && start[2] == DescriptionTag;
        }
        catch (Exception exception) when (exception is IOException or BadInputException)
        {
            return false; // nothing there, or nothing to be read
        }
    }

    /// <summary>What is wrong with an ML program in one file, once constants are to go to a weight file.</summary>
    internal static string NoWeightFile(string path) => $"{path}: found an ML program in one file, expected a package, which has room for a weight file.";

    /// <inheritdoc/>
    internal override string Path => path;

    /// <inheritdoc/>
    internal override string ModelPath => path;

    /// <inheritdoc/>
    internal override long SizeBytes => 0; // the model file alone

    /// <inheritdoc/>
    internal override BlobFile BlobFile(string fileName, string place) =>
        throw new BadInputException($"{path}, {place}: found weight file '{fileName}' in a model that is one file, expected a package (.mlpackage) around it.");

    /// <inheritdoc/>
    internal override IReadOnlyList<PackageExtra> Extras(IEnumerable<string> weightFiles) => [];

    /// <inheritdoc/>
    internal override ModelContainer With(IReadOnlyDictionary<string, Dictionary<ulong, Blob>> added) =>
        added.Count == 0 ? this : throw new BadInputException(NoWeightFile(path));
}
