using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Runs;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep evaluate MODEL --data DATA</c>: measures any model on labelled data.</summary>
internal sealed class EvaluateCommand : SweepCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model, compressed or not." };
    private readonly Option<string?> _data = new("--data") { Description = "Labelled data: a .npz, a .npy or idx file, or a folder of pictures." };
    private readonly Option<string?> _labels = new("--labels") { Description = "Name of the labels in a .npz, or the labels file." };
    private readonly Option<string?> _spec = new("--spec") { Description = "Takes the data and its preprocessing from this spec." };
    private readonly Option<string?> _sweep = new("--sweep") { Description = "Takes data, samples and the uncompressed model from this result folder." };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "A model to compare with, sample by sample." };
    private readonly Option<string> _samples = new("--samples")
    {
        Description = "Which samples: all, or with --sweep choice or confirm.",
        DefaultValueFactory = _ => "all",
    };

    private readonly Option<string> _format = CommonOptions.Format();

    internal EvaluateCommand()
        : base("evaluate", "Measures a model on labelled data: top-1, top-5, loss, and beside another model agreement, divergence and paired drops.")
    {
        Arguments.Add(_model);
        foreach (Option option in new Option[] { _data, _labels, _spec, _sweep, _baseline, _samples, _format })
        {
            Options.Add(option);
        }

        _samples.AcceptOnlyFromAmong("all", "choice", "confirm");
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string model = input.GetRequiredValue(_model);
        EvaluationRequest request = await RequestAsync(input, cancellationToken);
        EvaluationResult result = ModelEvaluation.Run(model, request, Environment.ProcessorCount, cancellationToken);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new { model, format = result.ModelFormat, samples = result.Tally.Samples, metrics = result.Metrics, drops = result.Drops, notices = result.Notices });
            return ExitCodes.Success;
        }

        TextTable table = new("metric", ">value [95 %]", ">drop against the baseline [95 %]");
        foreach ((string name, Estimate estimate) in result.Metrics)
        {
            table.Add(name, Quantity.Metric(name, estimate), result.Drops.TryGetValue(name, out Estimate? drop) ? Quantity.Drop(name, drop) : "-");
        }

        await output.WriteLineAsync($"{model}: {result.ModelFormat}, {result.Tally.Samples:N0} samples");
        await table.WriteAsync(output);
        foreach (string notice in result.Notices)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync($"note: {notice}");
        }

        return ExitCodes.Success;
    }

    private async Task<EvaluationRequest> RequestAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string? baseline = input.GetValue(_baseline);
        string part = input.GetRequiredValue(_samples);
        switch (input.GetValue(_data), input.GetValue(_spec), input.GetValue(_sweep))
        {
            case ({ } data, null, null) when part == "all":
                // A labels file is looked for from the working folder first, as every path of a command line is.
                string labels = input.GetValue(_labels) is not { } named ? "labels" : File.Exists(named) ? Path.GetFullPath(named) : named;
                CheckData(data, input.GetValue(_labels) is not null);
                return new EvaluationRequest(new DataSpec(data, "images", labels, null, null, null, null, [], []), baseline, null, null, null);
            case (null, { } spec, null) when part == "all":
                return new EvaluationRequest(DataOf(SpecReader.Read(spec, []), spec), baseline, null, null, null);
            case (null, null, { } folder):
                ResultFolder result = await ResultFolder.OpenAsync(folder, cancellationToken);
                if (result.Spec.Data is { } fetched && !Path.Exists(fetched.Path))
                {
                    throw new BadInputException($"{fetched.Path}: found nothing there, expected the data that the sweep was measured on; where it came from a cluster, 'sweep fetch .. --with-data' brings it.");
                }

                return new EvaluationRequest(
                    DataOf(result.Spec, folder), baseline ?? result.Spec.Model, result.Spec, part, result.Summary.Provenance.DataHash);
            default:
                throw new BadInputException("sweep evaluate: expected exactly one of --data, --spec and --sweep; --samples choice and confirm go with --sweep.");
        }
    }

    // What the default of --labels would make hard to understand, before the model is read.
    private static void CheckData(string data, bool hasLabels)
    {
        if (ModelFormats.ExtensionOf(data).Length > 0 && Path.Exists(data))
        {
            throw new BadInputException($"--data {data}: found a model, expected labelled data: a .npz, a .npy or idx file, or a folder of pictures.");
        }

        if (!hasLabels && Directory.Exists(data) && DatasetReader.UsualLabels(data) is null)
        {
            throw new BadInputException($"--data {data}: found no labels.csv in the folder or beside it, expected one, which is where labels are looked for by default, or --labels with the path of another.");
        }
    }

    private static DataSpec DataOf(SweepSpec spec, string place) =>
        spec.Data ?? throw new BadInputException($"{place}: found a sweep measured by a command, expected one with data.");
}
