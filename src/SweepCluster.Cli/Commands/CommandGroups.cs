using System.Collections.Immutable;
using System.CommandLine;

namespace SweepCluster.Cli.Commands;

/// <summary>The program's commands, in the groups in which its help shows them.</summary>
internal static class CommandGroups
{
    /// <summary>New commands for one command line.</summary>
    internal static ImmutableArray<(string Title, ImmutableArray<Command> Commands)> Create() =>
    [
        ("A sweep and its result", [new RunCommand(), new PlanCommand(), new ReportCommand(), new TrialsCommand(), new ExportCommand(), new DiffCommand()]),
        ("A model by itself", [new InspectCommand(), new EvaluateCommand(), new CompressCommand(), new DecompressCommand()]),
        ("Sweeps of a cluster", [new SubmitCommand(), new ListCommand(), new WatchCommand(), new FetchCommand(), PhaseCommand.Pause(), PhaseCommand.Resume(), PhaseCommand.Cancel(), new ChangeCommand(), new RemoveCommand()]),
        ("The cluster", [new SiloCommand(), new SilosCommand(), new EventsCommand()]),
    ];
}
