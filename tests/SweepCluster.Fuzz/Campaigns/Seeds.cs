using SweepCluster.Fuzz.Cases;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>The models that a campaign starts from: those made on the wire, the repository's fixtures and, where it is there, the data folder's.</summary>
internal static class Seeds
{
    private const long LargestBytes = 60_000; // smaller ones give more cases a second

    public static IReadOnlyList<FuzzCase> All(bool withShared, bool onlyNetworks)
    {
        string everyday = Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", "Fixtures");
        string[] folders = withShared ? [everyday, SharedData.PathOf("fixtures", "coreml")] : [everyday];
        FuzzCase[] packages = [.. folders.Where(Directory.Exists).SelectMany(folder => Directory.GetDirectories(folder, "*.mlpackage").Order(StringComparer.Ordinal)).Select(FuzzCase.Read)];
        byte[] everyWeight = WireNetwork.Model(3, WireNetwork.Plain, SampleNetwork.Content());
        IEnumerable<FuzzCase> networks = SampleNetworks.All.Values.Append(everyWeight).Select(model => new FuzzCase(new Dictionary<string, byte[]> { [FuzzCase.SingleFile] = model }));
        FuzzCase[] all = [.. SamplePrograms.All.Values.Select(FuzzCase.Of), .. networks, .. LayerSeeds.All(), .. packages.Where(package => package.SizeBytes <= LargestBytes)];
        return onlyNetworks ? [.. all.Where(model => model.IsSingleFile)] : all;
    }
}
