using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Benchmarks.Serving;

/// <summary>How long a server takes to answer with a finished sweep of many trials: one question after the other over one connection.</summary>
internal static class ApiLatency
{
    private const int Times = 100;

    private static readonly string[] s_paths =
    [
        "/api/v1/sweeps", "{0}", "{0}/progress", "{0}/frontier", "{0}/trials?limit=100", "{0}/trials?limit=1000", "{0}/trials?limit=100&where=kind=mixed%20and%20size<100KB&sort=-ratio",
        "{0}/sensitivities?limit=1000", "{0}/trials.csv", "{0}/report", "{0}/report.html", "/api/v1/silos", "/api/v1/events", "/healthz",
    ];

    /// <summary>Runs it.</summary>
    /// <param name="args">Trials (10,000 by default).</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        int trials = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        using ServedProcess server = await ServedProcess.StartAsync(trials, 0);
        await server.OrderAsync("go");
        using HttpClient client = new() { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        foreach (string path in s_paths.Select(path => string.Format(CultureInfo.InvariantCulture, path, $"/api/v1/sweeps/{server.Sweep}")))
        {
            double first = await AskAsync(client, path);
            int times = first > 200 ? 10 : Times;
            List<double> taken = [];
            long bytes = 0;
            for (int time = 0; time < times; time++)
            {
                taken.Add(await AskAsync(client, path));
            }

            bytes = (await client.GetByteArrayAsync(path)).Length;
            taken.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path.Replace(server.Sweep, "ID", StringComparison.Ordinal),-90} first {first,8:F1} ms   median {taken[times / 2],7:F2} ms   99 % {taken[(int)(times * 0.99)],7:F2} ms   {bytes,12:N0} bytes"));
        }

        await server.EndAsync();
        return 0;
    }

    private static async Task<double> AskAsync(HttpClient client, string path)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await client.GetAsync(path);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
