using System.CommandLine;
using System.Globalization;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Cli.Commands;

/// <summary>The spec argument and the options that override its settings, shared by <c>run</c> and <c>plan</c>.</summary>
internal sealed class SpecArguments
{
    private readonly Argument<string> _spec = new("SPEC") { Description = "The sweep's YAML file." };
    private readonly Option<int?> _samples = new Option<int?>("--samples", "-n") { Description = "Samples in all: half for the choice, half to confirm it." }.AtLeast(2);
    private readonly Option<long?> _seed = new("--seed", "-s") { Description = "Seed instead of the spec's." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Overrides one setting of the spec, as samples.choice=500; may be repeated.",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command command)
    {
        command.Arguments.Add(_spec);
        command.Options.Add(_samples);
        command.Options.Add(_seed);
        command.Options.Add(_set);
    }

    internal SweepSpec Read(ParseResult input)
    {
        List<KeyValuePair<string, string>> overrides = [];
        foreach (string setting in input.GetValue(_set) ?? [])
        {
            string[] sides = setting.Split('=', 2);
            overrides.Add(sides.Length == 2 && sides[0].Length > 0
                ? new(sides[0], sides[1])
                : throw new BadInputException($"--set: found '{setting}', expected key=value, as samples.choice=500."));
        }

        if (input.GetValue(_samples) is { } samples)
        {
            overrides.Add(new("samples", samples.ToString(CultureInfo.InvariantCulture)));
        }

        if (input.GetValue(_seed) is { } seed)
        {
            overrides.Add(new("seed", seed.ToString(CultureInfo.InvariantCulture)));
        }

        return SpecReader.Read(input.GetRequiredValue(_spec), overrides);
    }
}
