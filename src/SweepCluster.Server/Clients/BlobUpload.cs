using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Api;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Submissions;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Clients;

/// <summary>Takes a sweep's files to a server in parts, several at once. Parts that it has are not sent: an upload that was broken off goes on where it was.</summary>
internal sealed class BlobUpload(ServerCalls calls, IProgress<UploadProgress>? progress)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10); // 16 MiB over the slowest of lines

    private long _total, _done, _found;

    /// <summary>Sends what a spec names.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="missing">Parts that are sent whatever the server says of them: it found that it lacks them.</param>
    /// <param name="cancellationToken">Gives up; what was sent by then need not be sent again.</param>
    /// <returns>The spec whose files are beside it, and these files.</returns>
    /// <exception cref="BadInputException">A file cannot be read, or has a name that a server does not take.</exception>
    internal async Task<(SweepSpec Spec, ImmutableArray<FileResource> Files)> SendAsync(SweepSpec spec, IReadOnlySet<string> missing, CancellationToken cancellationToken)
    {
        SortedDictionary<string, Func<Stream>> files = new(StringComparer.Ordinal);
        SweepSpec moved = Bundles.Collect(spec, files);
        ImmutableArray<GivenPlan>.Builder plans = ImmutableArray.CreateBuilder<GivenPlan>();
        foreach (GivenPlan plan in spec.GivenPlans)
        {
            string path = $"plans/{plans.Count}/{Path.GetFileName(plan.Path)}";
            plans.Add(plan with { Path = path });
            files.Add(path, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(plan.Text)));
        }

        if (files.Keys.FirstOrDefault(path => !FileNames.IsPath(path)) is { } odd)
        {
            throw new BadInputException(
                $"{odd}: found a file name that a server does not take, expected {FileNames.Expected}; rename it, or hand the sweep in with --store.");
        }

        (_total, _done, _found) = (Bundles.SizeOf(files), 0, 0);
        ImmutableArray<BundleFile> packed = await Bundles.PackAsync(spec.Name, files, (content, token) => PutAsync(content, missing, token), cancellationToken);
        return (moved with { GivenPlans = plans.ToImmutable() }, [.. packed.Select(file => new FileResource(file.Path, file.Parts))]);
    }

    private async Task<string> PutAsync(ReadOnlyMemory<byte> content, IReadOnlySet<string> missing, CancellationToken cancellationToken)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span)), path = ServerCalls.Relative($"{ApiPaths.Blobs}/{sha256}");
        bool isThere = !missing.Contains(sha256) && await calls.TryCallAsync(
            () => new HttpRequestMessage(HttpMethod.Head, path), static (_, _) => Task.FromResult(true), s_longest, HttpStatusCode.NotFound, cancellationToken);
        if (!isThere)
        {
            await calls.CallAsync(
                () =>
                {
                    HttpRequestMessage request = new(HttpMethod.Put, path) { Content = new ReadOnlyMemoryContent(content) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    return request;
                },
                static (_, _) => Task.FromResult(true), s_longest, cancellationToken);
        }

        Interlocked.Add(ref _found, isThere ? content.Length : 0);
        progress?.Report(new UploadProgress(Interlocked.Add(ref _done, content.Length), _total, Interlocked.Read(ref _found)));
        return sha256;
    }
}
