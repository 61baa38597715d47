using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SweepCluster.Compression;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>Carries a model through schemes: read, decompress where it is compressed, compress, write, read.</summary>
/// <remarks>What is read back holds, bit for bit, the weights that were simulated. That nothing else changed is shown by the way back: with the plain weights put in again,
/// the model that was written gives the bytes of one that was never compressed, at the same target. A function's older specialization (a block for an operation set before iOS 18) holds a weight in the
/// older form, or plainly where there is none: then the blobs are no longer shared, and the way back is compared by an independent reader. Nothing is written beside the model.</remarks>
internal sealed class RoundTrip : IDisposable
{
    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];

    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly IModelFormat _format;
    private readonly Graph _plain;
    private readonly string _extension;
    private readonly Dictionary<string, PreparedWeight> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, Scheme, DecodeArithmetic), CompressedWeight> _cells = [];
    private readonly Dictionary<(string, bool), string> _untouched = [];
    private int _written;

    internal RoundTrip(string path)
    {
        _format = ModelFormats.For(path);
        _extension = Path.GetExtension(path);
        _plain = Decompressed(_format.Read(path));
        Assert.All(_plain.Weights, weight => Assert.True(weight.IsPlain, weight.Name));
    }

    /// <summary>Schemes under which it was written so far.</summary>
    internal int Trips { get; private set; }

    public void Dispose() => _folder.Dispose();

    /// <summary>Carries it through schemes at a target.</summary>
    /// <param name="cases">The schemes.</param>
    /// <param name="requested">The target's name; null for its own.</param>
    internal void Carry(IEnumerable<SchemeCase> cases, string? requested)
    {
        ModelTarget target = _format.ResolveTarget(_plain, requested);
        (int? program, int? network) = Levels(target.Name);
        foreach (SchemeCase entry in cases)
        {
            string? refused = ExpectedRefusals.OfTarget(entry, program, network);
            if (_plain.Facts is { Stages.IsEmpty: true })
            {
                Assert.Equal((entry.Text, refused), (entry.Text, _format.Refuses(entry.Scheme, target)));
            }

            if (refused is null)
            {
                Carry(entry, target);
            }
        }
    }

    private void Carry(SchemeCase entry, ModelTarget target)
    {
        Dictionary<string, CompressedWeight> chosen = new(StringComparer.Ordinal);
        SchemeRefusals refusals = new(target.Arithmetic);
        foreach (Weight weight in _plain.Weights)
        {
            string? layer = _format.Refuses(_plain, weight, entry.Scheme, target);
            string? found = refusals.Of(weight, entry.Scheme);
            string? expected = ExpectedRefusals.OfShape(weight, entry.Scheme);
            bool isKnown = found == expected || (expected is null && ExpectedRefusals.IsOfValues(found!, weight, entry.Scheme));
            Assert.True(isKnown, $"{entry.Text}, {weight.Name}: found '{found}', expected '{expected}'.");
            Assert.True(layer is null || ExpectedRefusals.IsOfLayer(layer, entry.Scheme), $"{entry.Text}, {weight.Name}: found '{layer}', which no rule says.");
            if (found is null && layer is null)
            {
                chosen[weight.Name] = Cell(weight, entry.Scheme, target.Arithmetic);
            }
        }

        if (chosen.Count > 0)
        {
            Trips++;
            Check(entry, target, _format.Complete(_plain, chosen, target));
        }
    }

    private void Check(SchemeCase entry, ModelTarget target, IReadOnlyDictionary<string, CompressedWeight> simulated)
    {
        string path = Write(_plain, simulated, target);
        Assert.Equal((entry.Text, _format.Measure(_plain, simulated, target)), (entry.Text, FilesOf(path).Sum(file => new FileInfo(file).Length)));
        Graph read = _format.Read(path);

        Weight[] shown = [.. read.Weights.Where(weight => weight.Unmeasured is null)];
        Assert.Equal(_plain.Weights.Length, shown.Length);
        Dictionary<string, CompressedWeight> back = new(StringComparer.Ordinal);
        foreach ((Weight before, Weight first) in _plain.Weights.Zip(shown))
        {
            CompressedWeight expected = simulated.GetValueOrDefault(before.Name, before.Stored);
            AssertHolds(entry, expected, before, first);
            Assert.Equal(expected.GetType(), first.Stored.GetType());
            if (simulated.ContainsKey(before.Name))
            {
                back[first.Name] = before.Stored;
            }

            foreach (Weight older in read.Weights.Where(weight => weight.Unmeasured is not null && weight.Name.StartsWith(before.Name, StringComparison.Ordinal)))
            {
                AssertHolds(entry, older.IsPlain ? before.Stored : expected, before, older);
                if (!older.IsPlain)
                {
                    back[older.Name] = before.Stored;
                }
            }
        }

        ModelTarget now = _format.ResolveTarget(read, read.Facts!.Stages.IsEmpty ? read.Facts.Target : null);
        bool bySharing = shown.Length == read.Weights.Length;
        Assert.Equal((entry.Text, Untouched(now.Name, bySharing)), (entry.Text, Take(Write(read, back, now), bySharing)));
        Delete(path);
    }

    private static void AssertHolds(SchemeCase entry, CompressedWeight expected, Weight before, Weight after)
    {
        Assert.Equal((entry.Text, before.Type, before.Shape, before.Readers), (entry.Text, after.Type, after.Shape, after.Readers));
        Assert.True(
            MemoryMarshal.AsBytes<float>(Decompressor.ToFloat32(expected)).SequenceEqual(MemoryMarshal.AsBytes<float>(Decompressor.ToFloat32(after.Stored))),
            $"{entry.Text}, {before.Name}: what was read back differs from what was simulated.");
    }

    // Compressed once, whatever the target, as long as devices decode alike.
    private CompressedWeight Cell(Weight weight, Scheme scheme, DecodeArithmetic arithmetic)
    {
        if (!_cells.TryGetValue((weight.Name, scheme, arithmetic), out CompressedWeight? cell))
        {
            if (!_prepared.TryGetValue(weight.Name, out PreparedWeight? prepared))
            {
                _prepared[weight.Name] = prepared = new PreparedWeight(weight);
            }

            _cells[(weight.Name, scheme, arithmetic)] = cell = Compressors.Compress(prepared, scheme, new CompressOptions(arithmetic), CancellationToken.None);
        }

        return cell;
    }

    private Graph Decompressed(Graph graph)
    {
        Dictionary<string, CompressedWeight> plain = graph.Weights.Where(weight => !weight.IsPlain).ToDictionary(weight => weight.Name, weight => (CompressedWeight)Decompressor.ToDense(weight.Stored));
        return plain.Count == 0 ? graph : _format.Read(Write(graph, plain, _format.ResolveTarget(graph, null)));
    }

    // What the model is where nothing is compressed, at a target.
    private string Untouched(string target, bool bySharing)
    {
        if (!_untouched.TryGetValue((target, bySharing), out string? hash))
        {
            string path = Write(_plain, s_nothing, _format.ResolveTarget(_plain, _plain.Facts!.Stages.IsEmpty ? target.Split(", ")[^1] : null));
            _untouched[(target, bySharing)] = hash = Take(path, bySharing);
        }

        return hash;
    }

    private string Write(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target)
    {
        string path = _folder[$"{_written++}{_extension}"];
        _format.Write(graph, replacements, target, path, CancellationToken.None);
        return path;
    }

    // The hash of a model, which is deleted: of its files; where values that were shared no longer are, of its program with what it refers to.
    private static string Take(string path, bool bySharing)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (bySharing)
        {
            foreach (string file in FilesOf(path))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file)));
                hash.AppendData(File.ReadAllBytes(file));
            }
        }
        else
        {
            IndependentPackage package = IndependentPackageReader.Read(path);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', package.Program.Concat(package.Description))));
        }

        Delete(path);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string[] FilesOf(string path) =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [path];

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    // A target's name, as "iOS16", "neural network, iOS11 to iOS12" or "iOS16 and neural network, iOS13".
    private static (int? Program, int? Network) Levels(string target)
    {
        const string Network = "neural network, ";
        int at = target.IndexOf(Network, StringComparison.Ordinal);
        string program = at < 0 ? target : target[..at].Replace(" and ", "", StringComparison.Ordinal);
        return (
            program.Length == 0 ? null : int.Parse(program["iOS".Length..], CultureInfo.InvariantCulture),
            at < 0 ? null : target[(at + Network.Length)..].Split(" to ")[^1] switch { "iOS11" => 1, "iOS11.2" => 2, _ => 3 });
    }
}
