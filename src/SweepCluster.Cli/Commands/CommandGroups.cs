using System.Collections.Immutable;
using System.CommandLine;
using SweepCluster.Cli.Hosting;

namespace SweepCluster.Cli.Commands;

/// <summary>The program's commands, in the groups in which its help shows them.</summary>
internal static class CommandGroups
{
    /// <summary>New commands for one command line.</summary>
    internal static ImmutableArray<(string Title, ImmutableArray<Command> Commands)> Create(ISiloHosting hosting) =>
    [
        ("A sweep and its result", [new RunCommand(), new PlanCommand(), new ReportCommand(), new TrialsCommand(), new ExportCommand(), new DiffCommand()]),
        ("A model by itself", [new InspectCommand(), new CompareCommand(), new EvaluateCommand(), new CompressCommand(), new DecompressCommand()]),
        ("Sweeps of a cluster", [new SubmitCommand(), new ListCommand(), new WatchCommand(), new FetchCommand(), PhaseCommand.Pause(), PhaseCommand.Resume(), PhaseCommand.Cancel(), new ChangeCommand(), new RemoveCommand()]),
        ("The cluster", [new SiloCommand(hosting), new ServeCommand(hosting), new SilosCommand(), new EventsCommand(), new HealthCommand(), new TokenCommand()]),
    ];
}
