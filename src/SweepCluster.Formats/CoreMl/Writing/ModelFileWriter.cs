using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;
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
    internal static void Write(Model model, string path, CancellationToken cancellationToken)
    {
        using TemporarySibling sibling = TemporarySibling.CreateFile(path);
        try
        {
            using (FileStream file = new(sibling.Path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            using (HashingStream stoppable = new(file, cancellationToken))
            {
                using (CodedOutputStream coded = new(stoppable, 1 << 16, leaveOpen: true) { Deterministic = true })
                {
                    model.WriteTo(coded);
                }

                file.Flush(flushToDisk: true);
            }

            if (new FileInfo(sibling.Path).Length != model.CalculateSize() || !ModelParser.ParseOwn(sibling.Path).Equals(model))
            {
                throw new IOException("what was read back differs from what was written");
            }

            cancellationToken.ThrowIfCancellationRequested();
            sibling.MoveToTarget();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadInputException)
        {
            throw sibling.Failed(exception);
        }
    }
}
