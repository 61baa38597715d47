using SweepCluster.Testing;

namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>All 111 packages that the reference wrote, through the schemes.</summary>
/// <remarks>All are one program with one set of weights, stored in 111 ways. The three that are not compressed take the whole list at every target from their own on; the others are decompressed first
/// and take turns, so that every scheme meets weights that came out of every family.</remarks>
[Trait("Needs", "shared")]
public sealed class GivenFixturesTests
{
    private const int Turns = 7;

    private static readonly string s_folder = SharedData.PathOf("fixtures", "coreml");

    [Theory]
    [InlineData("iOS16_fp16_base", "iOS16 iOS17 iOS18 iOS26")]
    [InlineData("iOS18_fp16_base", "iOS18 iOS26")]
    [InlineData("iOS18_fp32_base", "iOS18")]
    public void Write_PlainFixtureUnderEveryScheme_HoldsWhatWasSimulated(string package, string targets)
    {
        using RoundTrip trip = new(Path.Combine(s_folder, package + ".mlpackage"));
        foreach (string target in targets.Split(' '))
        {
            trip.Carry(SchemeCatalog.All, target);
        }

        Assert.True(trip.Trips > 80, $"{trip.Trips}");
    }

    [Fact]
    public void Write_EveryFixtureUnderSchemesInTurn_HoldsWhatWasSimulated()
    {
        string[] packages = [.. Directory.GetDirectories(s_folder, "*.mlpackage").Order(StringComparer.Ordinal)];
        Assert.Equal(111, packages.Length);
        for (int i = 0; i < packages.Length; i++)
        {
            using RoundTrip trip = new(packages[i]);
            trip.Carry(SchemeCatalog.Turn(i % Turns, Turns), null);
            Assert.True(trip.Trips > 0, packages[i]);
        }
    }
}
