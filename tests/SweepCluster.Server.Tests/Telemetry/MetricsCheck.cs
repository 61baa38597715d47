using System.Diagnostics;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>What <c>promtool check metrics</c> says of a text.</summary>
internal static class MetricsCheck
{
    internal static async Task<(int ExitCode, string Output)> RunAsync(string text)
    {
        ProcessStartInfo start = new("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
