using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Formats.CoreMl.Skeletons;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Writes a model that is one file: beside the target, flushed, read back and compared, then renamed.</summary>
internal static class ModelFileWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="model">What to write.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <exception cref="BadInputException">The path exists, or nothing can be made there.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun, or what was read back differs.</exception>
    internal static void Write(ModelMessage model, string path, CancellationToken cancellationToken)
    {
        using TemporarySibling sibling = TemporarySibling.CreateFile(path);
        try
        {
            using (FileStream file = new(sibling.Path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            using (HashingStream stoppable = new(file, cancellationToken))
            {
                model.WriteTo(stoppable);
                file.Flush(flushToDisk: true);
            }

            Compare(model, sibling.Path, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            sibling.MoveToTarget();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadInputException)
        {
            throw sibling.Failed(exception);
        }
    }

    // Reads what was written as any model is read.
    private static void Compare(ModelMessage model, string path, CancellationToken cancellationToken)
    {
        (Model written, FileBytes? weights) = ModelParser.ParseOwn(path);
        using (weights)
        {
            if (new FileInfo(path).Length != model.Length || !model.IsSame(written, cancellationToken))
            {
                throw new IOException("what was read back differs from what was written");
            }
        }
    }
}
