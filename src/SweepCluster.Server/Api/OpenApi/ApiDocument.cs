using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using SweepCluster.Engine.Sessions;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api.Contracts;

namespace SweepCluster.Server.Api.OpenApi;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    private const string Bearer = "bearer";

    private static readonly Dictionary<Type, string> s_examples = new()
    {
        [typeof(ChangeRequest)] = """{"phase":"paused"}""",
        [typeof(ExportRequest)] = """{"maxDrop":2}""",
        [typeof(SubmitRequest)] = """
            {"spec":"model: Net.mlpackage\ndata: {path: test.npz}\nschemes: [{palettize: {nbits: [4, 6]}}]\n","name":"net.yaml",
             "files":[{"path":"Net.mlpackage/Manifest.json","parts":["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]}],"settings":["samples.choice=500"],"priority":1}
            """,
    };

    internal static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => $"/{description.RelativePath}".StartsWith(ApiPaths.Root, StringComparison.Ordinal);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (s_examples.TryGetValue(context.JsonTypeInfo.Type, out string? example))
            {
                schema.Examples = [JsonNode.Parse(example)!];
            }

            return Task.CompletedTask;
        });
    });

    internal static void Map(WebApplication server) => RequiredScope.On(server.MapOpenApi(ApiPaths.OpenApi), null);

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "SweepCluster",
            Version = SweepModel.Version,
            Description = "Finds which compression of which layer a trained network can bear. Explained, with examples, in docs/api.md.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A token of the server's file of tokens, or one that the sign-in service issued. Needed everywhere but on a loopback address.",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        document.Tags = new HashSet<OpenApiTag>();
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Tags = null;
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequiredScope>().LastOrDefault() is { Scope: { } scope })
        {
            operation.Description = $"Needs the scope {scope.ToString().ToLowerInvariant()}.";
        }

        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            ParameterRules.Apply(parameter);
        }

        foreach (HeaderParameter header in metadata.OfType<HeaderParameter>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = header.MaxLength },
            });
        }

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
        }
    }
}
