using System.Diagnostics;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>Prometheus' own checker, of the package <c>prometheus</c>.</summary>
internal static class Promtool
{
    /// <summary>The folder of Prometheus' files in the repository.</summary>
    internal static string Folder { get; } = Path.Combine(SharedData.Repository, "deploy", "prometheus");

    /// <summary>Runs it in <see cref="Folder"/>.</summary>
    /// <returns>Exit code, and what it said on both streams.</returns>
    internal static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
