using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Tests.Fixtures;

internal static class SpecReading
{
    public static SweepSpec Read(string spec, params KeyValuePair<string, string>[] settings)
    {
        using TemporarySpecs folder = new(spec);
        return SpecReader.Read(folder.Path, settings);
    }

    public static string FaultsOf(string spec, params KeyValuePair<string, string>[] settings)
    {
        using TemporarySpecs folder = new(spec);
        return Assert.Throws<BadInputException>(() => SpecReader.Read(folder.Path, settings)).Message;
    }
}
