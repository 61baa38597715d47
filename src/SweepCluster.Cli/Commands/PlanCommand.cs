using System.Collections.Immutable;
using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep plan SPEC</c>: counts what a sweep will be before anything runs.</summary>
internal sealed class PlanCommand : SweepCommand
{
    private readonly SpecArguments _spec = new();
    private readonly Option<int> _slots = CommonOptions.Slots();
    private readonly DeskArguments _desk = new("Also says which silos of this PostgreSQL database, or of the server of --server, can take it.");
    private readonly Option<string> _format = CommonOptions.Format();

    internal PlanCommand()
        : base("plan", "Says what a sweep will be: the baseline's accuracy, cells, probes, trials, bytes, memory, time. Writes nothing.")
    {
        _spec.AddTo(this);
        Options.Add(_slots);
        _desk.AddTo(this);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        SweepSpec spec = _spec.Read(input);
        await using ISweepDesk? desk = await _desk.TryOpenAsync(input, cancellationToken);
        long limit = desk is null ? new RunOptions { ResultFolder = string.Empty }.MemoryBytes : long.MaxValue; // this machine need not run it
        SweepForecast forecast = await SweepRunner.ForecastAsync(spec, input.GetValue(_slots), limit, TimeProvider.System, cancellationToken);
        ImmutableArray<Admission> silos = desk is null ? [] : await desk.AdmitAsync(forecast.Needs, cancellationToken);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new
            {
                forecast,
                samples = new { forecast.Samples.Probe, forecast.Samples.Choice, forecast.Samples.Confirm },
                silos = desk is null ? null : silos.Select(silo => new { silo.Silo.Silo.Name, silo.Silo.Silo.Capacity.Slots, CanTakeIt = silo.Refusal is null, silo.Refusal }),
            });
            return ExitCodes.Success;
        }

        TextWriter error = input.InvocationConfiguration.Error;
        foreach (string notice in forecast.Notices.Concat(desk is null ? [] : Admission.Notices(silos)))
        {
            await error.WriteLineAsync($"note: {notice}");
        }

        await WriteTextAsync(output, spec, forecast);
        if (!silos.IsEmpty)
        {
            await WriteSilosAsync(output, forecast, silos);
        }

        return ExitCodes.Success;
    }

    private static async Task WriteSilosAsync(TextWriter output, SweepForecast forecast, ImmutableArray<Admission> silos)
    {
        Admission[] able = [.. silos.Where(silo => silo.Refusal is null)];
        int slots = able.Sum(silo => silo.Silo.Silo.Capacity.Slots);
        await output.WriteLineAsync($"silos           {able.Length} of {silos.Length} can take it, with {slots} slots");
        foreach (Admission silo in silos.Where(silo => silo.Refusal is not null))
        {
            await output.WriteLineAsync($"                  {silo.Silo.Silo.Name}: {silo.Refusal}");
        }

        if (slots > 0 && forecast.Duration is { } duration)
        {
            await output.WriteLineAsync($"time on them    about {Quantity.Duration(duration * forecast.Slots / slots)}, if they are as fast as this machine and have nothing else to do");
        }
    }

    private static async Task WriteTextAsync(TextWriter output, SweepSpec spec, SweepForecast forecast)
    {
        await output.WriteLineAsync($"model           {forecast.ModelFormat}; written for {forecast.Target}");
        foreach ((string name, Estimate estimate) in forecast.Baseline.Where(metric => Quantity.IsShare(metric.Key) && metric.Key != "agreement"))
        {
            await output.WriteLineAsync($"baseline {name,-6} {Quantity.Metric(name, estimate)} on {estimate.Samples:N0} samples");
        }

        await output.WriteLineAsync($"baseline size   {ByteSize.Write(forecast.BaselineBytes)}");
        await output.WriteLineAsync($"layers          {forecast.Layers} compressed, {forecast.LeftAlone.Length} left alone");
        foreach (IGrouping<string, KeyValuePair<string, string>> reason in forecast.LeftAlone.GroupBy(entry => entry.Value))
        {
            await output.WriteLineAsync($"                  {reason.Count(),4} {(reason.Count() == 1 ? "weight" : "weights")}: {reason.Key}");
        }

        await output.WriteLineAsync($"schemes         {spec.Schemes.Length}");
        await output.WriteLineAsync($"cells           {forecast.Cells:N0}{(forecast.Refusals > 0 ? $" ({forecast.Refusals:N0} impossible ones left out)" : string.Empty)}");
        await output.WriteLineAsync($"probes          {forecast.Probes:N0} on {forecast.Samples.Probe:N0} samples each");
        await output.WriteLineAsync(
            $"trials          {forecast.UniformTrials:N0} uniform, up to {forecast.MixedTrials:N0} mixed, on {forecast.Samples.Choice:N0} samples each; "
            + $"the frontier on {forecast.Samples.Confirm:N0} more");
        await output.WriteLineAsync($"disk            {ByteSize.Write(forecast.CellBytes)} of cells; a store also takes {ByteSize.Write(forecast.FileBytes)} of model and data");
        await output.WriteLineAsync(
            $"memory          {ByteSize.Write(forecast.MemoryBytes)} with {forecast.Slots} slots: {ByteSize.Write(forecast.Needs.SharedBytes)}, and {ByteSize.Write(forecast.Needs.SlotBytes)} a slot");
        await output.WriteLineAsync(forecast is { Duration: { } duration, TimePerSample: { } perSample }
            ? $"time            about {Quantity.Duration(duration)} ({perSample.TotalMilliseconds:0.00} ms a sample and thread on this machine)"
            : "time            not known: a command measures");
    }
}
