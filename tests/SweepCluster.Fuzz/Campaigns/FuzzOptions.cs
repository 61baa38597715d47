using System.Globalization;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>What a campaign is asked for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Cases in all; a run by time alone has no end of them.</summary>
    public long Cases { get; init; } = 100_000;

    public double Minutes { get; init; } = double.PositiveInfinity;

    public int Seed { get; init; } = 1;

    /// <summary>Processes at once.</summary>
    public int Parts { get; init; } = Environment.ProcessorCount;

    /// <summary>Which of them this one is; -1 for the one that starts them.</summary>
    public int Part { get; init; } = -1;

    /// <summary>Where cases that failed are kept; beside the program, so that each checkout has its own.</summary>
    public string FailureFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "failures");

    /// <summary>Where a part writes the case that it is at; of the process that started it.</summary>
    public string? WorkFolder { get; init; }

    public int SecondsPerCase { get; init; } = 60;

    /// <summary>What reading may allocate beside four times the model's length. Less than what is promised shows on small models what would break the promise on large ones.</summary>
    public long SpareBytes { get; init; } = 64L << 20;

    /// <summary>A model to run once more.</summary>
    public string? Replay { get; init; }

    public bool WithShared { get; init; }

    /// <summary>Whether to start from models of one file alone, which are neural networks.</summary>
    public bool OnlyNetworks { get; init; }

    public bool Verbose { get; init; }

    /// <exception cref="FormatException">An option is unknown, or its value is none.</exception>
    public static FuzzOptions Parse(string[] arguments)
    {
        FuzzOptions options = new();
        bool hasCases = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new FormatException($"{arguments[i - 1]}: found nothing behind it, expected a value.");
            options = arguments[i] switch
            {
                "--cases" => options with { Cases = long.Parse(Value(), CultureInfo.InvariantCulture) },
                "--minutes" => options with { Minutes = double.Parse(Value(), CultureInfo.InvariantCulture), Cases = hasCases ? options.Cases : long.MaxValue / 2 },
                "--seed" => options with { Seed = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--jobs" => options with { Parts = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--part" => options with { Part = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--work" => options with { WorkFolder = Value() },
                "--failures" => options with { FailureFolder = Value() },
                "--seconds-per-case" => options with { SecondsPerCase = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--spare-mib" => options with { SpareBytes = long.Parse(Value(), CultureInfo.InvariantCulture) << 20 },
                "--replay" => options with { Replay = Value() },
                "--networks" => options with { OnlyNetworks = true },
                "--shared" => options with { WithShared = true },
                "--verbose" => options with { Verbose = true },
                _ => throw new FormatException(
                    $"found '{arguments[i]}', expected --cases N, --minutes M, --seed S, --jobs J, --failures FOLDER, --seconds-per-case N, --spare-mib N, --networks, --shared, --verbose or --replay MODEL."),
            };
            hasCases |= arguments[i] == "--cases" || (i > 0 && arguments[i - 1] == "--cases");
        }

        return options;
    }
}
