using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>Models that are part of the repository, and models of each kind made here, through every scheme.</summary>
/// <remarks>The fixtures and the made networks take the whole list: they are small. ResNet-20 takes one scheme of every form. Of the made programs, one for each operation set takes the whole list;
/// the others, which differ only in how their weight is stored before it is decompressed, take turns.</remarks>
public sealed class EveryModelTests
{
    private const int Turns = 16;

    private static readonly string s_fixtures = Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", "Fixtures");

    public static TheoryData<string> Fixtures => [.. Directory.GetDirectories(s_fixtures, "*.mlpackage").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Fixtures))]
    public void Write_FixtureUnderEveryScheme_HoldsWhatWasSimulated(string package)
    {
        using RoundTrip trip = new(Path.Combine(s_fixtures, package));
        trip.Carry(SchemeCatalog.All, null);
        if (package.StartsWith("iOS16", StringComparison.Ordinal))
        {
            trip.Carry(SchemeCatalog.All, "iOS17");
            trip.Carry(SchemeCatalog.All, "iOS18");
        }

        Assert.InRange(trip.Trips, 80, 3 * SchemeCatalog.All.Count);
    }

    [Fact]
    public void Write_ResNet20UnderEveryForm_HoldsWhatWasSimulated()
    {
        using RoundTrip trip = new(Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"));
        trip.Carry(SchemeCatalog.OfEveryForm, null);
        Assert.InRange(trip.Trips, 15, SchemeCatalog.OfEveryForm.Count);
    }

    [Fact]
    public void Write_NetworksOfEveryKindUnderEveryScheme_HoldWhatWasSimulated()
    {
        using TemporaryFolder folder = new(inMemory: true);
        foreach ((string name, byte[] model) in SampleNetworks.All)
        {
            string path = folder[$"{name}.mlmodel"];
            File.WriteAllBytes(path, model);
            using RoundTrip trip = new(path);
            foreach (string? target in (string?[])(name == "float32" ? ["iOS11", "iOS11.2", null, "iOS26"] : [null]))
            {
                trip.Carry(SchemeCatalog.All, target);
            }

            Assert.InRange(trip.Trips, 30, 4 * SchemeCatalog.All.Count);
        }
    }

    [Fact]
    public void Write_ProgramsOfEveryKindUnderEveryScheme_HoldWhatWasSimulated()
    {
        using TemporaryFolder folder = new(inMemory: true);
        int turn = 0, trips = 0;
        foreach ((string name, WirePackage package) in SamplePrograms.All)
        {
            using RoundTrip trip = new(package.Write(folder[$"{name}.mlpackage"]));
            bool isWhole = name == "everything" || name.StartsWith("CoreML", StringComparison.Ordinal);
            trip.Carry(isWhole ? SchemeCatalog.All : SchemeCatalog.Turn(turn++ % Turns, Turns), null);
            trips += trip.Trips;
        }

        Assert.True(trips > 1000, $"{trips}");
    }
}
