using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace SweepCluster.Cli.Commands;

/// <summary>Options that several commands have, and the limits of numbers.</summary>
internal static class CommonOptions
{
    /// <summary>The most slots of one process: a thread each.</summary>
    internal const int MostSlots = 1024;

    /// <summary>The option <c>--format</c> that every command with data has.</summary>
    internal static Option<string> Format()
    {
        Option<string> option = new("--format") { Description = "text for people, json for scripts.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    /// <summary>The option <c>--slots</c>.</summary>
    internal static Option<int> Slots() => new Option<int>("--slots")
    {
        Description = "Jobs that run at the same time. Default: the number of processors.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.AtLeast(1).AtMost(MostSlots);

    /// <summary>The option <c>--quiet</c>.</summary>
    internal static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Shows no progress." };

    /// <summary>The option <c>--plain</c>.</summary>
    internal static Option<bool> Plain() => new("--plain") { Description = "Shows progress as one line even where the terminal could show a table and a plot." };

    /// <summary>Whether the output is for scripts.</summary>
    internal static bool IsJson(this ParseResult input, Option<string> option) => input.GetValue(option) == "json";

    /// <summary>Refuses numbers below a limit, and NaN.</summary>
    internal static Option<T> AtLeast<T>(this Option<T> option, T least)
        where T : struct, INumber<T>
    {
        Limit(option, least);
        return option;
    }

    /// <summary>Refuses numbers below a limit, and NaN, where the option is given.</summary>
    internal static Option<T?> AtLeast<T>(this Option<T?> option, T least)
        where T : struct, INumber<T>
    {
        Limit(option, least);
        return option;
    }

    /// <summary>Refuses numbers above a limit.</summary>
    internal static TOption AtMost<TOption>(this TOption option, int most)
        where TOption : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string word }] && int.TryParse(word, CultureInfo.InvariantCulture, out int value) && value > most)
            {
                result.AddError(FormattableString.Invariant($"{option.Name}: found {value}, expected {most} or less."));
            }
        });
        return option;
    }

    // Reads the word itself: one that is no number has the parser's own message.
    private static void Limit<T>(Option option, T least)
        where T : struct, INumber<T> => option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string word }] && T.TryParse(word, CultureInfo.InvariantCulture, out T value) && !(value >= least))
            {
                result.AddError(FormattableString.Invariant($"{option.Name}: found {value}, expected {least} or more."));
            }
        });
}
