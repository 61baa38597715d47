using System.Diagnostics;
using SweepCluster.Fuzz.Cases;
using SweepCluster.Fuzz.Mutations;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>One process's part of a campaign: mutates models, runs them, and keeps those that went a way that none went before.</summary>
/// <remarks>Feedback is what can be had without instruments: the line or the graph that came out, without names and numbers.</remarks>
internal sealed class Campaign(FuzzOptions options)
{
    /// <summary>How a process ends that found a fault and lives.</summary>
    public const int FaultFound = 1;

    private const int StackBytes = 1 << 20; // less than any thread of the product has
    private const int MostKept = 5000;

    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);
    private readonly List<FuzzCase> _corpus = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _caseStarted;
    private readonly HashSet<string> _faults = new(StringComparer.Ordinal);
    private FuzzCase? _running;

    /// <summary>Runs the cases of this process.</summary>
    /// <returns>0, or <see cref="FaultFound"/>; each fault's first case is kept in the folder for failures.</returns>
    public int Run()
    {
        int failed = 0;
        Thread worker = new(() => failed = RunCases(options.WorkFolder!), StackBytes);
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            if (_clock.Elapsed.TotalSeconds - Volatile.Read(ref _caseStarted) > options.SecondsPerCase)
            {
                Keep(_running!, $"ran longer than {options.SecondsPerCase} s");
                Environment.Exit(FaultFound);
            }
        }

        return failed;
    }

    private int RunCases(string folder)
    {
        CaseCheck check = new(folder, options.SpareBytes);
        Random random = new(unchecked((options.Seed * 1009) + options.Part));
        CaseMutator mutator = new(random);
        long done = 0;
        foreach (FuzzCase model in Seeds.All(options.WithShared, options.OnlyNetworks))
        {
            Try(check, model, 0);
            _corpus.Add(model);
        }

        for (long number = options.Part; number < options.Cases && _clock.Elapsed.TotalMinutes < options.Minutes; number += options.Parts, done++)
        {
            FuzzCase model = mutator.Mutate(_corpus[random.Next(_corpus.Count)], _corpus[random.Next(_corpus.Count)]);
            int ways = _signatures.Count;
            Try(check, model, done); // of this process: every one has its turns
            if (_signatures.Count > ways && _corpus.Count < MostKept)
            {
                _corpus.Add(model);
            }
        }

        Console.Out.WriteLine($"part {options.Part}: {done} cases in {_clock.Elapsed.TotalSeconds:F0} s, {_signatures.Count} ways, {_corpus.Count} in the corpus");
        if (options.Verbose)
        {
            foreach (string signature in _signatures.Order(StringComparer.Ordinal))
            {
                Console.Out.WriteLine(signature);
            }
        }

        return _faults.Count == 0 ? 0 : FaultFound;
    }

    private void Try(CaseCheck check, FuzzCase model, long number)
    {
        _running = model;
        Volatile.Write(ref _caseStarted, (long)_clock.Elapsed.TotalSeconds);
        try
        {
            _signatures.Add(check.Run(model, number));
        }
        catch (Exception exception)
        {
            string fault = exception.ToString();
            if (_faults.Add(PlaceOf(exception)))
            {
                Keep(model, $"case {number}: {fault}");
            }
        }
    }

    // The innermost place in the product: a fault that many cases show is told once.
    private static string PlaceOf(Exception exception)
    {
        Exception innermost = exception.GetBaseException();
        string frames = string.Join('\n', (innermost.StackTrace ?? "").Split('\n').Where(frame => frame.Contains("SweepCluster.", StringComparison.Ordinal)).Take(2));
        return $"{innermost.GetType().Name} {frames}";
    }

    private void Keep(FuzzCase model, string why)
    {
        string folder = Path.Combine(options.FailureFolder, $"seed{options.Seed}-part{options.Part}-fault{_faults.Count}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        string path = model.Write(folder);
        File.WriteAllText(Path.Combine(folder, "why.txt"), why);
        string shown = string.Concat(why.Take(4000).Select(letter => letter is '\n' || !char.IsControl(letter) ? letter : '?'));
        Console.Out.WriteLine($"part {options.Part}: {shown}");
        Console.Out.WriteLine($"again: dotnet run --project tests/SweepCluster.Fuzz -c Release -- --replay {path}");
    }
}
