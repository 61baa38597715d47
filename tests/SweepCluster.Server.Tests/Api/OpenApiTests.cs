using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Api;

public sealed class OpenApiTests : IAsyncLifetime
{
    private TinyServer _server = null!;
    private JsonElement _document;

    public async Task InitializeAsync()
    {
        _server = await TinyServer.StartAsync();
        _document = await _server.Client.GetFromJsonAsync<JsonElement>("/openapi.json");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private IEnumerable<(string Path, string Method, JsonElement Operation)> Operations => _document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name, operation.Value)));

    [Fact]
    public void Document_EveryEndpointOfTheApi_IsInIt()
    {
        string[] mapped = [.. Endpoints().SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            .Select(method => $"{method.ToLowerInvariant()} {endpoint.RoutePattern.RawText}")).Order(StringComparer.Ordinal)];

        Assert.Equal(mapped, Operations.Select(entry => $"{entry.Method} {entry.Path}").Order(StringComparer.Ordinal));
        Assert.True(mapped.Length > 20);
    }

    [Fact]
    public void Endpoints_OfTheApi_SayWhoMayCallThem() => Assert.All(Endpoints(), endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope));

    [Fact]
    public void Document_EveryOperation_IsDescribedInFull()
    {
        HashSet<string> names = [];
        Assert.StartsWith("3.1", _document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("bearer", _document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        foreach ((string path, string method, JsonElement operation) in Operations)
        {
            string place = $"{method} {path}";
            Assert.True(operation.TryGetProperty("operationId", out JsonElement name) && (method == "head" || names.Add(name.GetString()!)), place);
            Assert.EndsWith(".", operation.GetProperty("summary").GetString(), StringComparison.Ordinal);
            Assert.Contains("Needs the scope", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
            foreach (string status in new[] { "401", "403", "429", "500", "503" })
            {
                Assert.True(operation.GetProperty("responses").GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _), $"{place} {status}");
            }

            Assert.Contains(operation.GetProperty("responses").EnumerateObject(), response => response.Name.StartsWith('2'));
            foreach (JsonElement parameter in operation.TryGetProperty("parameters", out JsonElement parameters) ? parameters.EnumerateArray() : default)
            {
                Assert.True(parameter.TryGetProperty("description", out _) && parameter.TryGetProperty("schema", out _), $"{place} {parameter}");
            }

            Assert.All(path.Split('{').Skip(1), part => Assert.Contains(
                operation.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("in").GetString() == "path" && parameter.GetProperty("name").GetString() == part.Split('}')[0]));
        }
    }

    [Fact]
    public void Document_EveryReference_LeadsSomewhere()
    {
        string[] references = [.. Descend(_document).Where(element => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out _)).Select(element => element.GetProperty("$ref").GetString()!).Distinct()];

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotEqual(
            JsonValueKind.Undefined, reference[2..].Split('/').Aggregate(_document, (element, key) => element.TryGetProperty(key, out JsonElement child) ? child : default).ValueKind));
    }

    [Fact]
    public void Document_ReadByTheLibrary_HasNoFault()
    {
        Microsoft.OpenApi.Reader.ReadResult read = Microsoft.OpenApi.OpenApiDocument.Parse(_document.GetRawText(), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => _server.Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(ApiPaths.Root, StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Descend(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(child => Descend(child.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Descend),
        _ => [],
    };
}
