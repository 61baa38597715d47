using System.Globalization;
using System.Runtime.InteropServices;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Fuzz.Cases;

/// <summary>Reads a model, and holds what comes out of it to what must always hold.</summary>
/// <param name="folder">A folder of its own.</param>
/// <param name="spareBytes">What reading may allocate beside four times the model's length.</param>
internal sealed class CaseCheck(string folder, long spareBytes)
{
    /// <summary>Of so many cases one is put to a use; all are read, decoded and written as they are.</summary>
    public const int CasesPerUse = 4;

    private const int MostPieces = 3;
    private const int FewElements = 11; // no multiple of what shares a byte

    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];

    private readonly ModelUses _uses = new(folder);

    /// <summary>Runs one case.</summary>
    /// <param name="model">The model.</param>
    /// <param name="number">Its number; some things are done to some cases only.</param>
    /// <returns>What became of it, without names and numbers: equal for cases that went the same way.</returns>
    /// <exception cref="FuzzFault">Something that must hold does not.</exception>
    public string Run(FuzzCase model, long number)
    {
        Directory.CreateDirectory(folder);
        string path = model.Write(folder);
        try
        {
            return RunWritten(path, model.SizeBytes, number);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs a model that lies on disk.</summary>
    public string RunWritten(string path, long sizeBytes, long number)
    {
        Graph? graph = Measured("reading", spareBytes + (4 * sizeBytes), () => ModelFormats.For(path).Read(path), out string? line);
        if (graph is null)
        {
            return Refusal.Signature(line!, path);
        }

        string forms = string.Join(' ', graph.Weights.Select(weight => $"{weight.Stored.GetType().Name}{(weight.Conflict is null ? "" : "!")}").Distinct().Order(StringComparer.Ordinal));
        string signature = $"graph of {forms}, {string.Join(' ', graph.Nodes.Select(node => node.OpType).Distinct().Take(4))}; {Decode(graph, sizeBytes)}";
        return $"{signature}; {_uses.Write(path, graph, s_nothing, null)}; {(number % CasesPerUse == 0 ? _uses.Run(path, graph, number / CasesPerUse) : "")}";
    }

    // Every weight must decode, or say in one line why it cannot: whole where its values are not many, and the first of them in pieces however many there are.
    private string Decode(Graph graph, long sizeBytes)
    {
        string refused = "";
        foreach (Weight weight in graph.Weights)
        {
            float[]? values = null;
            string? line = null;
            if (weight.Shape.ElementCount <= ModelUses.MostDecoded)
            {
                values = Measured("decoding", spareBytes + (4 * sizeBytes), () => Decompressor.ToFloat32(weight.Stored), out line);
                if (values is not null && values.Length != weight.Shape.ElementCount)
                {
                    throw new FuzzFault($"'{weight.Name}' {weight.Shape} decoded to {values.Length} values.");
                }
            }

            int length = values is null ? Decompressor.PieceElements : FewElements;
            float[]? pieces = Measured("decoding in pieces", spareBytes + (4 * sizeBytes), () => First(Decompressor.Pieces(weight.Stored, length)), out string? pieceLine);
            if (values is not null && !MemoryMarshal.AsBytes<float>(pieces).SequenceEqual(MemoryMarshal.AsBytes<float>(values.AsSpan(0, Math.Min(values.Length, MostPieces * length)))))
            {
                throw new FuzzFault($"'{weight.Name}' {weight.Shape} has other values in pieces: {pieceLine ?? "decoded"}.");
            }

            refused = line is null && pieceLine is null ? refused : "not decoded";
        }

        return refused;
    }

    private static float[] First(IEnumerable<ReadOnlyMemory<float>> pieces) => [.. pieces.Take(MostPieces).SelectMany(piece => piece.ToArray())];

    private static T? Measured<T>(string doing, long mostBytes, Func<T> act, out string? line)
        where T : class
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T? result = Refusal.Lines(doing, act, out line);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= mostBytes
            ? result
            : throw new FuzzFault(string.Create(CultureInfo.InvariantCulture, $"{doing} allocated {allocated:N0} bytes, at most {mostBytes:N0} are allowed."));
    }
}
