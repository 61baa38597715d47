using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using SweepCluster.Server.Api;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Sweeps;

/// <summary>Sends files as a client does.</summary>
internal static class Upload
{
    /// <summary>Sends the tiny sweep's files.</summary>
    internal static async Task<SubmitRequest> TinyAsync(HttpClient client, string name = "tiny", int seed = 7)
    {
        string samples = Path.Combine(SharedData.Samples, "resnet20"), model = Path.Combine(samples, "ResNet20.mlpackage");
        ImmutableArray<FileResource> files =
        [
            .. await Task.WhenAll(Directory.GetFiles(model, "*", SearchOption.AllDirectories)
                .Select(file => SendAsync(client, $"m/ResNet20.mlpackage/{Path.GetRelativePath(model, file)}", File.ReadAllBytes(file)))),
            await SendAsync(client, "d/test-2000.npz", await File.ReadAllBytesAsync(Path.Combine(samples, "test-2000.npz"))),
        ];
        return new SubmitRequest(TinyServer.SpecOf(name, seed, "m/ResNet20.mlpackage", "d/test-2000.npz"), files);
    }

    /// <summary>Sends one file.</summary>
    internal static async Task<FileResource> SendAsync(HttpClient client, string path, byte[] content)
    {
        List<string> parts = [];
        foreach (byte[] part in content.Chunk(16 << 20))
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(part));
            HttpResponseMessage answer = await PutAsync(client, hash, part);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            parts.Add(hash);
        }

        return new FileResource(path, [.. parts]);
    }

    internal static async Task<HttpResponseMessage> PutAsync(HttpClient client, string hash, byte[] content)
    {
        using ByteArrayContent body = new(content);
        body.Headers.ContentType = new("application/octet-stream");
        return await client.PutAsync($"/api/v1/blobs/{hash}", body);
    }

    /// <summary>Hands a request in.</summary>
    internal static async Task<HttpResponseMessage> SubmitAsync(HttpClient client, SubmitRequest request, string? key = null, string path = ApiPaths.Sweeps)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, path) { Content = JsonContent.Create(request, ApiJson.Default.SubmitRequest) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(message);
    }
}
