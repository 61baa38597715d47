using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server.Api.Sweeps;

namespace SweepCluster.Server.Api.OpenApi;

/// <summary>What each parameter of the API means and may be. A name means the same everywhere.</summary>
internal static class ParameterRules
{
    private static readonly Dictionary<string, (string Description, Action<OpenApiSchema>? Rule, JsonNode? Example)> s_rules = new(StringComparer.Ordinal)
    {
        ["id"] = ("The sweep's id, or enough first digits of it.", schema => schema.Pattern = "^[0-9a-f]{1,16}$", "3f2a9c"),
        ["trial"] = ("The trial's id, enough first digits of it, or its label.", schema => (schema.MinLength, schema.MaxLength) = (1, 300), "mixed-04"),
        ["sha256"] = ("SHA-256 of the part.", schema => schema.Pattern = "^[0-9a-f]{64}$", new string('0', 64)),
        ["limit"] = ("At most so many items.", schema =>
        {
            schema.Minimum = "1";
            schema.Maximum = PageLimits.Most.ToString(CultureInfo.InvariantCulture);
            schema.Default = JsonValue.Create(PageLimits.Usual);
        }, null),
        ["after"] = ("The value of 'next' of the page before; none: the first page.", null, null),
        ["phase"] = ("Sweeps of this phase alone.", schema => schema.Enum = [.. SweepListing.Phases.Select(phase => (JsonNode)phase)], null),
        ["name"] = ("Sweeps of this name alone.", null, null),
        ["where"] = ("A filter, as 'size<300KB and top1>=86 and kind=mixed': the language of 'sweep trials --where'.", schema => schema.MaxLength = 2_000, "frontier and drop<1"),
        ["sort"] = ("drop, size, ratio, label, kind, proposed, or a metric; with - before it the greatest first. None: the best first.", null, "-ratio"),
        ["data"] = ("Whether the data comes too, which only measuring anew needs.", null, null),
    };

    /// <summary>Describes a parameter.</summary>
    internal static void Apply(OpenApiParameter parameter)
    {
        if (parameter.Name is null || !s_rules.TryGetValue(parameter.Name, out (string Description, Action<OpenApiSchema>? Rule, JsonNode? Example) rule))
        {
            throw new InvalidOperationException($"The API's parameter '{parameter.Name}' is not described.");
        }

        parameter.Description = rule.Description;
        if (rule.Example is not null)
        {
            parameter.Example = rule.Example.DeepClone();
        }

        if (parameter.Schema is OpenApiSchema schema)
        {
            rule.Rule?.Invoke(schema);
            if (schema.Type is { } type && (type & JsonSchemaType.Integer) != 0)
            {
                schema.Type = JsonSchemaType.Integer; // it is no text over the line, though JSON would take one
                schema.Pattern = null;
            }
        }
    }
}
