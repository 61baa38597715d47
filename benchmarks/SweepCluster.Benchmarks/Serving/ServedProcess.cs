using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Benchmarks.Serving;

/// <summary>The other side of a <see cref="ServedSweep"/>.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private ServedProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Where the server is.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <summary>The sweep's id.</summary>
    internal string Sweep { get; private set; } = "";

    /// <summary>Starts one.</summary>
    internal static async Task<ServedProcess> StartAsync(int trials, int pauseMilliseconds)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-served-").FullName;
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments = [.. Environment.GetCommandLineArgs()[0] is var own && own.EndsWith(".dll", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [own] : Array.Empty<string>(),
            "served", folder, trials.ToString(CultureInfo.InvariantCulture), pauseMilliseconds.ToString(CultureInfo.InvariantCulture)];
        Array.ForEach(arguments, start.ArgumentList.Add);
        ServedProcess served = new(Process.Start(start)!, folder);
        string[] place = (await served._process.StandardOutput.ReadLineAsync())!.Split(' ');
        (served.Address, served.Sweep) = (new Uri(place[0]), place[1]);
        Console.WriteLine(await served._process.StandardOutput.ReadLineAsync());
        return served;
    }

    /// <summary>Tells it what to do, and waits until it is done.</summary>
    internal async Task OrderAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        Console.WriteLine(await _process.StandardOutput.ReadLineAsync());
    }

    /// <summary>Ends it.</summary>
    /// <returns>When each result was acknowledged, in ticks, by the number of results.</returns>
    internal async Task<long[]> EndAsync()
    {
        await OrderAsync("end");
        (long Results, long Ticks)[] noted = [.. (await _process.StandardOutput.ReadLineAsync())!.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(':')).Select(entry => (long.Parse(entry[0], CultureInfo.InvariantCulture), long.Parse(entry[1], CultureInfo.InvariantCulture)))];
        long[] ticks = new long[noted.Max(entry => entry.Results) + 1];
        foreach ((long results, long at) in noted)
        {
            ticks[results] = at;
        }

        await _process.WaitForExitAsync();
        return ticks;
    }

    /// <summary>Ends the process and removes its folder.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
