using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep plan SPEC</c>: counts what a sweep will be before anything runs.</summary>
internal sealed class PlanCommand : SweepCommand
{
    private readonly SpecArguments _spec = new();
    private readonly Option<int> _slots = CommonOptions.Slots();
    private readonly Option<string> _format = CommonOptions.Format();

    internal PlanCommand()
        : base("plan", "Says what a sweep will be: the baseline's accuracy, cells, probes, trials, bytes, memory, time. Writes nothing.")
    {
        _spec.AddTo(this);
        Options.Add(_slots);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        SweepSpec spec = _spec.Read(input);
        RunOptions limits = new() { ResultFolder = string.Empty };
        SweepForecast forecast = await SweepRunner.ForecastAsync(
            spec, input.GetValue(_slots), limits.MemoryBytes, TimeProvider.System, cancellationToken);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new { forecast, samples = new { forecast.Samples.Probe, forecast.Samples.Choice, forecast.Samples.Confirm } });
            return ExitCodes.Success;
        }

        foreach (string notice in forecast.Notices)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync($"note: {notice}");
        }

        await WriteTextAsync(output, spec, forecast);
        return ExitCodes.Success;
    }

    private static async Task WriteTextAsync(TextWriter output, SweepSpec spec, SweepForecast forecast)
    {
        foreach ((string name, Estimate estimate) in forecast.Baseline.Where(metric => Quantity.IsShare(metric.Key) && metric.Key != "agreement"))
        {
            await output.WriteLineAsync($"baseline {name,-6} {Quantity.Metric(name, estimate)} on {estimate.Samples:N0} samples");
        }

        await output.WriteLineAsync($"baseline size   {Quantity.Bytes(forecast.BaselineBytes)}");
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
        await output.WriteLineAsync($"disk            {Quantity.Bytes(forecast.CellBytes)} of cells");
        await output.WriteLineAsync($"memory          {Quantity.Bytes(forecast.MemoryBytes)} with {forecast.Slots} slots");
        await output.WriteLineAsync($"time            about {Quantity.Duration(forecast.Duration)} ({forecast.TimePerSample.TotalMilliseconds:0.00} ms a sample and thread on this machine)");
    }
}
