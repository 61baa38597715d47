using System.Text.Json.Serialization;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Json;

/// <summary>Generated readers and writers of <c>report.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(OrdinalDictionaryConverter<string>), typeof(OrdinalDictionaryConverter<Estimate>)])]
[JsonSerializable(typeof(SweepSummary))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
