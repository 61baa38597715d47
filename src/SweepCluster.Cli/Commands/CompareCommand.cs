using System.CommandLine;
using System.Globalization;
using SweepCluster.Cli.Terminal;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Comparison;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep compare A B</c>: what two models have alike, and how far their weights are apart.</summary>
internal sealed class CompareCommand : SweepCommand
{
    private const int MostNames = 5;
    private const string NameChange = "name "; // how a change of the name begins

    private readonly Argument<string> _left = new("A") { Description = "A model: the one that the other is measured against." };
    private readonly Argument<string> _right = new("B") { Description = "A model, of the same kind or another." };
    private readonly Option<string> _sort = new("--sort") { Description = "Order of the weights: program, or worst first.", DefaultValueFactory = _ => "program" };
    private readonly Option<double?> _least = new("--min-sqnr") { Description = "Ends with exit code 1 where a weight of both is nearer to noise than this, in dB, where one model alone has a weight, or where the programs differ in more than names and types. For scripts." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal CompareCommand()
        : base("compare", "Compares two models: their programs, and every weight's error and size. Results of sweeps are compared by 'diff'.")
    {
        Arguments.Add(_left);
        Arguments.Add(_right);
        Options.Add(_sort);
        Options.Add(_least);
        Options.Add(_format);
        _sort.AcceptOnlyFromAmong("program", "worst");
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string leftPath = input.GetRequiredValue(_left), rightPath = input.GetRequiredValue(_right);
        Graph left = ModelFormats.For(leftPath).Read(leftPath), right = ModelFormats.For(rightPath).Read(rightPath);
        ModelComparison comparison = ModelComparer.Compare(left, right, cancellationToken);
        WeightComparison[] weights = [.. input.GetValue(_sort) == "worst" ? comparison.Weights.OrderBy(weight => weight.Difference.Sqnr) : comparison.Weights.AsEnumerable()];
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await WriteJsonAsync(output, left, right, comparison, weights);
        }
        else
        {
            await WriteTextAsync(output, left, right, comparison, weights);
        }

        if (input.GetValue(_least) is not { } least)
        {
            return ExitCodes.Success;
        }

        if (Fault(comparison, least, leftPath, rightPath) is not { } fault)
        {
            return ExitCodes.Success;
        }

        await input.InvocationConfiguration.Error.WriteLineAsync(fault);
        return ExitCodes.Failed;
    }

    // What a script is told first: values, then weights that one model lacks, then operations.
    private static string? Fault(ModelComparison comparison, double least, string leftPath, string rightPath)
    {
        WeightComparison[] below = [.. comparison.Weights.Where(weight => !(weight.Difference.Sqnr >= least))];
        if (below.MinBy(weight => weight.Difference.Sqnr) is { } worst)
        {
            return FormattableString.Invariant($"{below.Length} {(below.Length == 1 ? "weight is" : "weights are")} below {least} dB, the worst '{worst.Left.Name}' at {Decibel(worst.Difference.Sqnr)}");
        }

        if ((comparison.OnlyLeft.FirstOrDefault() ?? comparison.OnlyRight.FirstOrDefault()) is { } lone)
        {
            return $"'{lone.Name}' has nothing in {(comparison.OnlyLeft.IsEmpty ? leftPath : rightPath)} to be compared with";
        }

        return comparison.Operations.FirstOrDefault(operation => operation.IsOther) is not { } other ? null
            : $"the programs differ: {(other.Left is null ? $"only in B: {other.OpType} '{other.Right}'" : other.Right is null ? $"only in A: {other.OpType} '{other.Left}'" : $"{other.OpType} '{other.Left}': {string.Join("; ", other.Changes)}")}";
    }

    private static async Task WriteTextAsync(TextWriter output, Graph left, Graph right, ModelComparison comparison, WeightComparison[] weights)
    {
        if (comparison.HasNothingInCommon)
        {
            await output.WriteLineAsync("These models have nothing in common: no operation and no weight of one is in the other.");
        }

        await output.WriteLineAsync($"A  {ModelText.Head(left)}, {ByteSize.Write(ModelFiles.SizeOf(left.Source))}");
        await output.WriteLineAsync($"B  {ModelText.Head(right)}, {ByteSize.Write(ModelFiles.SizeOf(right.Source))}");
        await output.WriteLineAsync();
        foreach (SettingDifference setting in comparison.Settings)
        {
            await output.WriteLineAsync($"{setting.Name}: {setting.Left} -> {setting.Right}");
        }

        await WriteOperationsAsync(output, comparison);
        await output.WriteLineAsync();
        TextTable table = new("weight", "in A", "in B", ">bytes A", ">bytes B", ">SQNR dB", ">MSE", ">max error", ">relative");
        foreach (WeightComparison weight in weights)
        {
            bool isExact = weight.Difference.IsExact;
            table.Add(
                weight.Left.Name + (weight.MatchedBy == WeightMatch.Name ? "" : $" = {weight.Right.Name}"),
                Stored(weight.Left), Stored(weight.Right),
                weight.Left.Stored.PayloadBytes.ToString(CultureInfo.InvariantCulture), weight.Right.Stored.PayloadBytes.ToString(CultureInfo.InvariantCulture),
                Decibel(weight.Difference.Sqnr), isExact ? "0" : Number(weight.Difference.MeanSquaredError), isExact ? "0" : Number(weight.Difference.MaxAbsolute), isExact ? "0" : Number(weight.Difference.Relative));
        }

        await table.WriteAsync(output);
        await WriteLoneAsync(output, "A", comparison.OnlyLeft);
        await WriteLoneAsync(output, "B", comparison.OnlyRight);
        await output.WriteLineAsync();
        long before = ModelFiles.SizeOf(left.Source), after = ModelFiles.SizeOf(right.Source);
        await output.WriteLineAsync(FormattableString.Invariant(
            $"{weights.Count(weight => weight.Difference.IsExact)} of {weights.Length} weights exact; weights {ByteSize.Write(left.Weights.Sum(weight => weight.Stored.PayloadBytes))} to {ByteSize.Write(right.Weights.Sum(weight => weight.Stored.PayloadBytes))}; files {ByteSize.Write(before)} to {ByteSize.Write(after)} ({(double)before / Math.Max(1, after):0.00}x)"));
    }

