using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Writes a model that is one file: beside the target, flushed, read back and compared, then renamed.</summary>
internal static class ModelFileWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="model">What to write.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <exception cref="BadInputException">The path exists, or nothing can be made there.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun, or what was read back differs.</exception>
    internal static void Write(Model model, string path)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(target) || Directory.Exists(target))
        {
            throw new BadInputException($"{path}: found something that exists, expected a new path.");
        }

        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.writing");
        FileStream file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written ({exception.Message.TrimEnd('.')}).", exception);
        }

        try
        {
            using (file)
            {
                using (CodedOutputStream coded = new(file, leaveOpen: true) { Deterministic = true })
                {
                    model.WriteTo(coded);
                }

                file.Flush(flushToDisk: true);
            }

            Compare(model, temporary);
            File.Move(temporary, target);
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

    private static void Compare(Model model, string path)
    {
        if (new FileInfo(path).Length != model.CalculateSize() || !CoreMlDocument.Parse(path).Equals(model))
        {
            throw new IOException("what was read back differs from what was written");
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk that failed us keeps it; the first error is the one to tell.
        }
    }
}
