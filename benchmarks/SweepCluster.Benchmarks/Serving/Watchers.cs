using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SweepCluster.Benchmarks.Serving;

/// <summary>
/// Many watchers of one sweep that runs, all on one server: the time from the acknowledgement of a result to the event that tells of it, over all results and watchers. The server sends at most four states a
/// second, so half of 250 ms is the floor of the median and 250 ms that of the greatest. The watchers run in this process, the server in another; both share the machine.
/// </summary>
internal static class Watchers
{
    /// <summary>Runs it.</summary>
    /// <param name="args">Watchers (1,000 by default), trials (1,000), milliseconds between two results (20).</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        int watchers = Number(args, 0, 1_000), trials = Number(args, 1, 1_000), pause = Number(args, 2, 20);
        using ServedProcess server = await ServedProcess.StartAsync(trials, pause);
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = int.MaxValue };
        using HttpClient client = new(handler) { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        long connecting = Stopwatch.GetTimestamp();
        List<(long Results, long Ticks)>[] seen = new List<(long, long)>[watchers];
        SemaphoreSlim atOnce = new(64);
        Task[] reading = new Task[watchers];
        for (int number = 0; number < watchers; number++)
        {
            await atOnce.WaitAsync();
            List<(long Results, long Ticks)> own = seen[number] = [];
            TaskCompletionSource first = new();
            reading[number] = Task.Run(() => ReadAsync(client, server.Sweep, own, first));
            _ = first.Task.ContinueWith(_ => atOnce.Release(), TaskScheduler.Default);
        }

        while (seen.Any(own => own.Count == 0))
        {
            await Task.Delay(20);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watchers} watchers connected in {Stopwatch.GetElapsedTime(connecting).TotalSeconds:F1} s"));
        await server.OrderAsync("connected");
        await server.OrderAsync("go");
        await Task.WhenAll(reading).WaitAsync(TimeSpan.FromMinutes(1));
        long[] acknowledged = await server.EndAsync();
        Tell(seen, acknowledged);
        return 0;
    }

    private static async Task ReadAsync(HttpClient client, string sweep, List<(long Results, long Ticks)> seen, TaskCompletionSource first)
    {
        using HttpResponseMessage answer = await client.GetAsync($"/api/v1/sweeps/{sweep}/changes", HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 14);
        while (await reader.ReadLineAsync() is { } line && line != "event: end")
        {
            const string Key = "\"results\":";
            int at = line.IndexOf(Key, StringComparison.Ordinal);
            if (at > 0)
            {
                ReadOnlySpan<char> rest = line.AsSpan(at + Key.Length);
                seen.Add((long.Parse(rest[..rest.IndexOf(',')], CultureInfo.InvariantCulture), Stopwatch.GetTimestamp()));
                first.TrySetResult();
            }
        }
    }

    private static void Tell(List<(long Results, long Ticks)>[] seen, long[] acknowledged)
    {
        List<double> delays = [];
        foreach (List<(long Results, long Ticks)> own in seen)
        {
            long known = 0;
            foreach ((long results, long ticks) in own)
            {
                for (long result = known + 1; result <= results && result < acknowledged.Length; result++)
                {
                    delays.Add(Stopwatch.GetElapsedTime(acknowledged[result], ticks).TotalMilliseconds);
                }

                known = Math.Max(known, results);
            }
        }

        delays.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{acknowledged.Length - 1} results, {seen.Sum(own => own.Count):N0} events, {seen.Average(own => own.Count):F0} a watcher; delay from record to event: median {At(delays, 0.5):F0} ms, 99 % {At(delays, 0.99):F0} ms, greatest {delays[^1]:F0} ms; missed: {seen.Count(own => own[^1].Results != acknowledged.Length - 1)} watchers"));
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    private static int Number(string[] args, int place, int usual) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : usual;
}
