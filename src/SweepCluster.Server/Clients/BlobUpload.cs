using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Api;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Clients;

/// <summary>Takes a sweep's files to a server in parts, several at once. Parts that it has are not sent: an upload that was broken off goes on where it was.</summary>
internal sealed class BlobUpload(ServerCalls calls, IProgress<UploadProgress>? progress)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10); // 16 MiB over the slowest of lines

    private long _total, _done, _found;

    /// <summary>Sends what a spec names.</summary>
    /// <returns>The spec whose files are beside it, and these files.</returns>
    /// <exception cref="BadInputException">A file cannot be read, or has a name that a server does not take.</exception>
    internal async Task<(SweepSpec Spec, ImmutableArray<FileResource> Files)> SendAsync(SweepSpec spec, CancellationToken cancellationToken)
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

        if (files.Keys.FirstOrDefault(path => !path.Split('/').All(IsName)) is { } odd)
        {
            throw new BadInputException(
                $"{odd}: found a file name that a server does not take, expected letters, digits, '.', '_', '-' and spaces, not beginning with a dot; rename it, or hand the sweep in with --store.");
        }

        _total = Bundles.SizeOf(files);
        ImmutableArray<BundleFile> packed = await Bundles.PackAsync(spec.Name, files, PutAsync, cancellationToken);
        return (moved with { GivenPlans = plans.ToImmutable() }, [.. packed.Select(file => new FileResource(file.Path, file.Parts))]);
    }

    private static bool IsName(string part) => part.Length > 0 && part[0] != '.' && part.All(character => char.IsLetterOrDigit(character) || character is '.' or '_' or '-' or ' ');

    private async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span)), path = ServerCalls.Relative($"{ApiPaths.Blobs}/{sha256}");
        bool isThere = await calls.TryCallAsync(
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
