using System.Globalization;
using SweepCluster.Compression;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Fuzz.Cases;

/// <summary>Reads a model, and holds what comes out of it to what must always hold.</summary>
/// <param name="folder">A folder of its own.</param>
/// <param name="spareBytes">What reading may allocate beside four times the model's length.</param>
internal sealed class CaseCheck(string folder, long spareBytes)
{
    private const int LongestLine = 1000;
    private const long MostDecoded = 1 << 20; // elements; larger ones are hostile shapes, whose decoding takes what it says

    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];
    private static readonly Scheme[] s_schemes =
    [
        .. new[] { "float16", "quantize(mode=linear_symmetric)", "quantize(mode=linear, dtype=uint8)", "palettize(nbits=2, mode=uniform)", "prune(target_sparsity=0.5)" }.Select(SchemeText.Parse),
    ];

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
            return Signature(line!, path);
        }

        string forms = string.Join(' ', graph.Weights.Select(weight => $"{weight.Stored.GetType().Name}{(weight.Conflict is null ? "" : "!")}").Distinct().Order(StringComparer.Ordinal));
        string signature = $"graph of {forms}, {string.Join(' ', graph.Nodes.Select(node => node.OpType).Distinct().Take(4))}; {Decode(graph, sizeBytes)}";
        return $"{signature}; {RoundTrip(path, graph, s_nothing)}; {(number % 4 == 0 ? Compress(path, graph, number) : "")}";
    }

    // Every weight whose values are not many must decode, or say in one line why it cannot.
    private string Decode(Graph graph, long sizeBytes)
    {
        string refused = "";
        foreach (Weight weight in graph.Weights.Where(weight => weight.Shape.ElementCount <= MostDecoded))
        {
            float[]? values = Measured(
                "decoding", spareBytes + (4 * sizeBytes), () => Decompressor.ToFloat32(weight.Stored), out string? line);
            if (values is not null && values.Length != weight.Shape.ElementCount)
            {
                throw new FuzzFault($"'{weight.Name}' {weight.Shape} decoded to {values.Length} values.");
            }

            refused = line is null ? refused : "not decoded";
        }

        return refused;
    }

    private string RoundTrip(string path, Graph graph, Dictionary<string, CompressedWeight> replacements)
    {
        IModelFormat format = ModelFormats.For(path);
        ModelTarget? target = Lines("resolving its target", () => format.ResolveTarget(graph, null), out string? line);
        if (target is null)
        {
            return Signature(line!, path);
        }

        string written = Path.Combine(folder, $"written{Path.GetExtension(path)}");
        long measured = format.Measure(graph, replacements, target);
        format.Write(graph, replacements, target, written, CancellationToken.None);
        long size = File.Exists(written) ? new FileInfo(written).Length : Directory.GetFiles(written, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        if (size != measured)
        {
            throw new FuzzFault($"measured {measured} bytes, wrote {size}.");
        }

        Graph again = format.Read(written);
        string expected = Facts(graph, replacements).Replace(path, "", StringComparison.Ordinal), found = Facts(again, s_nothing).Replace(written, "", StringComparison.Ordinal);
        Delete(written);
        return replacements.Count > 0 || expected == found ? "written" : throw new FuzzFault($"read {expected}; after writing {found}.");
    }

    private string Compress(string path, Graph graph, long number)
    {
        Scheme scheme = s_schemes[number / 4 % s_schemes.Length];
        foreach (Weight weight in graph.Weights.Where(weight => weight.Conflict is null && weight.Shape.ElementCount <= MostDecoded))
        {
            ModelTarget? target = Lines("resolving its target", () => ModelFormats.For(path).ResolveTarget(graph, null), out _);
            if (target is null || ModelFormats.For(path).Refuses(scheme, target) is not null || Lines("asking a scheme", () => Compressors.Refuses(weight, scheme), out string? line) is not null || line is not null)
            {
                continue;
            }

            CompressedWeight? stored = Lines("compressing", () => Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(target.Arithmetic), CancellationToken.None), out _);
            if (stored is not null)
            {
                RoundTrip(path, graph, new Dictionary<string, CompressedWeight> { [weight.Name] = stored });
                return $"compressed to {stored.GetType().Name}";
            }
        }

        return "not compressed";
    }

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

    private static string Facts(Graph graph, Dictionary<string, CompressedWeight> replacements) => string.Join(
        '\n', graph.Weights.Where(weight => !replacements.ContainsKey(weight.Name)).Select(weight => $"{weight.Name} {weight.Hash} {weight.OutputAxis} {weight.InputAxis}")
            .Concat(graph.Nodes.Select(node => $"{node.OpType} {node.Name} {node.HasBlocks}")).Concat(graph.Inputs.Select(input => $"{input}")).Concat(graph.Outputs));

    private static T? Measured<T>(string doing, long mostBytes, Func<T> act, out string? line)
        where T : class
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T? result = Lines(doing, act, out line);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= mostBytes
            ? result
            : throw new FuzzFault(string.Create(CultureInfo.InvariantCulture, $"{doing} allocated {allocated:N0} bytes, at most {mostBytes:N0} are allowed."));
    }

    // What a broken model may do: be refused, in one line that can be printed.
    private static T? Lines<T>(string doing, Func<T?> act, out string? line)
        where T : class
    {
        line = null;
        try
        {
            return act();
        }
        catch (BadInputException exception)
        {
            line = exception.Message;
            return line.Length <= LongestLine && !line.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')
                ? null
                : throw new FuzzFault($"{doing} gave no line: {line[..Math.Min(line.Length, 3000)]}", exception);
        }
        catch (Exception exception) when (exception is not FuzzFault)
        {
            throw new FuzzFault($"{doing} threw {exception}", exception);
        }
    }

    // Names and numbers taken out, so that one way through the reader has one signature.
    private static string Signature(string line, string path)
    {
        string plain = line.Replace(path, "", StringComparison.Ordinal);
        System.Text.StringBuilder signature = new();
        bool quoted = false;
        foreach (char letter in plain)
        {
            quoted ^= letter == '\'';
            if (!quoted && !char.IsDigit(letter))
            {
                signature.Append(letter);
            }
        }

        return signature.ToString();
    }
}
