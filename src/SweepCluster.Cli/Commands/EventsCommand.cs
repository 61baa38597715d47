using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep events [SWEEP]</c>: what happened.</summary>
internal sealed class EventsCommand : DeskCommand
{
    private static readonly JsonSerializerOptions s_lines = new(JsonSerializerDefaults.Web);

    private readonly Argument<string?> _sweep = new("SWEEP") { Description = "Of this sweep alone: its id, its first digits, or its name.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Waits for those to come until Ctrl-C." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal EventsCommand()
        : base("events", "Shows what happened in a cluster: sweeps that came and ended, changes, failed attempts, silos that were lost.")
    {
        Arguments.Add(_sweep);
        Options.Add(_follow);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        string? id = input.GetValue(_sweep) is { } name ? (await desk.FindAsync(name, cancellationToken)).Id : null;
        TextWriter output = input.InvocationConfiguration.Output;
        bool json = input.IsJson(_format);
        try
        {
            await foreach (StoreEvent entry in desk.ReadEventsAsync(id, input.GetValue(_follow), cancellationToken))
            {
                string line = json
                    ? JsonSerializer.Serialize(new { entry.Number, entry.At, Kind = JsonNamingPolicy.CamelCase.ConvertName(entry.Kind.ToString()), entry.SweepId, entry.Text }, s_lines)
                    : $"{entry.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {StoreEvent.NameOf(entry.Kind),-14}  {entry.SweepId ?? "-",-16}  {entry.Text}";
                await output.WriteLineAsync(line);
                await output.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (input.GetValue(_follow))
        {
            return ExitCodes.Success; // that is how following ends
        }

        return ExitCodes.Success;
    }
}
