using System.Diagnostics;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>The fuzzer, started as a person starts it: a campaign of a few cases from a fixed seed finds nothing.</summary>
public sealed class FuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Campaign_OfAFewThousandCases_FindsNothing(int seed)
    {
        using TemporaryFolder failures = new();
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "SweepCluster.Fuzz.dll"), "--cases", "3000", "--seed", $"{seed}", "--jobs", "1", "--failures", failures.Path])
        {
            start.ArgumentList.Add(argument);
        }

        using Process fuzzer = Process.Start(start)!;
        Task<string> errors = fuzzer.StandardError.ReadToEndAsync();
        string said = await fuzzer.StandardOutput.ReadToEndAsync();
        await fuzzer.WaitForExitAsync();

        Assert.True(fuzzer.ExitCode == 0, said + await errors);
        Assert.Contains("part 0: 3000 cases", said, StringComparison.Ordinal);
    }
}
