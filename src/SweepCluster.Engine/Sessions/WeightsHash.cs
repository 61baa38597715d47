using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Engine.Sessions;

/// <summary>SHA-256 over the values of all weights of a model, weight by weight in program order, as little-endian float32.</summary>
internal static class WeightsHash
{
    /// <summary>Hashes what a device sees of the weights as they are stored, piece by piece.</summary>
    /// <param name="graph">The model.</param>
    internal static string Of(Graph graph) => Of(graph.Weights.SelectMany(weight => Decompressor.Pieces(weight.Stored)));

    /// <summary>Hashes values that are at hand.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="values">The values of each weight, row-major.</param>
    internal static string Of(Graph graph, Func<Weight, ReadOnlyMemory<float>> values) => Of(graph.Weights.Select(values));

    private static string Of(IEnumerable<ReadOnlyMemory<float>> values)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<float> piece in values)
        {
            hash.AppendData(MemoryMarshal.AsBytes(piece.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