    // Changes that many operations have alike are told once.
    private static async Task WriteOperationsAsync(TextWriter output, ModelComparison comparison)
    {
        if (comparison.Operations.IsEmpty)
        {
            await output.WriteLineAsync($"program: no differences in {comparison.Same} operations");
            return;
        }

        await output.WriteLineAsync($"program: {comparison.Same} operations without differences");
        var lines = comparison.Operations.SelectMany(operation => operation.Left is null ? [(Text: $"only in B: {operation.OpType}", Name: $"'{operation.Right}'")]
            : operation.Right is null ? [(Text: $"only in A: {operation.OpType}", Name: $"'{operation.Left}'")]
            : operation.Changes.Select(change => change.StartsWith(NameChange, StringComparison.Ordinal)
                ? (Text: "changed: name", Name: change[NameChange.Length..])
                : (Text: $"changed: {Without(change)}", Name: $"'{operation.Left}'")));
        foreach (var line in lines.GroupBy(line => line.Text, line => line.Name))
        {
            await output.WriteLineAsync($"  {line.Key}: {Quantity.Names([.. line], MostNames)}");
        }
    }

    // Outputs of many shapes change their type alike.
    private static string Without(string change)
    {
        string[] parts = change.Split(" -> ");
        return parts is [var before, var after] && before.StartsWith("output", StringComparison.Ordinal) && before.IndexOf('[', StringComparison.Ordinal) is > 0 and var at
            && after.IndexOf('[', StringComparison.Ordinal) is > 0 and var other && before[at..] == after[other..]
            ? $"{before[..(at - 1)]} -> {after[..(other - 1)]}"
            : change;
    }

    private static async Task WriteLoneAsync(TextWriter output, string side, IEnumerable<Weight> weights)
    {
        foreach (Weight lone in weights)
        {
            await output.WriteLineAsync($"only in {side}: {lone.Name}, {Stored(lone)} {lone.Shape}, {lone.Stored.PayloadBytes} bytes");
        }
    }

    private static string Stored(Weight weight) => $"{weight.Type.Name()} {StoredForm.Describe(weight)}";

    private static string Decibel(double value) => double.IsPositiveInfinity(value) ? "exact" : double.IsNegativeInfinity(value) ? "-inf" : value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static Task WriteJsonAsync(TextWriter output, Graph left, Graph right, ModelComparison comparison, WeightComparison[] weights) => Json.WriteAsync(output, new
    {
        A = Side(left),
        B = Side(right),
        comparison.Settings,
        SameOperations = comparison.Same,
        comparison.Operations,
        Weights = weights.Select(weight => new
        {
            A = Describe(weight.Left),
            B = Describe(weight.Right),
            MatchedBy = weight.MatchedBy.ToString().ToLowerInvariant(),
            Exact = weight.Difference.IsExact,
            Sqnr = Json.Finite(weight.Difference.Sqnr),
            MeanSquaredError = Json.Finite(weight.Difference.MeanSquaredError),
            MaxAbsolute = Json.Finite(weight.Difference.MaxAbsolute),
            Relative = Json.Finite(weight.Difference.Relative),
            weight.Difference.Unlike,
        }),
        OnlyA = comparison.OnlyLeft.Select(Describe),
        OnlyB = comparison.OnlyRight.Select(Describe),
    });

    private static object Side(Graph graph) => new
    {
        Path = graph.Source,
        Format = graph.FormatDescription,
        Operations = graph.Nodes.Length,
        Weights = graph.Weights.Length,
        WeightBytes = graph.Weights.Sum(weight => weight.Stored.PayloadBytes),
        FileBytes = ModelFiles.SizeOf(graph.Source),
    };

    private static object Describe(Weight weight) => new { weight.Name, Type = weight.Type.Name(), Shape = weight.Shape.Extents, Bytes = weight.Stored.PayloadBytes, Stored = StoredForm.Describe(weight) };
}
