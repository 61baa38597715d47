using System.CommandLine;
using System.CommandLine.Parsing;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Cli.Commands;

/// <summary>The options that say what is asked of a sweep in a store, shared by <c>submit</c>, <c>run</c> and <c>change</c>.</summary>
internal sealed class ControlArguments
{
    private readonly Option<int?> _priority = new("--priority") { Description = "Sweeps of a higher priority go first; equal ones share the slots. Default: 0." };
    private readonly Option<int?> _attempts = new Option<int?>("--attempts") { Description = "Attempts at a job that may end without a result before it is set aside. Default: 5." }.AtLeast(1);
    private readonly Option<string?> _timeLimit = new("--time-limit") { Description = "Longest time of one attempt at a job, as 90s, 10m or 2h; none: no limit, the default." };

    internal void AddTo(Command command)
    {
        command.Options.Add(_priority);
        command.Options.Add(_attempts);
        command.Options.Add(_timeLimit);
    }

    /// <summary>Whether any of them is given.</summary>
    internal bool AnyIn(ParseResult input) => new Option[] { _priority, _attempts, _timeLimit }.Any(option => input.GetResult(option) is OptionResult { Implicit: false });

    /// <summary>What changes.</summary>
    /// <exception cref="Graphs.BadInputException">The time limit is none.</exception>
    internal SweepChange ReadChange(ParseResult input) => new()
    {
        Priority = input.GetValue(_priority),
        MaxAttempts = input.GetValue(_attempts),
        TimeLimit = input.GetValue(_timeLimit) is { } limit ? DurationText.Parse("--time-limit", limit) : null,
    };

    /// <summary>What is asked of a new sweep.</summary>
    /// <exception cref="Graphs.BadInputException">The time limit is none.</exception>
    internal SweepControl Read(ParseResult input)
    {
        SweepChange change = ReadChange(input);
        return SweepControl.Default with
        {
            Priority = change.Priority ?? SweepControl.Default.Priority,
            MaxAttempts = change.MaxAttempts ?? SweepControl.Default.MaxAttempts,
            TimeLimit = change.TimeLimit == Timeout.InfiniteTimeSpan ? null : change.TimeLimit,
        };
    }
}
