using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Jobs;

/// <summary>Generated JSON code for jobs, results and requests. Floating-point numbers are read back to the bit, NaN and infinities included.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = [typeof(PlanJsonConverter), typeof(SchemeJsonConverter)])]
[JsonSerializable(typeof(SweepSpec))]
[JsonSerializable(typeof(SweepBundle))]
[JsonSerializable(typeof(BundleContent))]
[JsonSerializable(typeof(JobPayloads.Coordinate), TypeInfoPropertyName = "CoordinatePayload")]
[JsonSerializable(typeof(JobPayloads.Layer), TypeInfoPropertyName = "LayerPayload")]
[JsonSerializable(typeof(JobPayloads.Probe), TypeInfoPropertyName = "ProbePayload")]
[JsonSerializable(typeof(JobPayloads.Trial), TypeInfoPropertyName = "TrialPayload")]
[JsonSerializable(typeof(JobResults.Coordinate), TypeInfoPropertyName = "CoordinateResult")]
[JsonSerializable(typeof(JobResults.Layer), TypeInfoPropertyName = "LayerResult")]
[JsonSerializable(typeof(JobResults.Probe), TypeInfoPropertyName = "ProbeResult")]
[JsonSerializable(typeof(JobResults.Trial), TypeInfoPropertyName = "TrialResult")]
internal sealed partial class EngineJson : JsonSerializerContext
{
    /// <summary>Reads JSON that this program wrote.</summary>
    /// <exception cref="BadInputException">It is none of this form: another version wrote it.</exception>
    internal static T Read<T>(string json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("Found null.");
        }
        catch (JsonException error)
        {
            throw new BadInputException($"stored {typeof(T).Name}: found text that this program cannot read ({error.Message}).", error);
        }
    }
}
