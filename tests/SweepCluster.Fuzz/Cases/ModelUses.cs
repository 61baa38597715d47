using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SweepCluster.Compression;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Comparison;

namespace SweepCluster.Fuzz.Cases;

/// <summary>What people do with a model that could be read: compress one weight or all, make it plain, raise it, convert it to float16, ask about it, compare it. Each case takes its turn at one of them.</summary>
/// <param name="folder">A folder of its own.</param>
internal sealed class ModelUses(string folder)
{
    /// <summary>Elements of a weight that is decoded; larger ones are hostile shapes, whose decoding takes what it says.</summary>
    public const long MostDecoded = 1 << 20;

    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];
    private static readonly string?[] s_targets = [null, "iOS18", "iOS17", "iOS26", "iOS13"];

    private static readonly Scheme[] s_schemes =
    [
        .. new[]
        {
            "float16", "quantize(mode=linear_symmetric)", "quantize(mode=linear, dtype=uint8)", "palettize(nbits=2, mode=uniform)", "prune(target_sparsity=0.5)",
            "prune(target_sparsity=0.5)+palettize(nbits=1, mode=uniform)", "quantize(mode=linear, dtype=uint4, granularity=per_block, block_size=2)",
            "palettize(nbits=3, mode=uniform, granularity=per_grouped_channel, group_size=1)", "prune(target_sparsity=0.5)+quantize(mode=linear_symmetric)",
        }.Select(SchemeText.Parse),
    ];

    private readonly Func<ModelUses, string, Graph, int, string>[] _uses =
    [
        (uses, path, graph, turn) => uses.CompressOne(path, graph, turn),
        (uses, path, graph, turn) => uses.CompressAll(path, graph, turn),
        (uses, path, graph, _) => uses.Decompress(path, graph),
        (uses, path, graph, turn) => $"raised: {uses.Write(path, graph, s_nothing, s_targets[turn % s_targets.Length])}",
        (uses, path, graph, _) => uses.ToFloat16(path, graph),
        (_, path, graph, _) => Ask(path, graph),
    ];

    /// <summary>How many turns there are: every use with every scheme and target that it takes.</summary>
    public static int Turns => 6 * s_schemes.Length * s_targets.Length;

    /// <summary>Puts a model to one use.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="graph">What was read of it.</param>
    /// <param name="turn">Which use, and how.</param>
    /// <returns>What became of it.</returns>
    public string Run(string path, Graph graph, long turn) => _uses[turn % _uses.Length](this, path, graph, (int)(turn / _uses.Length % (s_schemes.Length * s_targets.Length)));

    /// <summary>Measures, writes, and reads again what was written.</summary>
    /// <param name="path">Where the model lies.</param>
    /// <param name="graph">What was read of it.</param>
    /// <param name="replacements">New stored forms.</param>
    /// <param name="requested">A target; null for its own.</param>
    public string Write(string path, Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, string? requested)
    {
        IModelFormat format = ModelFormats.For(path);
        if (TargetOf(path, graph, requested, out string? line) is not { } target)
        {
            return Refusal.Signature(line!, path);
        }

        string written = Path.Combine(folder, $"written{Path.GetExtension(path)}");
        string? done = Refusal.Lines(
            "writing",
            () =>
            {
                long measured = format.Measure(graph, replacements, target);
                format.Write(graph, replacements, target, written, CancellationToken.None);
                long size = File.Exists(written) ? new FileInfo(written).Length : Directory.GetFiles(written, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
                return size == measured ? "written" : throw new FuzzFault($"measured {measured} bytes, wrote {size}.");
            },
            out line);
        if (done is null)
        {
            // What was read can be written as it is; only what was asked for beside may be refused.
            return replacements.Count > 0 || requested is not null ? Refusal.Signature(line!, path) : throw new FuzzFault($"writing what was read gave: {line}");
        }

        Graph again = format.Read(written);
        if (replacements.Count == 0)
        {
            string expected = Facts(graph).Replace(path, "", StringComparison.Ordinal), found = Facts(again).Replace(written, "", StringComparison.Ordinal);
            _ = expected == found ? true : throw new FuzzFault($"read {expected}; after writing {found}.");
        }
        else
        {
            HoldValues(graph, replacements, again);
        }

        Delete(written);
        return done;
    }

    private string CompressOne(string path, Graph graph, int turn)
    {
        Scheme scheme = s_schemes[turn % s_schemes.Length];
        string? requested = s_targets[turn / s_schemes.Length];
        if (TargetOf(path, graph, requested, out string? line) is not { } target)
        {
            return Refusal.Signature(line!, path);
        }

        foreach (Weight weight in graph.Weights)
        {
            if (Compressed(path, graph, weight, scheme, target) is { } stored)
            {
                return $"compressed to {stored.GetType().Name}, {Write(path, graph, new Dictionary<string, CompressedWeight> { [weight.Name] = stored }, requested)}";
            }
        }

        return "not compressed";
    }

    // As a sweep does: whatever takes the scheme, and what follows from that.
    private string CompressAll(string path, Graph graph, int turn)
    {
        Scheme scheme = s_schemes[turn % s_schemes.Length];
        string? requested = s_targets[turn / s_schemes.Length];
        if (TargetOf(path, graph, requested, out string? line) is not { } target)
        {
            return Refusal.Signature(line!, path);
        }

        Dictionary<string, CompressedWeight> replacements = [];
        foreach (Weight weight in graph.Weights)
        {
            if (Compressed(path, graph, weight, scheme, target) is { } stored)
            {
                replacements.Add(weight.Name, stored);
            }
        }

        return Refusal.Lines("completing", () => ModelFormats.For(path).Complete(graph, replacements, target), out line) is not { } complete ? Refusal.Signature(line!, path)
            : complete.Count == 0 ? "none compressed" : $"all compressed to {replacements.Values.First().GetType().Name}, {Write(path, graph, complete, requested)}";
    }

    private string Decompress(string path, Graph graph)
    {
        Dictionary<string, CompressedWeight> plain = [];
        foreach (Weight weight in graph.Weights.Where(weight => !weight.IsPlain && weight.Shape.ElementCount <= MostDecoded))
        {
            if (Refusal.Lines("decompressing", () => Decompressor.ToDense(weight.Stored), out _) is { } dense)
            {
                plain.Add(weight.Name, dense);
            }
        }

        return plain.Count == 0 ? "plain" : $"made plain, {Write(path, graph, plain, null)}";
    }

    private string ToFloat16(string path, Graph graph)
    {
        if (graph.Weights.Any(weight => weight.Shape.ElementCount > MostDecoded))
        {
            return "";
        }

        return Refusal.Lines("converting", () => ModelFormats.For(path).ToFloat16(graph, null), out string? line) is { } program
            ? $"float16, {(program.Converted > 0 ? "converted" : "kept")}, {Write(path, program.Graph, s_nothing, null)}"
            : Refusal.Signature(line!, path);
    }

    private static string Ask(string path, Graph graph)
    {
        foreach (Weight weight in graph.Weights)
        {
            Refusal.Lines("asking for its scheme", () => StoredScheme.Of(weight)?.Canonical, out _);
        }

        foreach (FunctionFacts function in graph.Facts?.Functions ?? [])
        {
            Refusal.Lines("reading a function", () => function.Program.Value, out _);
        }

        if (graph.Weights.Any(weight => weight.Shape.ElementCount > MostDecoded))
        {
            return "asked";
        }

        ModelComparison? itself = Refusal.Lines("comparing", () => ModelComparer.Compare(graph, graph, CancellationToken.None), out string? line);
        return itself is null ? Refusal.Signature(line!, path)
            : itself.Operations.Length + itself.OnlyLeft.Length + itself.OnlyRight.Length == 0 ? "compared" : throw new FuzzFault("a model differs from itself.");
    }

    private static CompressedWeight? Compressed(string path, Graph graph, Weight weight, Scheme scheme, ModelTarget target)
    {
        IModelFormat format = ModelFormats.For(path);
        bool isOpen = weight.Conflict is null && weight.Shape.ElementCount <= MostDecoded
            && Refusal.Lines("asking a target", () => format.Refuses(scheme, target) ?? format.Refuses(graph, weight, scheme, target), out string? line) is null && line is null
            && Refusal.Lines("asking a scheme", () => Compressors.Refuses(weight, scheme), out line) is null && line is null;
        return isOpen ? Refusal.Lines("compressing", () => Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(target.Arithmetic), CancellationToken.None), out _) : null;
    }

    private static ModelTarget? TargetOf(string path, Graph graph, string? requested, out string? line) =>
        Refusal.Lines("resolving its target", () => ModelFormats.For(path).ResolveTarget(graph, requested), out line);

    // Whatever a weight is called afterwards: the values that it had, or was given, are there.
    private static void HoldValues(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, Graph again)
    {
        if (graph.Weights.Concat(again.Weights).Any(weight => weight.Shape.ElementCount > MostDecoded))
        {
            return;
        }

        HashSet<string?> found = [.. again.Weights.Select(weight => ValuesOf(weight.Stored))];
        foreach (Weight weight in graph.Weights.Where(weight => weight.Shape.ElementCount > 0)) // without values a layer has no weight
        {
            bool isNew = replacements.TryGetValue(weight.Name, out CompressedWeight? stored);
            if (ValuesOf(stored ?? weight.Stored) is { } values && !found.Contains(values))
            {
                throw new FuzzFault($"'{weight.Name}' {weight.Shape} ({(isNew ? "replaced" : "kept")}, {(stored ?? weight.Stored).GetType().Name}) is not what was read again.");
            }
        }
    }

    private static string? ValuesOf(CompressedWeight stored) => Refusal.Lines("decoding", () => Decompressor.ToFloat32(stored), out _) is { } values
        ? $"{stored.Shape} {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)))}"
        : null;

    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
        else
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static string Facts(Graph graph) => string.Join(
        '\n', graph.Weights.Select(weight => $"{weight.Name} {weight.Hash} {weight.OutputAxis} {weight.InputAxis}")
            .Concat(graph.Nodes.Select(node => $"{node.OpType} {node.Name} {node.HasBlocks}")).Concat(graph.Inputs.Select(input => $"{input}")).Concat(graph.Outputs));
}
