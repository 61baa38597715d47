using System.Buffers;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Formats.CoreMl.Skeletons;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Limits;

/// <summary>Parses model files, as long as what they become in memory stays in bounds.</summary>
internal static class ModelParser
{
    private const long SpareBytes = 60L << 20; // of 64 MiB: the rest is for what stands beside the message

    private const long OperationBytes = 5000; // of a common one, as it is counted

    /// <summary>Parses a model file. Weights of neural networks stay in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelBytes">Length of all files of the model; a program without weights may take less memory than one with many.</param>
    /// <returns>The model, and what its weights lie in: null where it has none.</returns>
    /// <exception cref="BadInputException">It cannot be read, is no model, or asks for more memory than twice the model's length and 60 MiB.</exception>
    internal static (Model Model, FileBytes? Weights) Parse(string path, long modelBytes) => Parse(path, length => MostOf(modelBytes, length), modelBytes);

    /// <summary>Parses a model file that was written here a moment ago, whatever memory it takes. Weights of neural networks stay in it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>As <see cref="Parse(string, long)"/>.</returns>
    /// <exception cref="BadInputException">It cannot be read, or is no model.</exception>
    internal static (Model Model, FileBytes? Weights) ParseOwn(string path) => Parse(path, _ => long.MaxValue, 0);

    /// <summary>Says why a model that is to be written would not be parsed again; null where it would.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="modelBytes">Length of all files of the model.</param>
    internal static string? Refuses(ModelMessage model, long modelBytes)
    {
        long most = MostOf(modelBytes, model.Length);
        return model.Cost(most) <= most
            ? null
            : $"its program would take more than {most} bytes in memory, and what is read may take {Allowed(modelBytes)}";
    }

    private static long MostOf(long modelBytes, long messageBytes) => SpareBytes + (2 * Math.Max(modelBytes, messageBytes));

    private static string Allowed(long modelBytes) =>
        $"{SpareBytes >> 20} MiB and twice the {modelBytes} bytes of all files (some {SpareBytes / OperationBytes / 1000 * 1000} operations, and one more for each {OperationBytes / 2} bytes of weights)";

    private static (Model Model, FileBytes? Weights) Parse(string path, Func<long, long> mostOf, long modelBytes)
    {
        FileBytes file = PackageFile.OpenMessage(path, "a Core ML model");
        Model? model = null;
        try
        {
            ReadOnlyMemory<byte> bytes = file.Slice(0, (int)file.Length);
            if (bytes.IsEmpty)
            {
                throw new BadInputException($"{path}: found an empty file, expected a Core ML model.");
            }

            long most = mostOf(bytes.Length);
            model = ParseSkeleton(file, bytes.Span, most);
            if (model is not null)
            {
                FileMemory.Unload(bytes);
                return (model, file);
            }

            // No weights, or no message: then it is the protobuf library that says what is wrong with it.
            return MessageCost.Of(bytes.Span, Model.Descriptor, most) <= most
                ? (Model.Parser.ParseFrom(new ReadOnlySequence<byte>(bytes)), null)
                : throw new BadInputException($"{path}: found {bytes.Length} bytes that would take more than {most} in memory, expected at most {Allowed(modelBytes)}.");
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new BadInputException($"{path}: found bytes that are no protobuf message ({exception.Message.TrimEnd('.')}), expected a Core ML model.", exception);
        }
        catch (IndexOutOfRangeException exception)
        {
            // How the protobuf library says so of a message whose length and place together are beyond 2 GB.
            throw new BadInputException($"{path}: found bytes that are no protobuf message (a length reaches behind their end), expected a Core ML model.", exception);
        }
        finally
        {
            if (model is null)
            {
                file.Dispose();
            }
        }
    }

    private static Model? ParseSkeleton(FileBytes file, ReadOnlySpan<byte> bytes, long most) =>
        MessageCost.Of(bytes, Model.Descriptor, most, out int skeletonBytes) <= most && skeletonBytes > 0 ? SkeletonReader.Parse(file, bytes, skeletonBytes) : null;
}
