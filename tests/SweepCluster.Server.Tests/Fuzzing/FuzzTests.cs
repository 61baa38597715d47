using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Server.Api;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Tests.Access;
using SweepCluster.Server.Tests.Sweeps;
using Xunit.Abstractions;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>Malformed and hostile requests against a real server over a store in a folder, with a finished sweep in it.</summary>
[Collection(nameof(Alone))]
public sealed class FuzzTests(FinishedSweep finished, ITestOutputHelper output) : IClassFixture<FinishedSweep>
{
    private const int Requests = 20_000;
    private const int Warm = 10_000; // others, after which caches and pools have what they keep
    private const int AtOnce = 8;
    private const int Rounds = 8;
    private const long MostGrowth = Requests / Rounds * 1024L; // bytes that live on, in the quietest round: under 1 KiB a request

    [Fact]
    public async Task Requests_TenThousandMalformed_CauseNoServerErrorAndNoGrowthInMemory()
    {
        TinyServer server = finished.Server;
        RequestForge forge = await ForgeAsync(server, finished.Id, 20261120);
        string[] before = SpooledFiles();
        List<string> faults = [];
        SortedDictionary<int, int> statuses = [];

        await RunAsync(server, forge, 0, Warm, faults, statuses);
        string[] kept = OwnFiles(server); // exports, for who fetches them
        List<long> live = [LiveBytes()];
        for (int round = 0; round < Rounds; round++)
        {
            await RunAsync(server, forge, Warm + (round * Requests / Rounds), Warm + ((round + 1) * Requests / Rounds), faults, statuses);
            live.Add(LiveBytes());
        }

        output.WriteLine($"answers: {string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}"))}");
        output.WriteLine($"live bytes: {string.Join(", ", live)}");
        Assert.True(faults.Count == 0, $"{faults.Count} faults, the first:\n{string.Join("\n\n", faults.Order(StringComparer.Ordinal).Take(5))}");
        Assert.Equal(Warm + Requests, statuses.Values.Sum());
        Assert.InRange(statuses.Where(status => status.Key is >= 400 and < 500).Sum(status => status.Value), Requests / 2, Warm + Requests);
        long growth = live.Zip(live.Skip(1), (earlier, later) => later - earlier).Min(); // what leaks does so in every round; pools take more in some
        Assert.True(growth < MostGrowth, $"grew by {growth} bytes in every round: {string.Join(", ", live)}");
        Assert.True(await IsSoonAsync(() => SpooledFiles().All(before.Contains)), $"left: {string.Join(", ", SpooledFiles().Except(before))}");
        Assert.True(await IsSoonAsync(() => OwnFiles(server).All(kept.Contains)), $"left: {string.Join(", ", OwnFiles(server).Except(kept))}");
        Assert.Equal("well\n", await server.Client.GetStringAsync("/healthz"));
        Assert.Contains(finished.Id, await server.Client.GetStringAsync(ApiPaths.Sweeps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_WithoutATokenOrWithAWrongOne_AreNeverDone()
    {
        NewToken[] tokens = Door.MakeTokens();
        await using TinyServer server = await TinyServer.StartAsync(options: new ServerOptions
        {
            Access = new AccessOptions { TokenLines = Door.Lines(tokens), Limits = new LimitOptions { AddressRate = 1e6, AddressBurst = 1_000_000 } },
        });
        RequestForge forge = await ForgeAsync(server, "ffff", 5, tokens[0].Secret);
        List<string> faults = [];
        SortedDictionary<int, int> statuses = [];

        await RunAsync(server, forge, 0, 2_000, faults, statuses, stranger: true);

        Assert.True(faults.Count == 0, $"{faults.Count} faults, the first:\n{string.Join("\n\n", faults.Order(StringComparer.Ordinal).Take(5))}");
        Assert.True(statuses.GetValueOrDefault(401) > 500, $"{statuses.GetValueOrDefault(401)} times 401");
    }

    private static async Task RunAsync(TinyServer server, RequestForge forge, int from, int to, List<string> faults, SortedDictionary<int, int> statuses, bool stranger = false)
    {
        int port = server.Client.BaseAddress!.Port;
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            ForgedRequest request = forge.Make(number);
            RawAnswer answer = await RawAnswer.AskAsync(port, request.Bytes, request.IsBrokenHttp);

            // 505 is what HTTP itself answers to a version of it that does not exist; the web server does so before any of ours is asked.
            string? fault = answer.Status is >= 500 and not 505 ? $"{answer.Status}, a server's error"
                : answer.Status == 0 && !request.IsBrokenHttp ? "no answer"
                : answer.Status is >= 400 and < 500 && request is { IsApi: true, IsBrokenHttp: false } && !answer.ContentType.StartsWith("application/problem+json", StringComparison.Ordinal) ? "a refusal that is no problem document"
                : stranger && request.IsApi && answer.Status is >= 200 and < 300 ? "done for a stranger"
                : null;
            lock (statuses)
            {
                statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
                if (fault is not null)
                {
                    faults.Add($"{fault}: request {number}\n  {request.Beginning}\n  answered\n  {answer.Head.ReplaceLineEndings("\n  ")}\n  {answer.Body[..Math.Min(answer.Body.Length, 500)]}");
                }
            }
        });
    }

    private static async Task<RequestForge> ForgeAsync(TinyServer server, string sweep, int seed, string? token = null)
    {
        JsonNode document = JsonNode.Parse(await server.Client.GetStringAsync(ApiPaths.OpenApi))!;
        ApiOperation[] api = OpenApiReader.Read(document);
        Assert.True(api.Length >= 20, $"{api.Length} operations");
        ApiOperation[] pages =
        [
            .. server.Application.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith(ApiPaths.Root, StringComparison.Ordinal))
                .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new ApiOperation(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), [], [], null, [], IsApi: false))),
        ];
        Assert.True(pages.Length >= 10, $"{pages.Length} pages");
        string form = "none";
        if (token is null)
        {
            string page = await server.Client.GetStringAsync($"/sweeps/{sweep}");
            form = page.Split($"name=\"{Visitor.FormField}\" value=\"")[1].Split('"')[0];
        }

        return new RequestForge([.. api, .. api, .. pages], $"127.0.0.1:{server.Client.BaseAddress!.Port}", sweep, form, seed);
    }

    private static long LiveBytes()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // Bodies that the web server put on disk while it read a form.
    private static string[] SpooledFiles() => Directory.GetFiles(Path.GetTempPath(), "ASPNETCORE_*");

    private static string[] OwnFiles(TinyServer server)
    {
        string probe = server.Application.Services.GetRequiredService<ServerFolder>().New(), folder = Path.GetDirectoryName(probe)!;
        ServerFolder.Remove(probe);
        return Directory.GetFileSystemEntries(folder);
    }

    private static async Task<bool> IsSoonAsync(Func<bool> condition)
    {
        for (int attempt = 0; attempt < 100 && !condition(); attempt++)
        {
            await Task.Delay(100);
        }

        return condition();
    }
}
