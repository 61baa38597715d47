using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Benchmarks.Serving;

/// <summary>How long a server takes to answer with the page of a finished sweep of many trials, and with what the page needs: the first time, when nothing is read, and again. The browser's part is not in it.</summary>
internal static class PageOpening
{
    private const int Times = 20;

    /// <summary>Runs it.</summary>
    /// <param name="args">Trials (10,000 by default); <c>stay</c> keeps the server, for a browser, until a line is read.</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        int trials = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        using ServedProcess server = await ServedProcess.StartAsync(trials, 0);
        await server.OrderAsync("go");
        using HttpClient client = new() { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        await TellAsync(client, $"/sweeps/{server.Sweep}");
        await server.OrderAsync("opened");
        await TellAsync(client, $"/sweeps/{server.Sweep}?sort=drop&page=3");
        await TellAsync(client, "/");
        await TellAsync(client, $"/api/v1/sweeps/{server.Sweep}/report.html");
        await server.OrderAsync("read");
        if (args.Contains("stay"))
        {
            Console.WriteLine($"open {server.Address}sweeps/{server.Sweep}, then press Enter");
            Console.ReadLine();
        }

        await server.EndAsync();
        return 0;
    }

    private static async Task TellAsync(HttpClient client, string path)
    {
        (double firstByte, double whole, long bytes) = await AskAsync(client, path);
        List<(double FirstByte, double Whole, long Bytes)> again = [];
        for (int time = 0; time < Times; time++)
        {
            again.Add(await AskAsync(client, path));
        }

        double[] bytesAt = [.. again.Select(answer => answer.FirstByte).Order()], wholeAt = [.. again.Select(answer => answer.Whole).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path,-60} first time {firstByte:F0} ms to the first byte, {whole:F0} ms whole, {bytes:N0} bytes; again: first byte best {bytesAt[0]:F1}, median {bytesAt[Times / 2]:F1} ms, whole best {wholeAt[0]:F1}, median {wholeAt[Times / 2]:F1} ms, {again[^1].Bytes:N0} bytes"));
    }

    private static async Task<(double FirstByte, double Whole, long Bytes)> AskAsync(HttpClient client, string path)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        double firstByte = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long bytes = (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
        return (firstByte, Stopwatch.GetElapsedTime(start).TotalMilliseconds, bytes);
    }
}
