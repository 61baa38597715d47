using SweepCluster.Fuzz.Cases;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Fuzz.Mutations;

/// <summary>Makes a new case of an old one.</summary>
public sealed class CaseMutator
{
    private readonly Random _random;
    private readonly WireMutator _wire;
    private readonly BlobMutator _blobs;
    private readonly ManifestMutator _manifests;

    public CaseMutator(Random random)
    {
        _random = random;
        _wire = new WireMutator(random);
        _blobs = new BlobMutator(random, _wire);
        _manifests = new ManifestMutator(random, _wire);
    }

    /// <summary>Damages a case in one to four places.</summary>
    /// <param name="source">The case.</param>
    /// <param name="other">Another one, to take parts from.</param>
    public FuzzCase Mutate(FuzzCase source, FuzzCase other)
    {
        FuzzCase changed = source;
        int times = 1 + Math.Min(Math.Min(_random.Next(4), _random.Next(4)), _random.Next(4));
        int kind = _random.Next(100);
        if (source.ModelFile is { } model && (source.IsSingleFile || kind < 75))
        {
            return source.With(model, Message(source.Files[model], other.ModelFile is { } from ? other.Files[from] : [], times));
        }

        for (; times > 0; times--)
        {
            changed = kind switch
            {
                < 90 when changed.Files.Keys.FirstOrDefault(path => path.EndsWith(".bin", StringComparison.Ordinal)) is { } weights => changed.With(weights, _blobs.Mutate(changed.Files[weights])),
                < 97 when changed.Files.TryGetValue(WirePackage.Manifest, out byte[]? manifest) => changed.With(WirePackage.Manifest, _manifests.Mutate(manifest)),
                _ => Odd(changed),
            };
        }

        return changed;
    }

    private byte[] Message(byte[] bytes, byte[] other, int times)
    {
        if (WireNode.Parse(bytes) is not { } message || _random.Next(20) == 0)
        {
            return _wire.Bytes(bytes);
        }

        List<WireNode> from = WireNode.Parse(other) ?? [];
        for (; times > 0; times--)
        {
            _wire.Mutate(message, from);
        }

        return WireNode.Write(message);
    }

    private FuzzCase Odd(FuzzCase source)
    {
        string[] paths = [.. source.Files.Keys];
        return paths.Length == 0
            ? source
            : source with { Links = new Dictionary<string, OddEntry>(source.Links) { [paths[_random.Next(paths.Length)]] = (OddEntry)_random.Next(1, 5) } };
    }
}
