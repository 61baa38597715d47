using System.Runtime.InteropServices;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Skeletons;

/// <summary>A model as the message that it is written as: its skeleton, and the weights of its neural networks, which stay where they are and pass piece by piece.</summary>
internal sealed class ModelMessage
{
    private const int BufferBytes = 1 << 16;

    private readonly List<ReadOnlyMemory<byte>> _weights = [];
    private readonly Model _skeleton;
    private SkeletonWriter? _writer;

    /// <summary>Takes a model apart.</summary>
    /// <param name="model">The model; it becomes the skeleton, and is of no other use from now on.</param>
    internal ModelMessage(Model model)
    {
        _skeleton = model;
        WeightStrings.Replace(model, bytes =>
        {
            if (bytes.Length < WeightReference.Bytes)
            {
                return bytes;
            }

            _weights.Add(bytes.Memory);
            return new WeightReference(_weights.Count - 1, bytes.Length).ToByteString();
        });
    }

    /// <summary>Bytes of the message.</summary>
    internal long Length => _weights.Count == 0 ? _skeleton.CalculateSize() : Writer.Length;

    private SkeletonWriter Writer => _writer ??= new SkeletonWriter(SkeletonBytes(), _weights);

    /// <summary>Refuses a message of more than 2 GB, before anything of it is written.</summary>
    /// <param name="path">The model that it was made of.</param>
    /// <returns>This.</returns>
    /// <exception cref="BadInputException">It is as long.</exception>
    internal ModelMessage Checked(string path) => Length <= int.MaxValue
        ? this
        : throw new BadInputException($"{path}: found weights with which the model file would take {Length} bytes, expected at most {int.MaxValue}, which a protobuf message may have.");

    /// <summary>What reading the message will take in memory; see <see cref="MessageCost"/>.</summary>
    internal long Cost(long most) => MessageCost.Of(SkeletonBytes(), Model.Descriptor, most, out _);

    /// <summary>Writes the message; equal models give equal bytes.</summary>
    internal void WriteTo(Stream stream)
    {
        if (_weights.Count == 0)
        {
            using CodedOutputStream coded = new(stream, BufferBytes, leaveOpen: true) { Deterministic = true };
            _skeleton.WriteTo(coded);
        }
        else
        {
            Writer.WriteTo(stream);
        }
    }

    /// <summary>Whether a model is the same, weights bit for bit.</summary>
    /// <param name="other">The model; changed.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal bool IsSame(Model other, CancellationToken cancellationToken)
    {
        ModelMessage message = new(other);
        return message._skeleton.Equals(_skeleton) && message._weights.Zip(_weights).All(pair => IsSame(pair.Second, pair.First, cancellationToken));
    }

    /// <summary>The bytes of a weight that is to be written, piece by piece; a piece is good until the next.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> weight) =>
        MemoryMarshal.TryGetMemoryManager(weight, out MostFirstCodes? codes) ? codes.Pieces() : FileMemory.Pieces(weight);

    private static bool IsSame(ReadOnlyMemory<byte> planned, ReadOnlyMemory<byte> written, CancellationToken cancellationToken)
    {
        int at = 0;
        foreach (ReadOnlyMemory<byte> piece in Pieces(planned))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> other = written.Slice(at, piece.Length); // as long as the planned one: the skeletons tell lengths
            if (!piece.Span.SequenceEqual(other.Span))
            {
                return false;
            }

            FileMemory.Unload(other);
            at += piece.Length;
        }

        return true;
    }

    private byte[] SkeletonBytes()
    {
        byte[] bytes = new byte[_skeleton.CalculateSize()];
        using CodedOutputStream coded = new(bytes) { Deterministic = true };
        _skeleton.WriteTo(coded);
        return bytes;
    }
}
