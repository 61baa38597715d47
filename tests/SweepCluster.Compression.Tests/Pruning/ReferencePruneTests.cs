using System.Text.RegularExpressions;
using SweepCluster.Compression.Tests.Fixtures;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Pruning;

// Every pruned package of the reference against ours from the same weights: the same masks and values, and what it left alone is refused.
[Trait("Needs", "shared")]
public partial class ReferencePruneTests
{
    // The reference leaves weights of up to so many elements alone, whatever the scheme.
    private const int WeightThreshold = 2048;

    public static TheoryData<string> Packages => ReferencePackage.Names(name => Case().IsMatch(name));

    public static TheoryData<string> Blocks => ReferencePackage.Names(name => Case().Match(name).Groups["block"].Success);

    [Theory, MemberData(nameof(Packages))]
    public void Compress_SchemeOfTheReference_GivesItsMasksAndValues(string name)
    {
        Scheme scheme = SchemeOf(name);
        ReferencePackage package = ReferencePackage.Read(name);
        ReferencePackage uncompressed = ReferencePackage.Read(string.Join('_', name.Split('_')[..2]) + "_base");

        int compared = 0, refused = 0;
        foreach ((string key, Weight weight) in package.Weights)
        {
            Weight source = uncompressed.Weights[key];
            if (source.Shape.ElementCount <= WeightThreshold)
            {
                continue;
            }

            if (weight.Stored is SparseWeight reference)
            {
                SparseWeight ours = Assert.IsType<SparseWeight>(TestWeights.Compress(source, scheme.Canonical));
                Assert.Equal(reference.Mask.Bytes.ToArray(), ours.Mask.Bytes.ToArray());
                Assert.Equal(reference.Values.Bytes.ToArray(), ours.Values.Bytes.ToArray());
                compared++;
            }
            else if (weight.Uses.Any(use => use.OpType is "conv_transpose" or "matmul"))
            {
                // What the reference left alone although it was large enough.
                Assert.Matches("^(n:m patterns|blocks of channels) are for the weights of conv and linear, it is the (weight of conv_transpose|y of matmul)$", Compressors.Refuses(source, scheme));
                refused++;
            }
        }

        bool structural = scheme is PatternPruneScheme or MagnitudePruneScheme { BlockSize: > 0 };
        Assert.Equal(structural ? (4, 2) : (6, 0), (compared, refused));
    }

    // The norms of the reference are rounded to float16, where more blocks tie with the percentile and go; ours are not, and still prune what was asked for. What is lost of a package is never more.
    [Theory, MemberData(nameof(Blocks))]
    public void Compress_BlocksInOurArithmetic_KeepAsMuchAsTheReferences(string name)
    {
        MagnitudePruneScheme scheme = (MagnitudePruneScheme)SchemeOf(name) with { Profile = SchemeProfile.Exact };
        ReferencePackage package = ReferencePackage.Read(name), uncompressed = ReferencePackage.Read(string.Join('_', name.Split('_')[..2]) + "_base");
        double ours = 0, theirs = 0;
        int compared = 0;
        foreach ((string key, Weight weight) in package.Weights.Where(pair => pair.Value.Stored is SparseWeight))
        {
            SparseWeight compressed = Assert.IsType<SparseWeight>(TestWeights.Compress(uncompressed.Weights[key], scheme.Canonical));
            int elements = (int)compressed.Shape.ElementCount, kept = compressed.Values.Shape[0];
            Assert.InRange(elements - kept, Math.Ceiling(scheme.TargetSparsity * (elements - 1)), elements - ((SparseWeight)weight.Stored).Values.Shape[0]);
            ours += TestWeights.Error(uncompressed.Weights[key], compressed).SquaredError;
            theirs += TestWeights.Error(uncompressed.Weights[key], weight.Stored).SquaredError;
            compared++;
        }

        Assert.Equal(4, compared);
        Assert.InRange(ours, 0, theirs);
    }

    private static Scheme SchemeOf(string name)
    {
        Match match = Case().Match(name);
        string Value(string group) => match.Groups[group].Value;
        string dim = match.Groups["dim"].Success ? $", dim={Value("dim")}" : "";
        return SchemeText.Parse(match switch
        {
            _ when match.Groups["sparsity"].Success => $"prune(target_sparsity={Value("sparsity")})",
            _ when match.Groups["threshold"].Success => $"prune(threshold={Value("threshold")}, minimum_sparsity_percentile={Value("min")})",
            _ when match.Groups["n"].Success => $"prune(n_m_ratio={Value("n")}:{Value("m")}{dim})",
            _ => $"prune(target_sparsity=0.5, block_size={Value("block")}{dim}, compat=coremltools)",
        });
    }

    [GeneratedRegex(@"_prune_(sparsity(?<sparsity>[\d.]+)|threshold(?<threshold>[\d.]+)_min(?<min>[\d.]+)|nm(?<n>\d)_(?<m>\d)(_dim(?<dim>\d))?|block(?<block>\d+)(_dim(?<dim>\d))?)$")]
    private static partial Regex Case();
}
