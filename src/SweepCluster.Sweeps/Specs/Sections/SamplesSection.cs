using System.Globalization;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads <c>samples</c>.</summary>
internal static class SamplesSection
{
    private const int DefaultChoice = 1000;
    private const int DefaultProbe = 256;

    /// <summary>Reads the section: one number for choice and confirmation together, or a mapping.</summary>
    public static SamplesSpec Read(MappingReader root, SpecFaults faults)
    {
        if (root.Node("samples") is ScalarNode scalar)
        {
            if (int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 2)
            {
                return new SamplesSpec(Math.Min(DefaultProbe, count / 2), count / 2, count - (count / 2));
            }

            root.Fault("samples", $"found '{scalar.Value}', expected a whole number, 2 or more, or a mapping with {string.Join(", ", SpecKeys.Samples)}");
            return new SamplesSpec(DefaultProbe, DefaultChoice, DefaultChoice);
        }

        MappingReader samples = root.Mapping("samples", SpecKeys.Samples) ?? new MappingReader(new MappingNode(root.Place), "samples.", SpecKeys.Samples, faults);
        int choice = (int)(samples.Integer("choice", 1, int.MaxValue) ?? DefaultChoice);
        int confirm = (int)(samples.Integer("confirm", 0, int.MaxValue) ?? choice);
        int probe = (int)(samples.Integer("probe", 1, int.MaxValue) ?? Math.Min(DefaultProbe, choice));
        if (probe > choice)
        {
            samples.Fault("probe", $"found {probe}, expected at most the samples of the choice, {choice}, which probes take theirs from");
        }

        return new SamplesSpec(probe, choice, confirm);
    }
}
