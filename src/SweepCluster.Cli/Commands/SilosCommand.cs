using System.Collections.Immutable;
using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep silos</c>: who is there.</summary>
internal sealed class SilosCommand : DeskCommand
{
    private readonly Option<string> _format = CommonOptions.Format();

    internal SilosCommand()
        : base("silos", "Lists the silos of a cluster: what they have, what they hold, when they were heard of last.")
    {
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        ImmutableArray<SiloStatus> silos = await desk.ListSilosAsync(cancellationToken);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, silos.Select(silo => new
            {
                silo.Silo.Name,
                silo.Silo.Version,
                silo.Silo.Capacity.Slots,
                silo.Silo.Capacity.MemoryBytes,
                silo.Silo.Capacity.AllowsCommands,
                silo.Leased,
                silo.Joined,
                SilenceSeconds = silo.Silence.TotalSeconds,
            }));
            return ExitCodes.Success;
        }

        if (silos.IsEmpty)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync($"No silo is at {DeskArguments.Name(desk)}; 'sweep silo' starts one.");
            return ExitCodes.Success;
        }

        TextTable table = new("silo", ">slots", ">memory", "commands", "version", ">jobs", "joined", ">heard of");
        foreach (SiloStatus silo in silos)
        {
            table.Add(
                silo.Silo.Name, $"{silo.Silo.Capacity.Slots}", ByteSize.Write(silo.Silo.Capacity.MemoryBytes),
                silo.Silo.Capacity.AllowsCommands ? "yes" : "no", silo.Silo.Version, $"{silo.Leased}", Quantity.Moment(silo.Joined), Quantity.Duration(silo.Silence) + " ago");
        }

        await table.WriteAsync(output);
        await ListCommand.WriteWaitsAsync(await desk.ListAsync(cancellationToken), output);
        return ExitCodes.Success;
    }
}
