using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>What holds a Core ML model on disk: a package, or one file.</summary>
internal abstract class ModelContainer : IDisposable
{
    private FileBytes? _weights;

    /// <summary>The path that the model was asked for by.</summary>
    internal abstract string Path { get; }

    /// <summary>The model file.</summary>
    internal abstract string ModelPath { get; }

    /// <summary>Length of all its files; those behind symbolic links do not count.</summary>
    internal abstract long SizeBytes { get; }

    /// <summary>A weight file by the name that a program has for it, as <c>@model_path/weights/weight.bin</c>.</summary>
    /// <exception cref="BadInputException">The name leaves the container, or the file is missing or no weight file.</exception>
    internal abstract BlobFile BlobFile(string fileName, string place);

    /// <summary>Files that belong to the model beside the model file and its weight files; ordered by path.</summary>
    /// <param name="weightFiles">Names of weight files as programs have them.</param>
    /// <exception cref="BadInputException">One is missing, leaves the container, or holds a symbolic link.</exception>
    internal abstract IReadOnlyList<PackageExtra> Extras(IEnumerable<string> weightFiles);

    /// <summary>The same container with blobs in its weight files that are in no file yet.</summary>
    /// <param name="added">The blobs by the file's name in the program and by offset.</param>
    internal abstract ModelContainer With(IReadOnlyDictionary<string, Dictionary<ulong, Blob>> added);

    /// <summary>Keeps the model file, where weights of neural networks lie in it, until this is disposed of.</summary>
    internal void Keep(FileBytes? weights) => _weights = weights;

    /// <summary>Closes the files; nothing that was read from them may be used any more. Not needed: they close themselves when nothing of them is in use.</summary>
    public virtual void Dispose() => _weights?.Dispose();
}
