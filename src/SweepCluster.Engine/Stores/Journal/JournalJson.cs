using System.Text.Json.Serialization;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Generated JSON code for the journal's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(SweepRecord))]
[JsonSerializable(typeof(SweepControl))]
internal sealed partial class JournalJson : JsonSerializerContext;
