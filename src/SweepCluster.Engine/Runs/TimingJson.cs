using System.Text.Json.Serialization;

namespace SweepCluster.Engine.Runs;

/// <summary>How timings are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Timing))]
internal sealed partial class TimingJson : JsonSerializerContext;
