using System.Text.Json;
using System.Text.Json.Serialization;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api;

/// <summary>The API's JSON: names in camel case, nothing unknown or twice, NaN and infinities as strings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, MaxDepth = 16)]
[JsonSerializable(typeof(Page<SweepResource>))]
[JsonSerializable(typeof(Page<TrialResource>))]
[JsonSerializable(typeof(Page<SensitivityResource>))]
[JsonSerializable(typeof(Page<EventResource>))]
[JsonSerializable(typeof(Page<SiloResource>))]
[JsonSerializable(typeof(SweepResource))]
[JsonSerializable(typeof(ProgressResource))]
[JsonSerializable(typeof(FrontierResource))]
[JsonSerializable(typeof(EndResource))]
[JsonSerializable(typeof(ChangeResource))]
[JsonSerializable(typeof(TrialResource))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(SubmissionResource))]
[JsonSerializable(typeof(ChangeRequest))]
[JsonSerializable(typeof(RemovalResource))]
[JsonSerializable(typeof(CountResource))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(ExportResource))]
[JsonSerializable(typeof(BlobResource))]
[JsonSerializable(typeof(ProblemResource))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>How the API calls a value of a closed set: <c>attemptFailed</c>.</summary>
    internal static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Gives a server's JSON these rules.</summary>
    internal static void Apply(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
        options.MaxDepth = 16;
    }
}
